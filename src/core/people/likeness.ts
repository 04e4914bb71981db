import { readAttribute } from '../config/attributes.ts';
import type { SyncConfig } from '../config/sync-config.ts';
import type { Contact } from './contact.ts';
import type { Attributes } from './person.ts';
import { parsePhone } from './phone.ts';
import { collapseBlanks, foldText, scalarsOf } from './text.ts';

const NAMES = ['displayName'];
const MAILS = ['mail', 'userPrincipalName', 'otherMails'];
const PHONES = ['mobilePhone', 'businessPhones', 'faxNumber'];
const MAIL = /^\S+@\S+$/;

/** What a contact could be recognised by: its name, mails and numbers, each told apart from the others. */
export function traitsOfContact({ firstName, lastName, channels, customFields }: Contact): readonly string[] {
  const mails = customFields.map(({ value }) => value).filter((value) => MAIL.test(value.trim()));
  return traits(
    [`${firstName} ${lastName}`],
    mails,
    channels.map(({ channelId }) => channelId),
  );
}

/** The same of a person, by whatever names, mails and numbers the directory has. */
export function traitsOfPerson(attributes: Attributes, { phone }: Pick<SyncConfig, 'phone'>): readonly string[] {
  const textsAt = (paths: readonly string[]): readonly string[] =>
    paths.flatMap((path) => scalarsOf(readAttribute(attributes, path)).map(String));
  const whole = ['givenName', 'surname'].map((path) => textsAt([path])[0] ?? '').join(' ');
  const numbers = textsAt(PHONES).flatMap((text) => {
    const parsed = parsePhone(text, attributes, { ...phone, accept: 'possible' });
    return parsed.ok ? [parsed.e164] : [];
  });
  return traits([...textsAt(NAMES), whole], textsAt(MAILS), numbers);
}

function traits(names: readonly string[], mails: readonly string[], numbers: readonly string[]): readonly string[] {
  const told = (kind: string, texts: readonly string[]): readonly string[] =>
    texts
      .map((text) => collapseBlanks(foldText(text)))
      .filter((text) => text !== '')
      .map((text) => `${kind} ${text}`);
  return [...new Set([...told('name', names), ...told('mail', mails), ...told('phone', numbers)])];
}
