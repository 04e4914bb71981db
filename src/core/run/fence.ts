import { NeighbourError, SyncError } from '../errors.ts';
import { RowConflict } from '../ports.ts';
import type { Row, RowChange } from '../ports.ts';
import type { Engine } from './engine.ts';

/** Who writes rows of people under a lease: a run, or an erasure. Whoever comes later has the greater generation. */
export interface Writer {
  readonly runId: string;
  readonly generation: number;
}

/** What one write of a writer may hold: the fence takes part in each, and a transaction has at most 100 changes. */
export const CHANGES_A_WRITE = 99;

/** Says whose fence stands. It changes together with the fences, so that a late worker cannot raise its own again. */
const HOLDER_KEY = 'fence';

// One refusal says that the fence is not there; raised, it can be refused only by writers that meet in it.
const MAX_TRIES = 5;

function fenceOf(runId: string): Row {
  return { key: `fence:${runId}` };
}

function lostTo(standing: Writer): SyncError {
  return new SyncError('claim-lost', 'A newer run writes to the people now.', { runId: standing.runId });
}

/**
 * From now on only this writer changes rows of people: whatever an older one still has on its way is refused as a whole.
 * Harmless when it stands already. Throws SyncError('claim-lost') when a newer writer has raised its own.
 */
export async function raiseFence({ tables, config }: Engine, { runId, generation }: Writer): Promise<void> {
  for (;;) {
    const row = await tables.people.get(config.name, HOLDER_KEY);
    const standing = row?.body as Writer | undefined;
    if (standing?.runId === runId) return;
    if (standing !== undefined && standing.generation > generation) throw lostTo(standing);
    const holder = { key: HOLDER_KEY, body: { runId, generation } satisfies Writer };
    const changes: RowChange[] = [
      row === undefined ? { kind: 'insert', row: holder } : { kind: 'replace', row: holder, etag: row.etag },
      { kind: 'put', row: fenceOf(runId) },
    ];
    if (standing !== undefined) changes.push({ kind: 'delete', key: fenceOf(standing.runId).key });
    try {
      await tables.people.write(config.name, changes);
      return;
    } catch (error) {
      // Somebody raised one in between: looked at again, to see who.
      if (!(error instanceof RowConflict)) throw error;
    }
  }
}

/**
 * The engine as a writer has to use it: every write to the people succeeds only as long as the writer's fence stands,
 * in one transaction with it, and throws SyncError('claim-lost') once a newer writer has raised its own. The fence is
 * raised with the first write, if it was not before. A write may hold `CHANGES_A_WRITE`.
 */
export function withFence(engine: Engine, writer: Writer): Engine {
  const { people } = engine.tables;
  const row = fenceOf(writer.runId);

  async function write(partition: string, changes: readonly RowChange[]): Promise<string[]> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const [, ...etags] = await people.write(partition, [{ kind: 'replace', row, etag: '*' }, ...changes]);
        return etags;
      } catch (error) {
        if (!(error instanceof RowConflict) || error.key !== row.key) throw error;
        if (attempt >= MAX_TRIES) {
          throw new NeighbourError('storage', 'conflict', 'Storage goes on refusing a fence that stands.', {}, error);
        }
        await raiseFence(engine, writer);
      }
    }
  }
  return { ...engine, tables: { ...engine.tables, people: { ...people, write } } };
}

/** Puts what belongs together into as few writes as it fits into, in order, never apart. */
export function packWrites<T>(groups: readonly T[], changesOf: (group: T) => readonly RowChange[]): T[][] {
  const writes: T[][] = [];
  let free = -1;
  for (const group of groups) {
    const { length } = changesOf(group);
    if (length > free) {
      writes.push([]);
      free = CHANGES_A_WRITE;
    }
    writes.at(-1)!.push(group);
    free -= length;
  }
  return writes;
}
