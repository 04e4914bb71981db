import type { Contact } from '../../src/core/people/contact.ts';
import type { AttributeValue, Person } from '../../src/core/people/person.ts';
import type { MappingRule, MessagingField, SyncConfig } from '../../src/core/config/sync-config.ts';
import { MARKER_TAG } from '../../src/core/people/matching.ts';

/** An invented, enabled member of Sales with an Australian mobile; only what a test is about needs to be named. */
export function aPerson(
  attributes: Readonly<Record<string, AttributeValue>> = {},
  identity: Partial<Pick<Person, 'id' | 'presence'>> = {},
): Person {
  return {
    id: '00000000-0000-4000-8000-000000000001',
    presence: 'present',
    ...identity,
    attributes: {
      accountEnabled: true,
      userType: 'Member',
      displayName: 'Ada Example',
      givenName: 'Ada',
      surname: 'Example',
      mail: 'ada@example.com',
      mobilePhone: '+61 491 570 156',
      department: 'Sales',
      usageLocation: 'AU',
      ...attributes,
    },
  };
}

/** One mapping rule with every default filled in. */
export function aRule(to: MessagingField, rule: Partial<Omit<MappingRule, 'to'>> = {}): MappingRule {
  return {
    to,
    fallback: [],
    transform: [],
    whenEmpty: 'keep',
    apply: 'always',
    owner: 'directory',
    conflict: 'directory',
    format: 'keep',
    ...rule,
  };
}

/** The published sample without its filter, every default filled in. */
export function aConfig(changes: Partial<SyncConfig> = {}): SyncConfig {
  return {
    name: 'default',
    direction: 'one-way',
    source: 'entra-id',
    target: 'messagemedia',
    schedule: '0 6 * * *',
    fullSchedule: '0 6 * * 0',
    timeZone: 'UTC',
    people: { users: { guests: false, disabled: false }, orgContacts: false, mailboxContacts: [] },
    mapping: [
      aRule('contact_name', { from: 'displayName' }),
      aRule('phone_number', { from: 'mobilePhone' }),
      aRule('email', { from: 'mail' }),
      aRule('group', { from: 'department' }),
    ],
    filters: { all: [] },
    exclude: { people: [], phones: [], lists: [], contacts: [] },
    custom: {},
    phone: { accept: 'mobile' },
    lists: { create: true, prefix: '', names: {} },
    drift: 'repair',
    unmatched: 'report',
    leavers: {
      deleted: { action: 'remove-from-lists', afterDays: 0 },
      disabled: { action: 'remove-from-lists', afterDays: 0 },
      outOfScope: { action: 'remove-from-lists', afterDays: 0 },
      unreachable: { action: 'remove-from-lists', afterDays: 0 },
    },
    protection: {
      maxRemovals: 200,
      maxRemovalShare: 0.2,
      perListShare: 0.1,
      floor: 10,
      maxUpdateShare: 0.5,
      firstRun: 'apply',
      canaries: [],
      holdHours: 72,
    },
    optedOut: 'unsubscribed',
    retention: { runsDays: 90 },
    ...changes,
  };
}

/** A contact as MessageMedia answers it, with one SMS number; `marker` is the person it says it belongs to. */
export function aContact({
  number = '+61491570156',
  marker,
  ...changes
}: Partial<Contact> & { readonly number?: string; readonly marker?: string } = {}): Contact {
  return {
    id: 'contact-1',
    accountId: 'account-1',
    firstName: '',
    lastName: '',
    alias: '',
    country: '',
    state: '',
    location: '',
    note: '',
    channels: [{ channelId: number, type: 'SMS' }],
    customFields: marker === undefined ? [] : [{ id: 'field-1', mergeTag: MARKER_TAG, value: marker }],
    lists: [],
    ...changes,
  };
}
