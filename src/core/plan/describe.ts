import type { ReasonCode } from '../errors.ts';
import type { FinalOutcome } from './final-outcome.ts';
import { OPT_OUT_FIELD } from './operation.ts';
import type { FieldChange, Operation } from './operation.ts';

/** Each reason in one sentence; docs/operations.md tells cause and cure. */
export const REASON_WORDS: Readonly<Record<ReasonCode, string>> = {
  'not-in-scope': 'The filters leave this person out.',
  disabled: 'The account is disabled.',
  guest: 'The account is a guest, and guests are not synchronised.',
  excluded: 'The configuration excludes this person.',
  'no-phone': 'The directory has no phone number.',
  'bad-phone': 'The phone number cannot be read as an international number.',
  'not-mobile': 'The phone number is not a mobile number.',
  'duplicate-phone': 'Somebody else has this number; it comes here when it is let go.',
  'opted-out': 'The number has opted out of messages.',
  'held-removal': 'The removal is part of a mass change and waits for approval.',
  'held-change': 'The change is part of a mass change and waits for approval.',
  grace: 'The removal waits until the grace period is over.',
  'contact-conflict': 'The contact that has the number belongs to something else; it is not touched.',
  'invalid-value': 'A value of this person cannot be held on the other side.',
  'in-doubt': 'The answer to an earlier write was lost; it is looked up at the next try.',
  throttled: 'MessageMedia asked for a pause.',
  'service-unavailable': 'A service did not answer; the next try follows by itself.',
  'access-denied': 'The credentials were refused.',
  superseded: 'The configuration changed during the run.',
  'stale-plan': 'Approved, but something changed since: look at it again.',
  privileged: 'The directory protects this account from changes.',
  'on-premises': 'The account is mastered on premises.',
  frozen: 'Both sides keep changing a field; it is left alone for a day.',
};

const VERBS: Readonly<Record<Operation['kind'], string>> = {
  create: 'Create a contact',
  adopt: 'Adopt the existing contact',
  update: 'Update the contact',
  move: 'Change lists',
  remove: 'Take the leaver off',
  restore: 'Restore the contact',
  pull: 'Take over a value from the contact',
  none: 'Nothing to do',
  skip: 'Left out',
};

const REMOVAL_WORDS = {
  'remove-from-lists': 'Take off the managed lists',
  unsubscribe: 'Take off the managed lists and unsubscribe',
  delete: 'Delete the contact',
  keep: 'Keep as it is',
} as const;

const MESSAGING_NAMES: Readonly<Record<string, string>> = {
  phone: 'phone_number',
  [OPT_OUT_FIELD]: 'opt-out',
  firstName: 'first_name',
  lastName: 'last_name',
  dateOfBirth: 'date_of_birth',
};

/** A field of an operation under the name that the configuration's mapping uses. */
export function messagingName(field: string): string {
  return MESSAGING_NAMES[field] ?? field.replace(/^custom:/, '');
}

function listWords({ lists }: Operation): string {
  const names = (refs: Operation['lists']['add']): string => refs.map(({ name }) => `"${name}"`).join(', ');
  const add = lists.add.length > 0 ? `add to ${names(lists.add)}` : '';
  const remove = lists.remove.length > 0 ? `take off ${names(lists.remove)}` : '';
  return [add, remove].filter((part) => part !== '').join(', ');
}

/** No reason code tells a deleted account from one that the filters leave out: the cause does. */
function wordsFor(reason: ReasonCode, { cause }: Operation): string {
  return reason === 'not-in-scope' && cause === 'deleted' ? 'The account was deleted.' : REASON_WORDS[reason];
}

function verbOf({ kind, action, gone, repair }: Operation): string {
  if (kind === 'remove' && action !== undefined) return REMOVAL_WORDS[action];
  if (gone === true) return 'Make the contact anew that somebody deleted';
  return repair === true && kind !== 'restore' ? 'Put right what somebody changed in MessageMedia' : VERBS[kind];
}

/** The fields that change, by side. */
function setWords(fields: readonly FieldChange[]): string {
  const namesOf = (changes: readonly FieldChange[]): string =>
    changes.map(({ field }) => messagingName(field)).join(', ');
  const contact = namesOf(fields.filter(({ to }) => to === undefined));
  const directory = namesOf(fields.filter(({ to }) => to === 'directory'));
  return [contact === '' ? '' : `set ${contact}`, directory === '' ? '' : `write ${directory} to the directory`]
    .filter((part) => part !== '')
    .join('; ');
}

/** What differs on the two sides, by name. */
function leftAloneWords(reported: readonly FieldChange[]): string {
  const names = [...new Set(reported.map(({ field }) => messagingName(field)))];
  return `Left as somebody changed it in MessageMedia: ${names.join(', ')}.`;
}

/** One operation as a sentence without personal data: what, which fields and lists, and why not. */
export function describeOperation(operation: Operation, final: FinalOutcome | undefined): string {
  const { kind, fields, invalid, optedOut, reported = [] } = operation;
  const verb = verbOf(operation);
  const parts = [verb, setWords(fields), listWords(operation)].filter((part) => part !== '');
  const limits = invalid.map(({ field, limit }) => ` ${messagingName(field)} has to be ${limit}.`).join('');
  const reason = final?.reason ?? operation.reason;
  const unsubscribed = optedOut === true && kind !== 'skip' ? ' The number has opted out: it is unsubscribed.' : '';
  const why = reason === undefined ? '' : ` ${wordsFor(reason, operation)}`;
  const left = reported.length === 0 ? '' : ` ${leftAloneWords(reported)}`;
  return `${parts.join('; ')}.${why}${unsubscribed}${limits}${left}`;
}
