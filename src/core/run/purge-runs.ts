import type { Engine } from './engine.ts';
import { isActive } from './run-row.ts';
import { recentRuns, runIdAt } from './run-rows.ts';

const DAY_MS = 86_400_000;
/** Runs purged in one tick: a tick takes seconds, and there is always a next one. */
const PURGED_A_TICK = 5;

async function purgeParts(engine: Engine, runId: string): Promise<void> {
  for await (const rows of engine.tables.parts.scan(runId, '', { facetsOnly: true })) {
    for (let at = 0; at < rows.length; at += 100) {
      const changes = rows.slice(at, at + 100).map(({ key }) => ({ kind: 'delete', key }) as const);
      await engine.tables.parts.write(runId, changes);
    }
  }
}

/** Deletes runs and their parts once they are older than the configuration keeps them. */
export async function purgeRuns(engine: Engine, now: number): Promise<void> {
  const before = now - engine.config.retention.runsDays * DAY_MS;
  let purged = 0;
  for await (const run of recentRuns(engine, runIdAt(before))) {
    if (isActive(run)) continue;
    if (purged >= PURGED_A_TICK) return;
    await purgeParts(engine, run.runId);
    await engine.tables.runs.write(engine.config.name, [{ kind: 'delete', key: run.runId }]);
    purged += 1;
  }
}
