import type { ReasonCode } from '../../../src/core/errors.ts';
import { judgeStanding, type Standing } from '../../../src/core/plan/judge-standing.ts';
import type { Pending } from '../../../src/core/plan/link.ts';
import { OPERATION_KINDS, type Operation, type OperationKind } from '../../../src/core/plan/operation.ts';
import { aList, anOperation, aPending, RUN_START } from '../../support/plan.ts';

const FINGERPRINT = 'fingerprint-1';
const CHANGING = OPERATION_KINDS.filter((kind) => kind !== 'none' && kind !== 'skip');
const HASHES = { same: 'hash-1', other: 'hash-2' } as const;

/** An operation that protection would look at, whatever its kind. */
function planned(kind: OperationKind, hash: string): Operation {
  const lists = { add: [], remove: [aList('Sales')] };
  return anOperation({ kind, hash, fields: [{ field: 'note', after: 'new' }], lists, overwrites: true });
}

function decided(kind: 'approved' | 'rejected'): Pick<Pending, 'decision'> {
  return { decision: { kind, operationHash: HASHES.same, runId: 'run-1', at: RUN_START } };
}

const APPROVED: Standing = { kind: 'approved' };
const held = (reason: ReasonCode): Standing => ({ kind: 'stays', outcome: 'held', reason });

describe('judgeStanding', () => {
  it.each(OPERATION_KINDS)('judges "%s" like any other when nothing waits', (kind) => {
    expect(judgeStanding(planned(kind, HASHES.same), undefined, FINGERPRINT)).toBeUndefined();
  });

  const eachPending = (['held', 'failed', 'rejected', 'skipped'] as const).flatMap((outcome) =>
    [{}, decided('approved'), decided('rejected')].map((decision) => aPending({ outcome, ...decision })),
  );

  it.each(eachPending)('has nothing to say of somebody for whom nothing is to be done: %j', (pending) => {
    for (const hash of Object.values(HASHES)) {
      expect(judgeStanding(planned('none', hash), pending, FINGERPRINT)).toBeUndefined();
      expect(judgeStanding(planned('skip', hash), pending, FINGERPRINT)).toBeUndefined();
    }
  });

  describe.each(CHANGING)('of the operation "%s"', (kind) => {
    const removal = kind === 'remove';

    it.each<[string, Partial<Pending>, keyof typeof HASHES, Standing | undefined]>([
      ['approved', decided('approved'), 'same', APPROVED],
      ['approved', decided('approved'), 'other', removal ? held('stale-plan') : undefined],
      ['rejected', decided('rejected'), 'same', { kind: 'stays', outcome: 'skipped', reason: 'held-removal' }],
      ['rejected', decided('rejected'), 'other', undefined],
      ['held as a removal', {}, 'same', removal ? held('held-removal') : undefined],
      ['held as a removal', {}, 'other', removal ? held('held-removal') : undefined],
      ['held as a change', { reason: 'held-change' }, 'same', removal ? undefined : held('held-change')],
      ['held as a change', { reason: 'held-change' }, 'other', removal ? undefined : held('held-change')],
      ['approved and stale', { reason: 'stale-plan' }, 'same', held('stale-plan')],
      ['approved and stale', { reason: 'stale-plan' }, 'other', held('stale-plan')],
      ['held for what is no mass change', { reason: 'grace' }, 'same', undefined],
      ['failed', { outcome: 'failed' }, 'same', undefined],
      ['failed, though approved', { outcome: 'failed', ...decided('approved') }, 'same', { kind: 'approved' }],
      ['failed, though approved', { outcome: 'failed', ...decided('approved') }, 'other', undefined],
      ['left out', { outcome: 'skipped' }, 'same', undefined],
    ])('%s: %j, the %s operation', (_name, pending, hash, standing) => {
      expect(judgeStanding(planned(kind, HASHES[hash]), aPending(pending), FINGERPRINT)).toEqual(standing);
    });

    it.each([
      ['the same', HASHES.same, FINGERPRINT, true],
      ['another operation', HASHES.other, FINGERPRINT, false],
      ['another configuration', HASHES.same, 'fingerprint-2', false],
    ])('stays refused by MessageMedia for %s: %s, %s', (_name, hash, fingerprint, stays) => {
      const pending = aPending({ outcome: 'rejected', reason: 'invalid-value' });

      const standing = judgeStanding(planned(kind, hash), pending, fingerprint);

      expect(standing).toEqual(stays ? { kind: 'stays', outcome: 'rejected', reason: 'invalid-value' } : undefined);
    });
  });

  it.each<[string, ReasonCode]>([
    ['a change', 'held-change'],
    ['a stale approval', 'stale-plan'],
  ])('lets go of %s when the operation no longer takes or overwrites anything', (_name, reason) => {
    const harmless = anOperation({ kind: 'move', lists: { add: [aList('Support')], remove: [] } });

    expect(judgeStanding(harmless, aPending({ reason }), FINGERPRINT)).toBeUndefined();
  });

  it('lets go of what was approved when it has become something harmless', () => {
    const harmless = anOperation({ kind: 'move', hash: HASHES.other });

    expect(judgeStanding(harmless, aPending(decided('approved')), FINGERPRINT)).toBeUndefined();
  });
});
