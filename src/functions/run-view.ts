import type { HttpRequest } from '@azure/functions';
import type { RunRow } from '../core/run/run-row.ts';
import type { RunAccepted, RunView } from './api-schemas.ts';
import type { JsonAnswer } from './problem.ts';

/** How long a caller waits before asking again for the state of a run. */
const POLL_SECONDS = 5;

/** A run as the API shows it: its configuration, lanes and claims stay inside. */
export function viewRun(run: RunRow): RunView {
  const {
    runId,
    state,
    phase,
    mode,
    trigger,
    dryRun,
    reason,
    only,
    adoption,
    impact,
    counts,
    calls,
    planHash,
    decision,
    error,
  } = run;
  return {
    runId,
    state,
    phase,
    mode,
    trigger,
    dryRun,
    ...(reason !== undefined && { reason }),
    ...(only !== undefined && { only: { departments: only.departments.length, people: only.people.length } }),
    ...(adoption !== undefined && { adoption: { ...adoption } }),
    ...(impact !== undefined && { impact: { ...impact } }),
    counts: { ...counts },
    calls: { ...calls },
    createdAt: isoTime(run.createdAt),
    ...(run.startedAt !== undefined && { startedAt: isoTime(run.startedAt) }),
    ...(run.finishedAt !== undefined && { finishedAt: isoTime(run.finishedAt) }),
    ...(planHash !== undefined && { planHash }),
    holds: run.holds.map((hold) => ({ ...hold })),
    ...(decision !== undefined && { decision: { kind: decision.kind, at: isoTime(decision.at) } }),
    ...(error !== undefined && { error: { ...error } }),
  };
}

/** 202: where the run can be followed. The address is made of the caller's own, without its query: that may hold a key. */
export function acceptRun(request: HttpRequest, run: RunRow): JsonAnswer {
  const statusUrl = runUrl(request.url, run.runId);
  return {
    status: 202,
    headers: { location: statusUrl, 'retry-after': String(POLL_SECONDS) },
    jsonBody: { runId: run.runId, state: run.state, statusUrl } satisfies RunAccepted,
  };
}

/** Milliseconds since 1970 in ISO 8601, UTC. */
export function isoTime(at: number): string {
  return new Date(at).toISOString();
}

function runUrl(requestUrl: string, runId: string): string {
  const { origin, pathname } = new URL(requestUrl);
  return `${origin}${pathname.replace(/\/(?:runs(?:\/.*)?|adopt)$/, '')}/runs/${runId}`;
}
