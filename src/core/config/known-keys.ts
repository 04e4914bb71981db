import { FILTER_KEYS } from './schema-filter.ts';
import { MAPPING_RULE_KEYS } from './schema-mapping.ts';
import { CUSTOM_KEYS } from './schema-custom.ts';
import { Exclude, KINDS_KEYS, MAILBOX_KEYS, USERS_KEYS } from './schema-people.ts';
import { LEAVER_KEYS, Leavers, Lists, Phone, Protection, Retention } from './schema-policy.ts';
import { SYNC_KEYS } from './schema.ts';

export interface KnownKeys {
  readonly valid: readonly string[];
}

/** Where filters stand: the scope, and the conditions of mapping rules. */
export const FILTER_PLACE = /^sync\.filters|^sync\.mapping\[\d+\]\.when/;

const KEYS_BY_PATH: readonly (KnownKeys & { readonly path: RegExp })[] = [
  { path: /^$/, valid: ['sync', '$schema'] },
  { path: /^sync$/, valid: SYNC_KEYS },
  { path: /^sync\.people$/, valid: KINDS_KEYS },
  { path: /^sync\.people\.users$/, valid: USERS_KEYS },
  { path: /^sync\.people\.mailboxContacts\[/, valid: MAILBOX_KEYS },
  { path: FILTER_PLACE, valid: FILTER_KEYS },
  { path: /^sync\.mapping/, valid: MAPPING_RULE_KEYS },
  { path: /^sync\.exclude$/, valid: Object.keys(Exclude.shape) },
  { path: /^sync\.custom\./, valid: CUSTOM_KEYS },
  { path: /^sync\.phone$/, valid: Object.keys(Phone.shape) },
  { path: /^sync\.lists$/, valid: Object.keys(Lists.shape) },
  { path: /^sync\.leavers$/, valid: Object.keys(Leavers.shape) },
  { path: /^sync\.leavers\./, valid: LEAVER_KEYS },
  { path: /^sync\.protection$/, valid: Object.keys(Protection.shape) },
  { path: /^sync\.retention$/, valid: Object.keys(Retention.shape) },
  { path: /^/, valid: [] },
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

/** The keys of the object at a path such as `sync.mapping[2]`. */
export function knownKeysAt(path: string): KnownKeys {
  return KEYS_BY_PATH.find((keys) => keys.path.test(path)) as KnownKeys;
}
