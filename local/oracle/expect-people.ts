import type { LeaverCause, OracleConfig } from './oracle-config.ts';
import { readNumber } from './read-number.ts';

/** A user as the directory holds it. */
export type OracleUser = Readonly<Record<string, unknown>> & { readonly id: string };

export type LeftOutReason = 'disabled' | 'guest' | 'not-in-scope' | 'no-phone' | 'bad-phone' | 'not-mobile';

/** What one person's contact has to look like. */
export interface ExpectedContact {
  readonly personId: string;
  /** E.164. */
  readonly number: string;
  /** By the contact's own names, custom fields as `custom:<merge tag>`. What the directory leaves empty is not here: anything may stand there. */
  readonly fields: Readonly<Record<string, string>>;
  /** Display names of the lists. */
  readonly lists: readonly string[];
}

export type Expectation =
  | { readonly personId: string; readonly contact: ExpectedContact }
  | { readonly personId: string; readonly leftOut: LeftOutReason; readonly cause: LeaverCause };

const NATIVE_BY_TARGET: Readonly<Record<string, string>> = {
  first_name: 'firstName',
  last_name: 'lastName',
  alias: 'alias',
  country: 'country',
  state: 'state',
  location: 'location',
  note: 'note',
  date_of_birth: 'dateOfBirth',
  email: 'custom:email',
};

const MAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const MAX_MAIL_LENGTH = 255;

/** Derives for each live user, one by one, the contact they ought to have, or why they are left out. */
export function expectPeople(users: readonly OracleUser[], config: OracleConfig): readonly Expectation[] {
  return users.map((user) => expectPerson(user, config));
}

/** What two ways to write a list's or department's name have in common. */
export function foldName(name: string): string {
  return name.normalize('NFC').trim().replace(/\s+/g, ' ').toLowerCase().normalize('NFC');
}

/** The name of the list for a department. */
export function listFor(department: string, { listNames, listPrefix }: OracleConfig): string {
  const renamed = Object.entries(listNames).find(([name]) => foldName(name) === foldName(department))?.[1];
  return (listPrefix + (renamed ?? department)).normalize('NFC').trim();
}

function expectPerson(user: OracleUser, config: OracleConfig): Expectation {
  const personId = user.id;
  if (user['accountEnabled'] === false && !config.disabled) {
    return { personId, leftOut: 'disabled', cause: 'disabled' };
  }
  if (foldName(textAt(user, 'userType')) === 'guest' && !config.guests) {
    return { personId, leftOut: 'guest', cause: 'outOfScope' };
  }
  if (!meetsFilters(user, config)) return { personId, leftOut: 'not-in-scope', cause: 'outOfScope' };
  const source = sourcesOf('phone_number', config)[0];
  const reading = readNumber(source === undefined ? '' : textAt(user, source), user, config);
  if ('leftOut' in reading) return { personId, leftOut: reading.leftOut, cause: 'unreachable' };
  const { number } = reading;
  return { personId, contact: { personId, number, fields: fieldsOf(user, config), lists: listsOf(user, config) } };
}

function meetsFilters(user: OracleUser, { filters }: OracleConfig): boolean {
  return Object.entries(filters).every(([attribute, wanted]) => {
    const allowed = (Array.isArray(wanted) ? wanted : [wanted]).map((value) => foldName(String(value)));
    const given = textAt(user, attribute);
    // Nobody is disabled who is not said to be.
    const held = attribute === 'accountEnabled' && given === '' ? 'true' : given;
    return held !== '' && allowed.includes(foldName(held));
  });
}

function fieldsOf(user: OracleUser, config: OracleConfig): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [attribute, target] of Object.entries(config.mapping)) {
    if (target === 'contact_name') Object.assign(fields, nameOf(user, attribute));
    const field = NATIVE_BY_TARGET[target];
    const text = textAt(user, attribute);
    if (field === undefined || text === '') continue;
    if (target === 'email' && (!MAIL.test(text) || text.length > MAX_MAIL_LENGTH)) continue;
    fields[field] = target === 'date_of_birth' ? text.slice(0, 10) : text;
  }
  return fields;
}

/** The directory's own division of a display name where it has one; else the whole name is the first name. */
function nameOf(user: OracleUser, attribute: string): Record<string, string> {
  const tidy = (path: string): string => textAt(user, path).replace(/\s+/g, ' ');
  const [firstName, lastName] = [tidy('givenName'), tidy('surname')];
  if (attribute === 'displayName' && firstName + lastName !== '') return { firstName, lastName };
  const whole = tidy(attribute);
  return whole === '' ? {} : { firstName: whole, lastName: '' };
}

function listsOf(user: OracleUser, config: OracleConfig): string[] {
  const departments = sourcesOf('group', config).map((attribute) => textAt(user, attribute));
  return departments.filter((department) => department !== '').map((department) => listFor(department, config));
}

function sourcesOf(target: string, { mapping }: OracleConfig): string[] {
  return Object.keys(mapping).filter((attribute) => mapping[attribute] === target);
}

/** The text at `mail`, `businessPhones[0]` or `employeeOrgData.costCenter`, composed and trimmed; `''` when there is none. */
function textAt(user: OracleUser, path: string): string {
  const steps = path.replaceAll(/\[(\d+)\]/g, '.$1').split('.');
  const value = steps.reduce<unknown>(
    (held, step) => (typeof held === 'object' && held !== null ? (held as Record<string, unknown>)[step] : undefined),
    user,
  );
  const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isScalar ? String(value).normalize('NFC').trim() : '';
}
