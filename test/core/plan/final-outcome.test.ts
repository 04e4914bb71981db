import fc from 'fast-check';
import { REASON_CODES, type ReasonCode } from '../../../src/core/errors.ts';
import {
  isDoubtful,
  outcomeOfPlan,
  pendingAfter,
  retryDelay,
  type FinalOutcome,
} from '../../../src/core/plan/final-outcome.ts';
import type { Pending } from '../../../src/core/plan/link.ts';
import { OPERATION_KINDS, OUTCOMES, type Operation, type Outcome } from '../../../src/core/plan/operation.ts';
import { aLink, anOperation, aPending, RUN_START } from '../../support/plan.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const NOW = RUN_START + 7 * DAY_MS;
const RUN = { runId: 'run-2', fingerprint: 'fingerprint-2', now: NOW };

function after(final: FinalOutcome, before?: Pending, planned: Partial<Operation> = {}): Pending | undefined {
  return pendingAfter(anOperation(planned), final, before, RUN);
}

describe('outcomeOfPlan', () => {
  const invalid = [{ field: 'note', limit: 'at most 512 characters' }];

  it.each(OPERATION_KINDS.filter((kind) => kind !== 'none' && kind !== 'skip'))(
    'leaves "%s" to be acted on',
    (kind) => {
      expect(outcomeOfPlan(anOperation({ kind, reason: 'disabled', invalid }))).toBeUndefined();
    },
  );

  it('is unchanged when nothing is to be done', () => {
    expect(outcomeOfPlan(anOperation({ kind: 'none' }))).toEqual({ outcome: 'unchanged' });
  });

  it('rejects what the contact cannot hold even when nothing else is to be done', () => {
    expect(outcomeOfPlan(anOperation({ kind: 'none', invalid }))).toEqual({
      outcome: 'rejected',
      reason: 'invalid-value',
    });
  });

  it.each<[ReasonCode, Outcome]>([
    ['guest', 'skipped'],
    ['no-phone', 'skipped'],
    ['duplicate-phone', 'skipped'],
    ['contact-conflict', 'skipped'],
    ['service-unavailable', 'failed'],
  ])('ends somebody left out for %s as %s', (reason, outcome) => {
    expect(outcomeOfPlan(anOperation({ kind: 'skip', reason }))).toEqual({ outcome, reason });
  });
});

describe('retryDelay', () => {
  it.each([
    [0, HOUR_MS],
    [1, HOUR_MS],
    [2, 6 * HOUR_MS],
    [3, 12 * HOUR_MS],
    [4, DAY_MS],
    [5, DAY_MS],
    [5_000, DAY_MS],
  ])('after %d attempts is %d ms', (attempts, delayMs) => {
    expect(retryDelay(attempts)).toBe(delayMs);
  });
});

describe('pendingAfter', () => {
  it.each<FinalOutcome>([
    { outcome: 'done' },
    { outcome: 'unchanged' },
    { outcome: 'superseded', reason: 'superseded' },
    { outcome: 'skipped', reason: 'guest' },
    { outcome: 'skipped', reason: 'no-phone' },
    { outcome: 'skipped' },
    { outcome: 'held' },
    { outcome: 'done', reason: 'grace' },
    { outcome: 'unchanged', reason: 'grace' },
  ])('remembers nothing after %j', (final) => {
    expect(after(final, aPending())).toBeUndefined();
  });

  it('says who waits, for what and since when', () => {
    const operation = anOperation({ personId: 'ada', department: 'Support', hash: 'hash-9' });

    expect(pendingAfter(operation, { outcome: 'held', reason: 'held-change' }, undefined, RUN)).toStrictEqual({
      announcedAt: NOW,
      personId: 'ada',
      department: 'Support',
      outcome: 'held',
      reason: 'held-change',
      operationHash: 'hash-9',
      runId: 'run-2',
      since: NOW,
      attempts: 0,
      fingerprint: 'fingerprint-2',
    });
  });

  it.each<[FinalOutcome, number | undefined]>([
    [{ outcome: 'held', reason: 'held-removal' }, undefined],
    [{ outcome: 'rejected', reason: 'invalid-value' }, undefined],
    [{ outcome: 'rejected', reason: 'contact-conflict' }, undefined],
    [{ outcome: 'failed', reason: 'in-doubt' }, NOW + HOUR_MS],
    [{ outcome: 'skipped', reason: 'contact-conflict' }, NOW + DAY_MS],
    [{ outcome: 'skipped', reason: 'duplicate-phone' }, NOW + DAY_MS],
    [{ outcome: 'skipped', reason: 'duplicate-phone', waitsFor: 'key' }, undefined],
  ])('is due after %j at %j', (final, dueAt) => {
    expect(after(final)?.dueAt).toBe(dueAt);
  });

  it('names the number that somebody waits for', () => {
    expect(after({ outcome: 'skipped', reason: 'duplicate-phone', waitsFor: 'key' })?.waitsFor).toBe('key');
  });

  it('tries a failed person later each time, up to once a day', () => {
    const waits: number[] = [];
    let pending: Pending | undefined;
    for (let run = 0; run < 9; run += 1) {
      pending = after({ outcome: 'failed', reason: run % 2 === 0 ? 'in-doubt' : 'throttled' }, pending);
      waits.push((pending!.dueAt! - NOW) / HOUR_MS);
    }

    expect(waits).toEqual([1, 6, 12, 24, 24, 24, 24, 24, 24]);
  });

  it('begins the retries anew after anything but a failure', () => {
    const before = aPending({ outcome: 'skipped', reason: 'contact-conflict', attempts: 6 });

    expect(after({ outcome: 'failed', reason: 'throttled' }, before)).toMatchObject({ attempts: 1 });
  });

  it.each<[string, Partial<Pending>, number]>([
    ['the same', {}, RUN_START],
    ['another reason', { reason: 'stale-plan' }, NOW],
    ['another outcome', { outcome: 'rejected' }, NOW],
  ])('counts the time since the reason was first given: %s', (_name, before, since) => {
    expect(after({ outcome: 'held', reason: 'held-removal' }, aPending(before))?.since).toBe(since);
  });

  const decided = (kind: 'approved' | 'rejected', operationHash: string): NonNullable<Pending['decision']> => ({
    kind,
    operationHash,
    runId: 'run-1',
    at: RUN_START,
  });

  it('leaves the row of a rejected hold as it is, for exactly the operation that was rejected', () => {
    const before = aPending({ decision: decided('rejected', 'hash-1') });

    expect(after({ outcome: 'skipped', reason: 'held-removal' }, before)).toBe(before);
    expect(after({ outcome: 'held', reason: 'held-removal' }, before)?.decision).toBeUndefined();
    expect(after({ outcome: 'skipped', reason: 'held-removal' }, before, { hash: 'hash-2' })).toBeUndefined();
  });

  it('remembers under which numbers a contact has to be looked for whose change failed, until it is settled', () => {
    const lost = { kind: 'create', phone: '+61491570156', phoneKey: 'key-1' } as const;
    const tried = [{ phone: '+61491570156', phoneKey: 'key-1' }];
    const others = [{ phone: '+61491570157', phoneKey: 'key-2' }];
    const inDoubt = { outcome: 'failed', reason: 'in-doubt' } as const;
    const unavailable = { outcome: 'failed', reason: 'service-unavailable' } as const;

    expect(after(inDoubt, undefined, lost)?.tried).toEqual(tried);
    expect(after(inDoubt, aPending({ tried }), lost)?.tried).toEqual(tried);
    expect(after(inDoubt, aPending({ tried: others }), lost)?.tried).toEqual([...others, ...tried]);
    expect(after(unavailable, aPending({ tried: others }), lost)?.tried).toEqual([...others, ...tried]);
    expect(after(unavailable, undefined, { ...lost, kind: 'adopt' })?.tried).toEqual(tried);
    expect(after(unavailable, aPending({ tried: others }), { kind: 'skip' })?.tried).toEqual(others);
    expect(after(inDoubt, undefined, { ...lost, kind: 'restore' })?.tried).toEqual(tried);
    expect(after({ outcome: 'rejected', reason: 'invalid-value', repeated: true }, undefined, lost)?.tried).toEqual(
      tried,
    );
    expect(after({ outcome: 'rejected', reason: 'invalid-value' }, undefined, lost)?.tried).toBeUndefined();
    expect(after({ outcome: 'held', reason: 'held-change' }, aPending({ tried }), lost)?.tried).toBeUndefined();
    const unnoted = aLink();
    expect(after({ outcome: 'held', reason: 'held-change' }, aPending({ tried }), { unnoted })?.tried).toEqual(tried);
  });

  it.each<[FinalOutcome, true | undefined]>([
    [{ outcome: 'held', reason: 'held-change' }, true],
    [{ outcome: 'skipped', reason: 'duplicate-phone' }, true],
    [{ outcome: 'failed', reason: 'service-unavailable' }, true],
    [{ outcome: 'failed', reason: 'in-doubt' }, undefined],
    [{ outcome: 'rejected', reason: 'invalid-value', stored: true }, undefined],
  ])('remembers a doubt that nobody looked into: %j', (final, doubt) => {
    const tried = [{ phone: '+61491570156', phoneKey: 'key-1' }];
    const before = aPending({ reason: 'in-doubt', tried });

    expect(after(final, before, { doubt: true })?.doubt).toBe(doubt);
    expect(after(final, before, { doubt: true })?.tried).toEqual(tried);
    expect(after(final, before)?.doubt).toBeUndefined();
  });

  it('remembers with a doubt which lists the person may have been put on', () => {
    const lists = (...keys: string[]): Operation['lists'] => ({
      add: keys.map((key) => ({ key, name: key })),
      remove: [],
    });
    const inDoubt = { outcome: 'failed', reason: 'in-doubt' } as const;
    const held = { outcome: 'held', reason: 'held-change' } as const;
    const before = aPending({ reason: 'in-doubt', joins: lists('sales').add });

    expect(after(inDoubt, undefined, { lists: lists('sales') })?.joins).toEqual(lists('sales').add);
    expect(after(inDoubt, before, { lists: lists('sales', 'support') })?.joins).toEqual(lists('sales', 'support').add);
    expect(after(held, before, { lists: lists('support'), doubt: true })?.joins).toEqual(lists('sales').add);
    expect(after(held, before, { lists: lists('support') })?.joins).toBeUndefined();
    expect(after({ ...held, stored: true }, before, { doubt: true })?.joins).toBeUndefined();
  });

  it('remembers with a doubt which number was to go from the contact', () => {
    const stray = '+61491570156';
    const inDoubt = { outcome: 'failed', reason: 'in-doubt' } as const;
    const held = { outcome: 'held', reason: 'held-change' } as const;
    const before = aPending({ reason: 'in-doubt', stray });

    expect(after(inDoubt, undefined, { strayPhone: stray })?.stray).toBe(stray);
    expect(after(held, before, { doubt: true })?.stray).toBe(stray);
    expect(after({ ...held, stored: true }, before, { doubt: true })?.stray).toBeUndefined();
    expect(after(held, undefined, { strayPhone: stray })?.stray).toBeUndefined();
  });

  it('keeps the approval of what failed, for exactly the operation that was approved', () => {
    const decision = decided('approved', 'hash-1');

    expect(after({ outcome: 'failed', reason: 'service-unavailable' }, aPending({ decision }))).toMatchObject({
      decision,
    });
  });

  it.each<[Outcome, 'approved' | 'rejected', string]>([
    ['held', 'rejected', 'hash-2'],
    ['held', 'approved', 'hash-1'],
    ['rejected', 'rejected', 'hash-1'],
    ['failed', 'approved', 'hash-2'],
    ['failed', 'rejected', 'hash-1'],
  ])('when %s, forgets a decision "%s" on %s', (outcome, kind, hash) => {
    const pending = after({ outcome, reason: 'held-removal' }, aPending({ decision: decided(kind, hash) }));

    expect(pending).toBeDefined();
    expect(pending?.decision).toBeUndefined();
  });

  it('writes down everybody who was held, rejected or failed', () => {
    const waiting = fc.constantFrom(...OUTCOMES.filter((one) => ['held', 'rejected', 'failed'].includes(one)));
    fc.assert(
      fc.property(waiting, fc.constantFrom(...REASON_CODES), (outcome, reason) => {
        expect(after({ outcome, reason })).toMatchObject({ outcome, reason, operationHash: 'hash-1' });
      }),
    );
  });

  it('counts a grace from the first run that saw the same cause, and is due at its end', () => {
    const until = NOW + 5 * DAY_MS;
    const grace = { outcome: 'skipped', reason: 'grace', until } as const;
    const before = aPending({ outcome: 'skipped', reason: 'grace', cause: 'disabled' });

    expect(after(grace, undefined, { cause: 'disabled' })).toMatchObject({
      since: NOW,
      dueAt: until,
      cause: 'disabled',
    });
    expect(after(grace, before, { cause: 'disabled' })).toMatchObject({ since: RUN_START, dueAt: until });
    expect(after(grace, before, { cause: 'deleted' })).toMatchObject({ since: NOW, cause: 'deleted' });
  });

  it('remembers of whom nothing but silence was heard', () => {
    expect(after({ outcome: 'skipped', reason: 'grace', until: NOW }, undefined, { absent: true })?.absent).toBe(true);
    expect(after({ outcome: 'held', reason: 'held-removal' }, undefined, { absent: true })?.absent).toBe(true);
    expect(after({ outcome: 'held', reason: 'held-removal' })?.absent).toBeUndefined();
  });

  it('looks again at whoever has a field that thaws, or whom the directory shows late', () => {
    const done = { outcome: 'done' } as const;
    const frozen = { outcome: 'skipped', reason: 'frozen' } as const;

    expect(after(frozen, undefined, { frozenUntil: NOW + 2 })).toMatchObject({ reason: 'frozen', dueAt: NOW + 2 });
    expect(after(done, undefined, { frozenUntil: NOW + 2, echoUntil: NOW + 1 })).toMatchObject({
      outcome: 'skipped',
      reason: 'frozen',
      dueAt: NOW + 1,
      since: NOW,
    });
    const late = after({ outcome: 'unchanged' }, undefined, { echoUntil: NOW + 1 });
    expect(late).toMatchObject({ reason: 'service-unavailable', dueAt: NOW + 1, attempts: 0 });
    expect(after(done, { ...late!, since: RUN_START }, { echoUntil: NOW + 9 })?.since).toBe(RUN_START);
  });

  it('remembers that a look at the contact explains the operation', () => {
    expect(after({ outcome: 'held', reason: 'held-change' }, undefined, { repair: true })?.repair).toBe(true);
    expect(after({ outcome: 'held', reason: 'held-change' })?.repair).toBeUndefined();
  });

  it('remembers the rule that holds somebody, and when people were last told', () => {
    const heldBy = { rule: 'update-share' } as const;
    const held = { outcome: 'held', reason: 'held-change', heldBy } as const;
    const before = aPending({ reason: 'held-change', heldBy, announcedAt: RUN_START });

    expect(after(held)).toMatchObject({ heldBy, announcedAt: NOW });
    expect(after(held, before)).toMatchObject({ heldBy, announcedAt: RUN_START });
    expect(after({ ...held, renewed: true }, before)).toMatchObject({ heldBy, announcedAt: NOW });
    const failed = after({ outcome: 'failed', reason: 'throttled' }, before);
    expect(failed).not.toHaveProperty('heldBy');
    expect(failed).not.toHaveProperty('announcedAt');
  });

  it('remembers the contacts between which nobody can decide, where no number finds them', () => {
    const inDoubt = { outcome: 'skipped', reason: 'contact-conflict' } as const;
    const contactIds = ['c-1', 'c-2'];

    expect(after(inDoubt, undefined, { contactIds, byMarker: true })?.marked).toEqual(contactIds);
    expect(after(inDoubt, undefined, { contactIds })).not.toHaveProperty('marked');
  });

  it('remembers that only a list was missing', () => {
    const missing = { outcome: 'rejected', reason: 'invalid-value', missesList: true } as const;

    expect(after(missing)?.missesList).toBe(true);
    expect(after({ outcome: 'rejected', reason: 'invalid-value' })).not.toHaveProperty('missesList');
  });

  it('leaves what waits for people whom an approved plan left out as it is', () => {
    const before = aPending({ outcome: 'skipped', reason: 'duplicate-phone' });

    expect(after({ outcome: 'skipped', reason: 'stale-plan' }, before)).toBe(before);
    expect(after({ outcome: 'skipped', reason: 'stale-plan' })).toBeUndefined();
  });
});

describe('isDoubtful', () => {
  it.each<[string, Pending | undefined, boolean]>([
    ['nothing waits', undefined, false],
    ['something else is the reason', aPending(), false],
    ['an answer was lost', aPending({ reason: 'in-doubt' }), true],
    ['an answer was lost before the person was held', aPending({ doubt: true }), true],
  ])('when %s: %j', (_name, pending, expected) => {
    expect(isDoubtful(pending)).toBe(expected);
  });
});
