import type { SecretExpiry } from '../core/ports.ts';
import type { SyncStatus } from '../core/run/read-status.ts';
import type { NeighbourHealth, StatusView } from './api-schemas.ts';
import { isoTime } from './run-view.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What is known besides the stored status. */
interface Surroundings {
  readonly neighbours: readonly NeighbourHealth[];
  readonly credentials: readonly SecretExpiry[];
}

/** The status as the API shows it; `now` in milliseconds by the clock that the stored times are from. */
export function viewStatus(status: SyncStatus, { neighbours, credentials }: Surroundings, now: number): StatusView {
  const { lastSuccessAt, lastRun, activeRunId, tokenIssuedAt, pausedSince, schedule } = status;
  return {
    ...(lastSuccessAt !== undefined && { lastSuccessAt: isoTime(lastSuccessAt) }),
    ...(lastRun !== undefined && { lastRun: viewLastRun(lastRun) }),
    ...(activeRunId !== undefined && { activeRunId }),
    ...(tokenIssuedAt !== undefined && { tokenAgeHours: Math.round(((now - tokenIssuedAt) / HOUR_MS) * 10) / 10 }),
    paused: pausedSince !== undefined,
    ...(pausedSince !== undefined && { pausedSince: isoTime(pausedSince) }),
    alerts: status.alerts.map(({ name, since }) => ({ name, since: isoTime(since) })),
    credentials: credentials.map((credential) => viewCredential(credential, now)),
    held: status.held,
    leaversKept: status.leaversKept,
    pending: { ...status.pending },
    schedule: { ...schedule, next: schedule.next.map(isoTime) },
    neighbours: [...neighbours],
  };
}

function viewCredential({ name, expiresAt }: SecretExpiry, now: number): StatusView['credentials'][number] {
  return { name, expiresAt: isoTime(expiresAt), daysLeft: Math.floor((expiresAt - now) / DAY_MS) };
}

function viewLastRun(run: NonNullable<SyncStatus['lastRun']>): NonNullable<StatusView['lastRun']> {
  const { runId, state, finishedAt } = run;
  return { runId, state, ...(finishedAt !== undefined && { finishedAt: isoTime(finishedAt) }) };
}
