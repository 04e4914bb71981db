import type { Engine } from './engine.ts';
import { readBatch } from './read-outcomes.ts';
import type { JudgedOperation } from './read-outcomes.ts';
import { fetchRun } from './run-rows.ts';

/** What a dry run showed as to be done, or as held: what its approval is about. */
function isShown({ operation, final }: JudgedOperation): boolean {
  if (operation.kind === 'none' || operation.kind === 'skip') return false;
  return final === undefined || final.outcome === 'held';
}

/** Hashes of the operations that a dry run planned, by person. Throws SyncError('run-not-found') when it was purged. */
export async function plannedHashes(engine: Engine, runId: string): Promise<ReadonlyMap<string, string>> {
  const { run } = await fetchRun(engine, runId);
  const hashes = new Map<string, string>();
  for (let index = 0; index < run.batchCount; index += 1) {
    const batch = await readBatch(engine, run, index);
    for (const one of batch?.operations ?? []) {
      if (isShown(one)) hashes.set(one.operation.personId, one.operation.hash);
    }
  }
  return hashes;
}
