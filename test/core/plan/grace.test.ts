import type { Pending } from '../../../src/core/plan/link.ts';
import type { Operation } from '../../../src/core/plan/operation.ts';
import { graceUntil } from '../../../src/core/plan/grace.ts';
import { aConfig } from '../../support/people.ts';
import { anOperation, aPending, RUN_START } from '../../support/plan.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOW = RUN_START;

const { leavers } = aConfig();
const LEAVERS = { ...leavers, disabled: { action: 'remove-from-lists', afterDays: 30 } } as const;

function aRemoval(changes: Partial<Operation> = {}): Operation {
  return anOperation({ kind: 'remove', cause: 'disabled', action: 'remove-from-lists', ...changes });
}

function graced(daysAgo: number, changes: Partial<Pending> = {}): Pending {
  return aPending({
    outcome: 'skipped',
    reason: 'grace',
    cause: 'disabled',
    since: NOW - daysAgo * DAY_MS,
    ...changes,
  });
}

describe('graceUntil', () => {
  it.each<[string, Operation, Pending | undefined, number | undefined]>([
    ['seen for the first time', aRemoval(), undefined, 30],
    ['seen ten days ago', aRemoval(), graced(10), 20],
    ['seen thirty days ago', aRemoval(), graced(30), undefined],
    ['whose cause is another one now', aRemoval(), graced(29, { cause: 'outOfScope' }), 30],
    ['who failed before', aRemoval(), aPending({ outcome: 'failed', reason: 'service-unavailable' }), 30],
    ['whose cause has no grace', aRemoval({ cause: 'deleted' }), undefined, undefined],
    ['who left before, for another action', aRemoval({ leftBefore: true }), undefined, undefined],
    ['who does not leave', anOperation({ cause: 'disabled' }), undefined, undefined],
    ['without a cause', anOperation({ kind: 'remove' }), undefined, undefined],
  ])('of somebody %s', (_name, operation, pending, days) => {
    expect(graceUntil(operation, pending, LEAVERS, NOW)).toBe(days === undefined ? undefined : NOW + days * DAY_MS);
  });

  const absent = aRemoval({ cause: 'deleted', absent: true });

  it('waits for a second run when the directory merely does not answer for somebody', () => {
    expect(graceUntil(absent, undefined, LEAVERS, NOW)).toBe(NOW + HOUR_MS);
  });

  it.each([
    ['a grace', graced(0, { cause: 'deleted', absent: true })],
    ['a hold', aPending({ absent: true })],
  ])('believes the second run after %s', (_name, pending) => {
    expect(graceUntil(absent, pending, LEAVERS, NOW)).toBeUndefined();
  });

  it('does not take an earlier failure for an earlier silence', () => {
    const pending = aPending({ outcome: 'failed', reason: 'service-unavailable' });

    expect(graceUntil(absent, pending, LEAVERS, NOW)).toBe(NOW + HOUR_MS);
  });

  it('counts the days of a grace from the first silence', () => {
    const patient = { ...LEAVERS, deleted: { action: 'delete', afterDays: 7 } } as const;

    expect(graceUntil(absent, undefined, patient, NOW)).toBe(NOW + 7 * DAY_MS);
    expect(graceUntil(absent, graced(6, { cause: 'deleted', absent: true }), patient, NOW)).toBe(NOW + DAY_MS);
    expect(graceUntil(absent, graced(7, { cause: 'deleted', absent: true }), patient, NOW)).toBeUndefined();
  });
});
