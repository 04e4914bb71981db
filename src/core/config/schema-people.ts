import { z } from 'zod';
import { foldText } from '../people/text.ts';
import { Text } from './schema-text.ts';

const Users = z
  .strictObject({
    guests: z
      .boolean()
      .default(false)
      .meta({ description: 'Whether guests are synchronised.', examples: [false] }),
    disabled: z
      .boolean()
      .default(false)
      .meta({ description: 'Whether people with a disabled account are synchronised.', examples: [false] }),
  })
  .meta({ description: 'Users of the directory.', examples: [{ guests: false, disabled: false }] });
export const USERS_KEYS = Object.keys(Users.shape);

const MailboxFolder = z.strictObject({
  mailbox: Text.meta({ description: 'Address or object id of the mailbox.', examples: ['reception@example.com'] }),
  folder: Text.meta({ description: 'Name or id of the folder of contacts.', examples: ['Contacts'] }),
});
export const MAILBOX_KEYS = Object.keys(MailboxFolder.shape);

/** Read twice, a folder's contacts would be people twice. */
function areDifferent(folders: readonly z.infer<typeof MailboxFolder>[]): boolean {
  const keys = folders.map(({ mailbox, folder }) => foldText(`${mailbox}\n${folder}`));
  return new Set(keys).size === keys.length;
}

const Kinds = z.strictObject({
  users: Users.prefault({}),
  orgContacts: z
    .strictObject({})
    .exactOptional()
    .meta({ description: 'Organisational contacts of the directory are read, too.', examples: [{}] }),
  mailboxContacts: z
    .array(MailboxFolder)
    .min(1)
    .refine(areDifferent, { error: 'each folder once' })
    .exactOptional()
    .meta({
      description: 'Contacts in folders of mailboxes are read, too.',
      examples: [[{ mailbox: 'reception@example.com', folder: 'Contacts' }]],
    }),
});
export const KINDS_KEYS = Object.keys(Kinds.shape);

export const People = z
  .union([
    z
      .array(z.enum(['users', 'orgContacts']))
      .min(1)
      .refine((kinds) => kinds.length === 0 || kinds.includes('users'), {
        error: 'users among them: they are always read',
      }),
    Kinds,
  ])
  .meta({
    description: 'The kinds of people that are read.',
    examples: [['users'], ['users', 'orgContacts'], { users: { guests: false, disabled: false } }],
  });
export type PeopleInput = z.infer<typeof People>;

const texts = (description: string, example: string) =>
  z
    .array(Text)
    .default([])
    .meta({ description, examples: [[example]] });

export const Exclude = z
  .strictObject({
    people: texts('Object ids or user principal names of people.', 'duty.manager@example.com'),
    phones: texts('Numbers, with their country code or of `phone.defaultCountry`.', '+61 491 570 156'),
    lists: texts('Names of lists as they are in MessageMedia.', 'Board'),
    contacts: texts('Ids of MessageMedia contacts.', '0f6d9c1e-2a4b-4c8d-9e10-1a2b3c4d5e6f'),
  })
  .meta({ description: 'Who and what is never touched, on either side. Wins over everything else.' });
