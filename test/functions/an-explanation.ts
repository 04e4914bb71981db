import type { PersonExplanation } from '../../src/core/run/explain-person.ts';
import { NOW } from './fake-services.ts';

export const PERSON = '11111111-2222-4333-8444-555555555555';
const OTHER = '66666666-7777-4888-8999-000000000000';
const NUMBER = '+61491570156';

/** Somebody invented who has everything that an explanation can tell of. */
export function anExplanation(changes: Partial<PersonExplanation> = {}): PersonExplanation {
  return {
    person: {
      id: PERSON,
      presence: 'present',
      attributes: {
        displayName: 'Robin Example',
        department: 'Sales',
        accountEnabled: true,
        mobilePhone: '0491 570 156',
        businessPhones: [NUMBER, ''],
        onPremisesExtensionAttributes: { extensionAttribute1: 'Robin’s secret', extensionAttribute2: null },
        manager: { id: OTHER },
        jobTitle: 'Baker',
      },
      manager: { displayName: 'Kim Example', department: 'Board' },
    },
    found: { directory: true, stored: true },
    scope: {
      inScope: true,
      clauses: [
        { path: 'presence', expected: 'in the directory', value: 'present', state: 'set', holds: true },
        { path: 'filters.all[0]', expected: 'department is Sales', value: 'Sales', state: 'set', holds: true },
        { path: 'filters.all[1]', expected: 'jobTitle is Baker', value: 'Baker', state: 'set', holds: true },
        { path: 'filters.all[2]', expected: 'member of a group', holds: 'unknown' },
      ],
    },
    mapping: [
      {
        to: 'contact_name',
        steps: [
          { what: 'from displayName', output: 'Robin Example', state: 'set' },
          { what: 'transform split', input: 'Robin Example', output: ['Robin', 'Example'] },
        ],
        value: { firstName: 'Robin', lastName: '' },
      },
      {
        to: 'phone_number',
        steps: [{ what: 'field phone_number', input: '0491 570 156', output: NUMBER }],
        value: { phone: NUMBER },
      },
      {
        to: 'group',
        when: [{ path: 'when', expected: 'jobTitle is Baker', value: 'Baker', holds: true }],
        steps: [
          { what: 'from extensionAttribute3', output: 'On-call', state: 'set' },
          { what: 'list', output: 'On-call team' },
        ],
        value: { list: 'On-call team' },
      },
      {
        to: 'note',
        steps: [{ what: 'constant', output: 'from the directory' }],
        value: { note: 'from the directory' },
      },
      { to: 'date_of_birth', steps: [], rejected: { field: 'dateOfBirth', limit: 'a date' } },
      { to: 'alias', steps: [], undecided: true },
    ],
    phone: {
      region: { code: 'AU', from: 'usageLocation' },
      steps: [],
      tried: [
        { input: 'Robin at home', reason: 'bad-phone' },
        { input: '0491 570 156', e164: NUMBER, country: 'AU', type: 'mobile' },
      ],
      e164: NUMBER,
    },
    match: { how: 'link', words: 'The person has this contact.', contactId: 'contact-1' },
    lists: [{ name: 'On-call team', because: 'mapping[2]: extensionAttribute3', joined: true }],
    contact: {
      contactId: 'contact-1',
      exists: true,
      numbers: [{ number: NUMBER, type: 'SMS', state: 'UNSUBSCRIBED' }],
      lists: ['On-call team'],
    },
    optOuts: [{ number: NUMBER, source: 'webhook', since: NOW }],
    pending: {
      outcome: 'held',
      reason: 'held-change',
      since: NOW,
      until: NOW + 1000,
      runId: 'run-1',
      words: 'It waits.',
      runbook: 'operations.md#approve-or-reject-a-hold',
      rule: 'update-share',
    },
    lastChanges: [{ runId: 'run-1', at: NOW, operation: 'create', outcome: 'done', words: 'Create a contact.' }],
    next: {
      personId: PERSON,
      department: 'sales',
      operation: 'update',
      outcome: 'held',
      reason: 'held-change',
      words: 'Update the contact.',
      fields: [{ field: 'first_name', before: 'Rob', after: 'Robin' }],
      lists: { add: [], remove: [] },
    },
    ...changes,
  };
}
