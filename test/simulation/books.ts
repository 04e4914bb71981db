import type { Person } from '../../src/core/people/person.ts';
import type { Link, Pending } from '../../src/core/plan/link.ts';
import type { Lane } from '../../src/core/run/lanes.ts';
import type { RunRow } from '../../src/core/run/run-row.ts';
import type { SyncState } from '../../src/core/run/state-row.ts';
import { SYNC_NAME } from './sim.ts';
import type { Sim } from './sim.ts';

/** Where the sync stands by our own tables. */
export function stateOf(sim: Sim): SyncState | undefined {
  return sim.rows.body('state', SYNC_NAME, 'state') as SyncState | undefined;
}

export function runOf(sim: Sim, runId: string | undefined): RunRow | undefined {
  return runId === undefined ? undefined : (sim.rows.body('runs', SYNC_NAME, runId) as RunRow | undefined);
}

/** All runs, oldest first. */
export function runsOf(sim: Sim): readonly RunRow[] {
  const runs = [...sim.rows.bodies<RunRow>('runs', SYNC_NAME, 'r').values()];
  return runs.toSorted((a, b) => a.createdAt - b.createdAt);
}

export function laneOf(sim: Sim, runId: string, wave: number, index: number): Lane | undefined {
  return sim.rows.body('parts', runId, `lane-${wave}-${index}`) as Lane | undefined;
}

/** Everybody who waits, and for what. */
export function pendingOf(sim: Sim): readonly Pending[] {
  return [...sim.rows.bodies<Pending>('people', SYNC_NAME, 'pending:').values()];
}

/** Somebody as the directory last showed them to the engine. */
export function personOf(sim: Sim, id: string): Person | undefined {
  return (sim.rows.body('people', SYNC_NAME, `person:${id}`) as { readonly person: Person } | undefined)?.person;
}

export function linksOf(sim: Sim): ReadonlyMap<string, Link> {
  const rows = sim.rows.bodies<{ readonly link?: Link }>('people', SYNC_NAME, 'person:');
  return new Map(
    [...rows].flatMap(([key, { link }]) => (link === undefined ? [] : [[key.slice('person:'.length), link] as const])),
  );
}

/** Whether a number that opted out still has to be carried into the account. */
export function hasErrands(sim: Sim): boolean {
  return sim.rows.bodies('consent', SYNC_NAME, 'errand:').size > 0;
}
