import type { CallScope } from '../ports.ts';
import type { Engine } from './engine.ts';
import type { CallCounts } from './run-row.ts';

/** A worker owns a lane or a run for this long, and renews while it works. Short, so that a killed worker is replaced soon. */
export const CLAIM_MS = 60_000;
/** A claim is renewed before a call when less than this is left: longer than a call may take. */
export const RENEW_BELOW_MS = 35_000;
/** A call that its worker started just before the claim ended may last this long: a takeover waits for it. */
export const CALL_TIMEOUT_MS = 30_000;

export interface Claim {
  readonly nonce: string;
  readonly until: number;
}

/** Whether a claim keeps others away at `now`: until its end, and then for as long as a call of its worker can last. */
export function isClaimLive(claim: Claim | undefined, now: number): boolean {
  return claim !== undefined && now < claim.until + CALL_TIMEOUT_MS;
}

/** Delay after which a message that met a live claim should look again. */
export function waitForClaim(claim: Claim, now: number): number {
  return Math.max(1_000, claim.until + CALL_TIMEOUT_MS - now);
}

/** What a worker holds while it works on a claim. */
export interface ClaimGuard extends CallScope {
  /** Resolves once the claim is ours for at least the time of one more call; `claim-lost` when somebody took over. */
  ensure(): Promise<void>;
  /** Calls made under this claim so far. */
  calls(): CallCounts;
}

/**
 * Guards the work of one claim: counts calls, renews the claim in time, and lets no call start after it has ended.
 * `renew` writes the later end by compare-and-set and throws when somebody else took over.
 */
export function guardClaim(engine: Engine, claim: Claim, renew: (until: number) => Promise<void>): ClaimGuard {
  const calls = { graph: 0, messagemedia: 0 };
  let until = claim.until;
  let renewing: Promise<void> | undefined;

  async function extend(): Promise<void> {
    const later = engine.clock.now() + CLAIM_MS;
    await renew(later);
    until = later;
  }
  async function ensure(): Promise<void> {
    // A claim that ended while its worker was busy is still ours as long as nobody took over: renewing tells. And a
    // renewal that took longer than the claim it wrote has to be made again.
    while (until - engine.clock.now() <= RENEW_BELOW_MS) {
      // People of a batch are worked on in parallel: one renewal serves them all.
      renewing ??= extend().finally(() => {
        renewing = undefined;
      });
      await renewing;
    }
  }
  return {
    ensure,
    calls: () => ({ ...calls }),
    beforeAttempt: async (neighbour) => {
      await ensure();
      calls[neighbour] += 1;
    },
  };
}
