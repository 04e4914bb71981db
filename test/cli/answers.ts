import type { NeighbourHealth, RecordView, RunView, StatusView } from '../../src/functions/api-schemas.ts';
import type { Adoption } from '../../src/cli/api/answers.ts';
import type { ExplanationView } from '../../src/functions/explanation-schema.ts';
import { COUNT_NAMES } from '../../src/core/run/run-row.ts';
import { userId } from '../support/story-people.ts';

/** A run as the app shows it: the API's own type, so that the command line reads what there is. */
export function aRun(changes: Partial<RunView> = {}): RunView {
  const counts = Object.fromEntries(COUNT_NAMES.map((name) => [name, 0])) as RunView['counts'];
  return {
    runId: 'r8204350000000-3f9a1c07',
    state: 'completed',
    phase: 'ended',
    mode: 'delta',
    trigger: 'http',
    dryRun: false,
    calls: { graph: 1, messagemedia: 0 },
    createdAt: '2026-10-14T06:00:00.000Z',
    startedAt: '2026-10-14T06:00:01.000Z',
    finishedAt: '2026-10-14T06:00:05.200Z',
    planHash: 'hash-1',
    holds: [],
    ...changes,
    counts: { ...counts, read: 10, ...changes.counts },
  };
}

/** What happened to invented person `n`. */
export function aRecord(n: number, changes: Partial<RecordView> = {}): RecordView {
  return {
    personId: userId(n),
    department: 'Sales',
    operation: 'create',
    outcome: 'planned',
    words: 'Create a contact; add to "Sales".',
    fields: [{ field: 'first_name', after: 'P…' }],
    lists: { add: ['Sales'], remove: [] },
    ...changes,
  };
}

/** Somebody who is left out. */
export function aSkip(n: number, reason: NonNullable<RecordView['reason']>, department = 'Sales'): RecordView {
  return aRecord(n, {
    department,
    operation: 'skip',
    outcome: 'skipped',
    reason,
    words: 'Left out.',
    fields: [],
    lists: { add: [], remove: [] },
  });
}

export function aNeighbour(
  neighbour: NeighbourHealth['neighbour'],
  changes: Partial<NeighbourHealth> = {},
): NeighbourHealth {
  return { neighbour, ok: true, latencyMs: 12, checkedAt: '2026-10-14T06:00:00.000Z', ageSeconds: 0, ...changes };
}

/** A sync that is in step. */
export function aStatus(changes: Partial<StatusView> = {}): StatusView {
  return {
    lastSuccessAt: '2026-10-14T06:00:05.000Z',
    lastRun: { runId: 'r8204350000000-3f9a1c07', state: 'completed', finishedAt: '2026-10-14T06:00:05.200Z' },
    tokenAgeHours: 1.5,
    paused: false,
    alerts: [],
    credentials: [],
    held: 0,
    leaversKept: 0,
    pending: {},
    schedule: {
      words: 'every day at 06:00 (UTC)',
      fullWords: 'on Sundays at 06:00 (UTC)',
      next: ['2026-10-15T06:00:00.000Z', '2026-10-16T06:00:00.000Z'],
    },
    neighbours: [aNeighbour('storage'), aNeighbour('keyvault'), aNeighbour('graph'), aNeighbour('messagemedia')],
    ...changes,
  };
}

/** Invented person `n`, in scope and in step. */
export function anExplanation(n: number, changes: Partial<ExplanationView> = {}): ExplanationView {
  return {
    person: { id: userId(n), kind: 'user', presence: 'present', attributes: { id: userId(n), department: 'Sales' } },
    found: { directory: true, stored: true },
    scope: { inScope: true, clauses: [] },
    mapping: [],
    phone: { tried: [] },
    match: { how: 'link', words: 'The person has this contact.', contactId: 'c-1' },
    lists: [],
    lastChanges: [],
    next: aRecord(n, { operation: 'none', outcome: 'unchanged', words: 'Nothing to do.' }),
    ...changes,
  };
}

/** An account of which a run has matched what there was. */
export function anAdoption(changes: Partial<Adoption> = {}): Adoption {
  return { contacts: 9, managed: 0, linkable: 0, ambiguous: 0, unmanaged: 0, orphaned: 0, ...changes };
}
