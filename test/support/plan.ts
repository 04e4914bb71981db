import fc from 'fast-check';
import type { Link, Pending } from '../../src/core/plan/link.ts';
import type { ListRef, Operation } from '../../src/core/plan/operation.ts';
import { createTestDigest } from './test-digest.ts';

export const PERSON_ID = '00000000-0000-4000-8000-000000000001';
export const RUN_START = Date.UTC(2026, 0, 5, 6, 0, 0);

const digest = createTestDigest();
const NUMBER = '+61491570156';

/** A list as plans name it: by its normalised identity and the name people see. */
export function aList(name: string): ListRef {
  return { key: name.toLowerCase(), name };
}

/** An operation without a change; only what a test is about needs to be named. */
export function anOperation(changes: Partial<Operation> = {}): Operation {
  return {
    personId: PERSON_ID,
    department: 'Sales',
    kind: 'update',
    ownContact: true,
    fields: [],
    lists: { add: [], remove: [] },
    invalid: [],
    overwrites: false,
    doubt: false,
    hash: 'hash-1',
    ...changes,
  };
}

/** The link of somebody whose contact we created: one field, on the list Sales. */
export function aLink(changes: Partial<Link> = {}): Link {
  const phone = changes.phone ?? NUMBER;
  return {
    contactId: 'contact-1',
    created: true,
    phone,
    phoneKey: digest.pseudonym(phone),
    fields: { firstName: 'Ada' },
    lists: { sales: { id: 'list-1', name: 'Sales' } },
    ...changes,
  };
}

/** A held removal that nobody has decided on yet. */
export function aPending(changes: Partial<Pending> = {}): Pending {
  return {
    personId: PERSON_ID,
    department: 'Sales',
    outcome: 'held',
    reason: 'held-removal',
    operationHash: 'hash-1',
    runId: 'run-1',
    since: RUN_START,
    attempts: 0,
    fingerprint: 'fingerprint-1',
    ...changes,
  };
}

/** Field names as operations carry them, the phone number apart. */
export const someField = fc.constantFrom('firstName', 'lastName', 'note', 'custom:email', 'custom:floor');
export const someLists = fc.uniqueArray(fc.constantFrom('Sales', 'Support', 'Finance', 'Legal').map(aList), {
  selector: ({ key }) => key,
});
