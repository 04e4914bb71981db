import { cancelRun } from './cancel-run.ts';
import type { Engine } from './engine.ts';
import { isActive } from './run-row.ts';
import { findRun } from './run-rows.ts';
import { changeState } from './state-row.ts';

export interface Pause {
  readonly paused: boolean;
  /** Milliseconds since 1970. */
  readonly since?: number;
}

/**
 * Nothing starts by itself any more, and a run under way ends early as if cancelled. What people start by hand still
 * runs: they know what they do. Pausing twice keeps the first time.
 */
export async function pauseSync(engine: Engine): Promise<Pause> {
  const state = await changeState(engine, (current) =>
    current.paused === undefined ? { ...current, paused: { since: engine.clock.now() } } : undefined,
  );
  const active = state.lease === undefined ? undefined : await findRun(engine, state.lease.runId);
  if (active !== undefined && isActive(active.run)) {
    await cancelRun(engine, active.run.runId, 'The sync was paused. The next run starts from the same token.');
  }
  const { since } = state.paused!;
  engine.log.event('sync.paused', { activeRunId: active?.run.runId });
  return { paused: true, since };
}

/** The timer goes on; what was missed meanwhile gives one run. */
export async function resumeSync(engine: Engine): Promise<Pause> {
  await changeState(engine, (current) =>
    current.paused === undefined ? undefined : { ...current, paused: undefined },
  );
  engine.log.event('sync.resumed', {});
  return { paused: false };
}
