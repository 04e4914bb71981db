import type { SyncStatus } from '../core/run/read-status.ts';
import type { NeighbourHealth, StatusView } from './api-schemas.ts';
import { isoTime } from './run-view.ts';

const HOUR_MS = 3_600_000;

/** The status as the API shows it; `now` in milliseconds by the clock that the stored times are from. */
export function viewStatus(status: SyncStatus, neighbours: readonly NeighbourHealth[], now: number): StatusView {
  const { lastSuccessAt, lastRun, activeRunId, tokenIssuedAt, schedule } = status;
  return {
    ...(lastSuccessAt !== undefined && { lastSuccessAt: isoTime(lastSuccessAt) }),
    ...(lastRun !== undefined && { lastRun: viewLastRun(lastRun) }),
    ...(activeRunId !== undefined && { activeRunId }),
    ...(tokenIssuedAt !== undefined && { tokenAgeHours: Math.round(((now - tokenIssuedAt) / HOUR_MS) * 10) / 10 }),
    held: status.held,
    leaversKept: status.leaversKept,
    pending: { ...status.pending },
    schedule: { words: schedule.words, fullWords: schedule.fullWords, next: schedule.next.map(isoTime) },
    neighbours: [...neighbours],
  };
}

function viewLastRun(run: NonNullable<SyncStatus['lastRun']>): NonNullable<StatusView['lastRun']> {
  const { runId, state, finishedAt } = run;
  return { runId, state, ...(finishedAt !== undefined && { finishedAt: isoTime(finishedAt) }) };
}
