import type { PeopleStream } from '../ports.ts';
import type { SyncConfig } from './sync-config.ts';

/** A stream that the configuration asks for, under the name that its chain's links are kept by. */
export interface NamedStream {
  readonly name: string;
  readonly stream: PeopleStream;
}

/** What people are read from, in the order in which it is read. Mailboxes are named by number: an address is personal. */
export function streamsOf({ people }: Pick<SyncConfig, 'people'>): readonly NamedStream[] {
  return [
    { name: 'users', stream: 'users' },
    ...(people.orgContacts ? [{ name: 'orgContacts', stream: 'orgContacts' } as const] : []),
    ...people.mailboxContacts.map((stream, index) => ({ name: `mailbox-${index}`, stream })),
  ];
}
