import type { ReasonCode } from '../../../src/core/errors.ts';
import { judgeStanding, type Standing } from '../../../src/core/plan/judge-standing.ts';
import type { Pending } from '../../../src/core/plan/link.ts';
import { OPERATION_KINDS, type Operation, type OperationKind } from '../../../src/core/plan/operation.ts';
import type { HeldBy } from '../../../src/core/plan/protect.ts';
import { aList, anOperation, aPending, RUN_START } from '../../support/plan.ts';

const HOUR_MS = 3_600_000;
const RUN = { fingerprint: 'fingerprint-1', now: RUN_START + HOUR_MS, holdMs: 72 * HOUR_MS };
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
    expect(judgeStanding(planned(kind, HASHES.same), undefined, RUN)).toBeUndefined();
  });

  const eachPending = (['held', 'failed', 'rejected', 'skipped'] as const).flatMap((outcome) =>
    [{}, decided('approved'), decided('rejected')].map((decision) => aPending({ outcome, ...decision })),
  );

  it.each(eachPending)('has nothing to say of somebody for whom nothing is to be done: %j', (pending) => {
    for (const hash of Object.values(HASHES)) {
      expect(judgeStanding(planned('none', hash), pending, RUN)).toBeUndefined();
      expect(judgeStanding(planned('skip', hash), pending, RUN)).toBeUndefined();
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
      ['waiting for the end of a grace', { outcome: 'skipped', reason: 'grace' }, 'same', undefined],
      ['failed', { outcome: 'failed' }, 'same', undefined],
      ['failed, though approved', { outcome: 'failed', ...decided('approved') }, 'same', { kind: 'approved' }],
      ['failed, though approved', { outcome: 'failed', ...decided('approved') }, 'other', undefined],
      ['left out', { outcome: 'skipped' }, 'same', undefined],
    ])('%s: %j, the %s operation', (_name, pending, hash, standing) => {
      expect(judgeStanding(planned(kind, HASHES[hash]), aPending(pending), RUN)).toStrictEqual(standing);
    });

    it.each([
      ['the same contact', 'wish-1', { kind: 'stays', outcome: 'skipped', reason: 'held-change' }],
      ['another contact', 'wish-2', undefined],
      ['none', undefined, undefined],
    ])('of somebody who was not to have a contact, where it asks for %s', (_name, wish, standing) => {
      const pending = aPending({ reason: 'held-change', wish: 'wish-1', ...decided('rejected') });
      const operation = { ...planned(kind, HASHES.other), ...(wish === undefined ? {} : { wish }) };

      expect(judgeStanding(operation, pending, RUN)).toStrictEqual(standing);
    });

    it('is not decided by an approval of another operation to the same end', () => {
      const pending = aPending({ reason: 'held-change', wish: 'wish-1', ...decided('approved') });

      const standing = judgeStanding({ ...planned(kind, HASHES.other), wish: 'wish-1' }, pending, RUN);

      expect(standing).toStrictEqual(removal ? undefined : held('stale-plan'));
    });

    it('is tried again when only a list was missing', () => {
      const pending = aPending({ outcome: 'rejected', reason: 'invalid-value', missesList: true });

      expect(judgeStanding(planned(kind, HASHES.same), pending, RUN)).toBeUndefined();
    });

    it.each([
      ['the same', HASHES.same, RUN.fingerprint, true],
      ['another operation', HASHES.other, RUN.fingerprint, false],
      ['another configuration', HASHES.same, 'fingerprint-2', false],
    ])('stays refused by MessageMedia for %s: %s, %s', (_name, hash, fingerprint, stays) => {
      const pending = aPending({ outcome: 'rejected', reason: 'invalid-value' });

      const standing = judgeStanding(planned(kind, hash), pending, { ...RUN, fingerprint });

      expect(standing).toEqual(stays ? { kind: 'stays', outcome: 'rejected', reason: 'invalid-value' } : undefined);
    });
  });

  it.each<[string, ReasonCode]>([
    ['a change', 'held-change'],
    ['a stale approval', 'stale-plan'],
  ])('lets go of %s when the operation no longer takes or overwrites anything', (_name, reason) => {
    const harmless = anOperation({ kind: 'move', lists: { add: [aList('Support')], remove: [] } });

    expect(judgeStanding(harmless, aPending({ reason }), RUN)).toBeUndefined();
  });

  it('lets go of what was approved when it has become something harmless', () => {
    const harmless = anOperation({ kind: 'move', hash: HASHES.other });

    expect(judgeStanding(harmless, aPending(decided('approved')), RUN)).toBeUndefined();
  });

  const leaving = { add: [], remove: [aList('Sales')] };
  const renamed = [{ field: 'note', before: 'old', after: 'new' }];
  const emptied = [{ field: 'note', before: 'old', after: '' }];

  it.each<[string, HeldBy, Partial<Operation>, boolean]>([
    ['of a list, still leaving it', { rule: 'list-share', list: aList('Sales') }, { lists: leaving }, true],
    ['of a list, leaving another', { rule: 'list-share', list: aList('Support') }, { lists: leaving }, false],
    ['of a list, back on it and renamed', { rule: 'list-emptied', list: aList('Sales') }, { fields: renamed }, false],
    [
      'of a list that would be empty, moving off it',
      { rule: 'list-emptied', list: aList('Sales') },
      { lists: leaving },
      true,
    ],
    ['of a list that nobody named', { rule: 'list-share' }, { lists: leaving }, false],
    ['of updates, updated otherwise', { rule: 'update-share' }, { fields: emptied }, true],
    ['of updates, only moving now', { rule: 'update-share' }, { kind: 'move', lists: leaving }, false],
    ['of a cleared field, still cleared', { rule: 'field-clears', field: 'note' }, { fields: emptied }, true],
    ['of a cleared field, filled again', { rule: 'field-clears', field: 'note' }, { fields: renamed }, false],
    ['of a cleared field that nobody named', { rule: 'field-clears' }, { fields: emptied }, false],
    ['of removals, leaving otherwise', { rule: 'max-removals' }, { kind: 'remove' }, true],
    ['of removals, back and renamed', { rule: 'removal-share' }, { fields: renamed }, false],
    ['of a reading that was not believed', { rule: 'count-deviation' }, { kind: 'remove' }, true],
    ['of somebody to be kept', { rule: 'empty-directory' }, { kind: 'remove', action: 'keep' }, true],
    ['of the first plan, whatever it is', { rule: 'first-run' }, { kind: 'create' }, true],
  ])('keeps a hold %s only as long as its reason is there', (_name, heldBy, operation, stays) => {
    const pending = aPending({ reason: operation.kind === 'remove' ? 'held-removal' : 'held-change', heldBy });

    const standing = judgeStanding(anOperation({ hash: HASHES.other, ...operation }), pending, RUN);

    expect(standing === undefined ? undefined : 'heldBy' in standing && standing.heldBy).toEqual(
      stays ? heldBy : undefined,
    );
  });

  it.each([
    [71, undefined],
    [72, true],
  ])('announces a hold afresh when nobody has decided for %i hours: %s', (hours, renewed) => {
    const pending = aPending({ announcedAt: RUN_START + HOUR_MS - hours * HOUR_MS });

    const standing = judgeStanding(planned('remove', HASHES.same), pending, RUN);

    expect(standing).toMatchObject({ kind: 'stays', outcome: 'held' });
    expect((standing as { renewed?: true }).renewed).toBe(renewed);
  });

  it('goes by when somebody began to be held where no announcement was written down', () => {
    const pending = aPending({ since: RUN_START - 80 * HOUR_MS });

    expect(judgeStanding(planned('remove', HASHES.same), pending, RUN)).toMatchObject({ renewed: true });
  });
});
