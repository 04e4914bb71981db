import { FILTER_KEYS } from './schema-filter.ts';
import { MAPPING_RULE_KEYS } from './schema-mapping.ts';
import { CUSTOM_KEYS } from './schema-custom.ts';
import { Exclude, KINDS_KEYS, MAILBOX_KEYS, USERS_KEYS } from './schema-people.ts';
import { LEAVER_KEYS, Leavers, Lists, Phone, Protection, Retention } from './schema-policy.ts';
import { SYNC_KEYS } from './schema.ts';

export interface KnownKeys {
  readonly valid: readonly string[];
  /** Documented keys whose feature does not exist in this version. */
  readonly later: readonly string[];
}

const LATER_RULE_KEYS = ['owner', 'conflict', 'format'];
const LATER_SYNC_KEYS = ['reconcileSchedule', 'drift', 'unmatched'];

/** Where filters stand: the scope, and the conditions of mapping rules. */
export const FILTER_PLACE = /^sync\.filters|^sync\.mapping\[\d+\]\.when/;

const KEYS_BY_PATH: readonly (KnownKeys & { readonly path: RegExp })[] = [
  { path: /^$/, valid: ['sync', '$schema'], later: [] },
  { path: /^sync$/, valid: SYNC_KEYS, later: LATER_SYNC_KEYS },
  { path: /^sync\.people$/, valid: KINDS_KEYS, later: [] },
  { path: /^sync\.people\.users$/, valid: USERS_KEYS, later: [] },
  { path: /^sync\.people\.mailboxContacts\[/, valid: MAILBOX_KEYS, later: [] },
  { path: FILTER_PLACE, valid: FILTER_KEYS, later: [] },
  { path: /^sync\.mapping/, valid: MAPPING_RULE_KEYS, later: LATER_RULE_KEYS },
  { path: /^sync\.exclude$/, valid: Object.keys(Exclude.shape), later: [] },
  { path: /^sync\.custom\./, valid: CUSTOM_KEYS, later: [] },
  { path: /^sync\.phone$/, valid: Object.keys(Phone.shape), later: [] },
  { path: /^sync\.lists$/, valid: Object.keys(Lists.shape), later: [] },
  { path: /^sync\.leavers$/, valid: Object.keys(Leavers.shape), later: [] },
  { path: /^sync\.leavers\./, valid: LEAVER_KEYS, later: [] },
  { path: /^sync\.protection$/, valid: Object.keys(Protection.shape), later: [] },
  { path: /^sync\.retention$/, valid: Object.keys(Retention.shape), later: [] },
  { path: /^/, valid: [], later: [] },
];

const LATER_VALUES: readonly { readonly path: RegExp; readonly value: RegExp }[] = [
  { path: /^sync\.direction$/, value: /^bidirectional$/ },
  { path: /^sync\.source$/, value: /^messagemedia$/ },
  { path: /^sync\.target$/, value: /^entra-id$/ },
];

const ELSEWHERE: readonly { readonly path: RegExp; readonly value: string; readonly hint: string }[] = [
  {
    path: /^sync\.people\[/,
    value: 'mailboxContacts',
    hint: 'mailboxContacts need the object: {"users": {}, "mailboxContacts": [{"mailbox": …, "folder": …}]}',
  },
];

/** Where a value belongs that is right in itself, and wrong in this place. */
export function hintAt(path: string, value: unknown): string | undefined {
  return ELSEWHERE.find((one) => one.path.test(path) && one.value === value)?.hint;
}

/** The keys of the object at a path such as `sync.mapping[2]`, and those that a later version brings. */
export function knownKeysAt(path: string): KnownKeys {
  return KEYS_BY_PATH.find((keys) => keys.path.test(path)) as KnownKeys;
}

/** Whether a value is documented for the place at `path`, but its feature does not exist in this version. */
export function isLaterValue(path: string, value: unknown): boolean {
  return typeof value === 'string' && LATER_VALUES.some((later) => later.path.test(path) && later.value.test(value));
}
