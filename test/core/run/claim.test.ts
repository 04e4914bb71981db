import { SyncError } from '../../../src/core/errors.ts';
import {
  CALL_TIMEOUT_MS,
  CLAIM_MS,
  guardClaim,
  isClaimLive,
  RENEW_BELOW_MS,
  waitForClaim,
  type ClaimGuard,
} from '../../../src/core/run/claim.ts';
import { RUN_START } from '../../support/plan.ts';
import { anEngine, type TestEngine } from '../../support/run.ts';

const UNTIL = RUN_START + CLAIM_MS;
const CLAIM = { nonce: 'nonce-1', until: UNTIL };

describe('isClaimLive', () => {
  it.each([
    ['before its end', UNTIL - 1, true],
    ['while a call of its worker may last', UNTIL + CALL_TIMEOUT_MS - 1, true],
    ['after that', UNTIL + CALL_TIMEOUT_MS, false],
  ])('%s', (_name, now, isLive) => {
    expect(isClaimLive(CLAIM, now)).toBe(isLive);
  });

  it('is false when there is none', () => {
    expect(isClaimLive(undefined, RUN_START)).toBe(false);
  });
});

describe('waitForClaim', () => {
  it.each([
    [RUN_START, CLAIM_MS + CALL_TIMEOUT_MS],
    [UNTIL, CALL_TIMEOUT_MS],
    [UNTIL + CALL_TIMEOUT_MS - 1, 1_000],
    [UNTIL + CALL_TIMEOUT_MS + 5_000, 1_000],
  ])('at %d waits %d ms', (now, waitMs) => {
    expect(waitForClaim(CLAIM, now)).toBe(waitMs);
  });

  it('waits until the claim is over', () => {
    expect(isClaimLive(CLAIM, RUN_START + waitForClaim(CLAIM, RUN_START))).toBe(false);
  });
});

describe('guardClaim', () => {
  function guarding(onRenew: () => Promise<void> = () => Promise.resolve()): {
    engine: TestEngine;
    guard: ClaimGuard;
    renewals: number[];
  } {
    const engine = anEngine();
    const renewals: number[] = [];
    const guard = guardClaim(engine, CLAIM, (until) => {
      renewals.push(until);
      return onRenew();
    });
    return { engine, guard, renewals };
  }
  const taken = (): Promise<never> => Promise.reject(new SyncError('claim-lost', 'Somebody took over.'));

  it('leaves a fresh claim alone', async () => {
    const { engine, guard, renewals } = guarding();
    await engine.clock.advance(CLAIM_MS - RENEW_BELOW_MS - 1);

    await guard.ensure();

    expect(renewals).toEqual([]);
  });

  it('renews when less is left than a call may take', async () => {
    const { engine, guard, renewals } = guarding();
    await engine.clock.advance(CLAIM_MS - RENEW_BELOW_MS);

    await guard.ensure();
    await guard.ensure();

    expect(renewals).toEqual([engine.clock.now() + CLAIM_MS]);
    expect(RENEW_BELOW_MS).toBeGreaterThan(CALL_TIMEOUT_MS);
  });

  it('renews once for everybody who waits for it', async () => {
    let finish = (): void => undefined;
    const { engine, guard, renewals } = guarding(() => new Promise((resolve) => (finish = resolve)));
    await engine.clock.advance(CLAIM_MS - 1);

    const callers = [guard.ensure(), guard.beforeAttempt('messagemedia'), guard.ensure()];
    const started = guard.calls();
    finish();
    await Promise.all(callers);

    expect(renewals).toHaveLength(1);
    expect(started.messagemedia).toBe(0);
    expect(guard.calls().messagemedia).toBe(1);
  });

  it('finds out by renewing whether a claim that ended is still its own', async () => {
    const { engine, guard, renewals } = guarding();
    await engine.clock.advance(CLAIM_MS + 1);

    await guard.ensure();

    expect(renewals).toHaveLength(1);
  });

  it('lets no call start once somebody took over', async () => {
    const { engine, guard } = guarding(taken);
    await engine.clock.advance(CLAIM_MS + 1);

    const callers = [guard.beforeAttempt('graph'), guard.beforeAttempt('messagemedia')];

    for (const caller of callers) await expect(caller).rejects.toMatchObject({ code: 'claim-lost' });
    expect(guard.calls()).toEqual({ graph: 0, messagemedia: 0 });
  });

  it('tries to renew again after a renewal failed', async () => {
    let fails = true;
    const { engine, guard, renewals } = guarding(() => (fails ? taken() : Promise.resolve()));
    await engine.clock.advance(CLAIM_MS - 1);
    await expect(guard.ensure()).rejects.toThrow('took over');

    fails = false;
    await guard.ensure();

    expect(renewals).toHaveLength(2);
  });

  it('counts calls by neighbour, and hands out counts that stay as they are', async () => {
    const { guard } = guarding();
    await guard.beforeAttempt('graph');
    const early = guard.calls();

    await guard.beforeAttempt('messagemedia');
    await guard.beforeAttempt('messagemedia');

    expect(early).toEqual({ graph: 1, messagemedia: 0 });
    expect(guard.calls()).toEqual({ graph: 1, messagemedia: 2 });
  });
});
