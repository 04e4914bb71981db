import { SyncError } from '../errors.ts';
import { RowConflict } from '../ports.ts';
import { CLAIM_MS, guardClaim } from './claim.ts';
import type { ClaimGuard } from './claim.ts';
import type { Engine } from './engine.ts';
import { withFence } from './fence.ts';
import type { RunRow } from './run-row.ts';
import { fetchRun, replaceRun } from './run-rows.ts';
import type { HeldRun } from './run-rows.ts';

/** How long one message works on a run before it hands on to the next: well below the function time-out. */
const SLICE_MS = 120_000;

/**
 * What `advance-run` should do after a step: `again` at once, `yield` through the queue, `open` the lanes of the phase
 * (the last of them will call), or `rest` because there is nothing left to do.
 */
export type Directive = 'again' | 'yield' | 'open' | 'rest';

/** One worker's hold on a run while it advances it. */
export interface RunWork {
  /** Behind the run's fence. */
  readonly engine: Engine;
  readonly guard: ClaimGuard;
  readonly run: () => RunRow;
  /** Writes over the newest version of the run as long as the claim is ours; others may have marked a decision meanwhile. */
  readonly update: (patch: Partial<RunRow>) => Promise<void>;
  readonly isSliceOver: () => boolean;
}

function tellPhase({ log }: Engine, before: RunRow, { runId, batchCount, phaseSince }: RunRow): void {
  const began = before.phaseSince ?? before.startedAt ?? before.createdAt;
  log.event('phase.ended', { runId, phase: before.phase, durationMs: phaseSince! - began, batches: batchCount });
}

/** Takes hold of a run whose claim is free. Answers undefined when another worker was faster. */
export async function claimRun(engine: Engine, found: HeldRun): Promise<RunWork | undefined> {
  const now = engine.clock.now();
  const claim = { nonce: engine.ids.next(), until: now + CLAIM_MS };
  let held: HeldRun;
  try {
    held = await replaceRun(engine, found, {
      claim,
      state: 'running',
      startedAt: found.run.startedAt ?? now,
    });
  } catch (error) {
    if (error instanceof RowConflict) return undefined;
    throw error;
  }
  // The claim's renewal and a step's own write may meet: one after the other, each over the newest version.
  let last: Promise<unknown> = Promise.resolve();
  async function write(patch: Partial<RunRow>): Promise<void> {
    for (;;) {
      const before = held.run;
      const endsPhase = patch.phase !== undefined && patch.phase !== before.phase;
      try {
        held = await replaceRun(engine, held, endsPhase ? { ...patch, phaseSince: engine.clock.now() } : patch);
        if (endsPhase) tellPhase(engine, before, held.run);
        return;
      } catch (error) {
        if (!(error instanceof RowConflict)) throw error;
        held = await fetchRun(engine, held.run.runId);
        if (held.run.claim?.nonce !== claim.nonce) {
          throw new SyncError('claim-lost', 'Another worker took this run over.', {}, error);
        }
      }
    }
  }
  function update(patch: Partial<RunRow>): Promise<void> {
    const next = last.then(() => write(patch));
    last = next.catch(() => undefined);
    return next;
  }
  return {
    engine: withFence(engine, found.run),
    guard: guardClaim(engine, claim, (until) => update({ claim: { nonce: claim.nonce, until } })),
    run: () => held.run,
    update,
    isSliceOver: () => engine.clock.now() - now > SLICE_MS,
  };
}
