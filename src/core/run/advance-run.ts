import { NeighbourError, SyncError, isClaimLost } from '../errors.ts';
import type { SyncErrorCode } from '../errors.ts';
import type { QueueMessage } from '../ports.ts';
import { isClaimLive, waitForClaim } from './claim.ts';
import { closeRun, finishClosedRun } from './close-run.ts';
import { endRun } from './end-run.ts';
import type { Engine } from './engine.ts';
import { judgeRun } from './judge-run.ts';
import { heedConsent } from './heed-consent.ts';
import { afterConsent, afterErrands } from './keep-consent.ts';
import { raiseFence } from './fence.ts';
import { haveLanesEnded, openLanes } from './lanes.ts';
import { MAX_WAIT_MS, nextWait, passes } from './patience.ts';
import { prepareRun } from './prepare-run.ts';
import { readDirectory } from './read-directory.ts';
import { isActive, isOfThisSetup } from './run-row.ts';
import type { RunRow } from './run-row.ts';
import { changeRun, findRun } from './run-rows.ts';
import type { HeldRun } from './run-rows.ts';
import { claimRun } from './run-work.ts';
import type { Directive, RunWork } from './run-work.ts';
import { splitRun } from './split-run.ts';
import { readState } from './state-row.ts';
import { endLanes, stopRun } from './stop-run.ts';
import { nextWave } from './waves.ts';

async function awaitPlanning(work: RunWork): Promise<Directive> {
  const { engine, run } = work;
  if (!(await haveLanesEnded(engine, run(), 0))) return 'open';
  await work.update({ phase: 'judge' });
  return 'again';
}

async function awaitApplying(work: RunWork): Promise<Directive> {
  const { engine, run } = work;
  const { wave } = run();
  if (!(await haveLanesEnded(engine, run(), wave))) return 'open';
  const next = nextWave(run(), wave);
  if (next === undefined) {
    await work.update({ phase: 'close', wave: 0 });
    return 'again';
  }
  await work.update({ wave: next });
  return 'open';
}

const STEPS: Record<RunRow['phase'], (work: RunWork) => Promise<Directive>> = {
  read: afterConsent(readDirectory),
  split: afterConsent(splitRun),
  plan: awaitPlanning,
  judge: judgeRun,
  prepare: prepareRun,
  apply: awaitApplying,
  close: afterErrands(closeRun),
  ended: () => Promise.resolve('rest'),
};

const SUPERSEDED = {
  state: 'cancelled',
  code: 'superseded',
  message: 'The configuration or the tenant changed while the run was under way. The next run is a full one.',
} as const;

const FENCED = { state: 'cancelled', code: 'superseded', message: 'Another run took over.' } as const;

/** The claim is freed before anybody is called: the next message must not find it alive. */
async function release(work: RunWork, patch: Partial<RunRow> = {}): Promise<void> {
  const { calls } = work.run();
  const made = work.guard.calls();
  await work.update({
    ...patch,
    claim: undefined,
    ...(isActive(work.run())
      ? { calls: { graph: calls.graph + made.graph, messagemedia: calls.messagemedia + made.messagemedia } }
      : {}),
  });
}

async function send(work: RunWork, delayMs?: number): Promise<void> {
  const message: QueueMessage = { v: 1, runId: work.run().runId };
  await work.engine.queue.send('sync-runs', message, delayMs === undefined ? {} : { delayMs });
}

/**
 * The lease is gone. Either this run's state was committed and only its own row is missing, or another run took over:
 * it must not write anything any more.
 */
async function finishFenced(work: RunWork): Promise<void> {
  const { phase, counts, stopping = FENCED } = work.run();
  const { state, code, message } = stopping;
  // A lane that is renewed meanwhile loses its run all the same: looked at again until it is closed.
  while (!(await endLanes(work.engine, work.run()))) await work.guard.ensure();
  if (phase === 'close' && stopping === FENCED) await finishClosedRun(work);
  else await endRun(work, { state, counts, error: { code, message } });
  await release(work);
}

function isReading({ phase }: RunRow): boolean {
  return phase === 'read' || phase === 'split';
}

async function advance(work: RunWork, raise: () => Promise<void>): Promise<void> {
  const { engine, run, isSliceOver } = work;
  const { lease } = await readState(engine);
  if (lease?.runId !== run().runId) return finishFenced(work);
  // Before it looks at the people: what it plans with must not change behind its back. A dry run changes nobody.
  if (isReading(run()) && !run().dryRun) await raise();
  if (!isOfThisSetup(run(), engine) && run().stopping === undefined) await work.update({ stopping: SUPERSEDED });
  for (let directive: Directive = 'again'; directive === 'again';) {
    if (run().stopping !== undefined && isActive(run())) {
      const delayMs = await stopRun(work);
      await release(work);
      return delayMs === undefined ? undefined : send(work, delayMs);
    }
    const { phase } = run();
    directive = await STEPS[phase](work);
    if (directive === 'again' && isSliceOver()) directive = 'yield';
    if (directive !== 'again') {
      await release(work, { waitedMs: 0 });
      if (directive === 'yield') await send(work);
      // Only now: a lane that ends at once calls back, and must not find our claim alive.
      if (directive === 'open') await openLanes(engine, run(), run().phase === 'plan' ? 0 : run().wave);
    }
  }
}

function failureCode(error: unknown): SyncErrorCode {
  if (error instanceof SyncError) return error.code;
  if (!(error instanceof NeighbourError)) return 'unexpected';
  if (error.failure === 'access-denied') return 'access-denied';
  return error.neighbour === 'graph' || error.neighbour === 'entra' ? 'directory-unreadable' : 'neighbour-unavailable';
}

function isWorthWaiting(error: unknown): error is NeighbourError {
  return error instanceof NeighbourError && error.neighbour !== 'storage' && passes(error);
}

/** An answer against the contract is seldom better the next time; a neighbour that is down comes back. */
function patienceWith({ failure }: NeighbourError): number {
  return failure === 'unexpected-answer' ? MAX_WAIT_MS / 60 : MAX_WAIT_MS;
}

/** A neighbour that will answer again makes the run wait; one that refuses us, or state that does not fit, ends it. */
async function handleFailure(work: RunWork, error: unknown): Promise<void> {
  const { engine, run } = work;
  if (isClaimLost(error)) return;
  const waited = run().waitedMs;
  if (isWorthWaiting(error) && waited < patienceWith(error)) {
    const delayMs = nextWait(waited, error.detail.retryAfterMs);
    engine.log.event('run.postponed', {
      runId: run().runId,
      phase: run().phase,
      neighbour: error.neighbour,
      failure: error.failure,
      delayMs,
      waitedMs: waited + delayMs,
    });
    await release(work, { waitedMs: waited + delayMs, notBefore: engine.clock.now() + delayMs });
    return send(work, delayMs);
  }
  const isFinal =
    error instanceof NeighbourError ? error.neighbour !== 'storage' : error instanceof SyncError && !error.retryable;
  if (!isFinal) {
    await release(work);
    throw error;
  }
  await release(work, { stopping: { state: 'failed', code: failureCode(error), message: (error as Error).message } });
  await send(work);
}

async function takeRun(engine: Engine, found: HeldRun, message: QueueMessage): Promise<RunWork | undefined> {
  const now = engine.clock.now();
  const { claim } = found.run;
  if (!isClaimLive(claim, now)) return claimRun(engine, found);
  if (message.waitedFor === claim!.nonce && claim!.until > now) return undefined;
  await engine.queue.send(
    'sync-runs',
    { v: 1, runId: found.run.runId, waitedFor: claim!.nonce },
    { delayMs: waitForClaim(claim!, now) },
  );
  return undefined;
}

/** Takes a run as far as it goes: through its phases, until lanes are at work, a neighbour needs time, or the slice is over. */
export async function advanceRun(engine: Engine, message: QueueMessage): Promise<void> {
  const found = await findRun(engine, message.runId);
  if (found === undefined || !isActive(found.run)) return;
  const work = await takeRun(heedConsent(engine, found.run), found, message);
  if (work === undefined) return;
  try {
    await advance(work, () => raiseFence(engine, work.run()));
  } catch (error) {
    await handleFailure(work, error).catch((second: unknown) => {
      // The claim is gone: freed by this very write, whose answer was lost, or taken over. What failed first is told.
      throw isClaimLost(second) ? error : second;
    });
  }
}

/** Advancing failed again and again: the run ends as failed, its lease is freed, the token stays where it was. */
export async function abandonRun(engine: Engine, message: QueueMessage): Promise<void> {
  const found = await findRun(engine, message.runId);
  if (found === undefined || !isActive(found.run)) return;
  engine.log.event('run.poisoned', { runId: message.runId, phase: found.run.phase });
  await changeRun(engine, message.runId, (run) =>
    isActive(run) && run.stopping === undefined
      ? {
          stopping: {
            state: 'failed',
            code: 'poisoned',
            message: `The phase ${run.phase} failed several times in a row. The next run starts from the same token.`,
          },
        }
      : undefined,
  );
  await engine.queue.send('sync-runs', { v: 1, runId: message.runId });
}
