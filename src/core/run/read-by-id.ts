import { streamsOf } from '../config/people-streams.ts';
import type { DirectoryEntry } from '../people/person.ts';
import { insertPart, partIndex, partKey } from './parts.ts';
import type { ReadPart } from './parts.ts';
import type { RunWork } from './run-work.ts';

/** People read between two saves: ten calls of twenty. */
const READ_CHUNK = 200;

/**
 * Reads people by id, an answer being undefined when the directory does not know the id. Answers are saved as they
 * come, so that a long sweep goes on in the next slice: undefined means that the slice ended before all were read.
 */
export async function readById(
  work: RunWork,
  ids: readonly string[],
): Promise<Map<string, DirectoryEntry | undefined> | undefined> {
  const { engine, run } = work;
  const { runId, chain } = run();
  const answers = new Map<string, DirectoryEntry | undefined>();
  if (ids.length === 0) return answers;

  const streams = streamsOf(run().config).map(({ stream }) => stream);
  let next = 0;
  for await (const rows of engine.tables.parts.scan(runId, partKey.reads(chain), { pageSize: 50 })) {
    for (const row of rows) {
      collect(answers, row.body as ReadPart);
      next = partIndex(row) + 1;
    }
  }
  const open = ids.filter((id) => !answers.has(id));
  for (let at = 0; at < open.length; at += READ_CHUNK, next += 1) {
    if (work.isSliceOver()) return undefined;
    const chunk = open.slice(at, at + READ_CHUNK);
    const found = await engine.directory.readPeople(chunk, engine.select, work.guard, streams);
    const body: ReadPart = { found: [...found.values()], missing: chunk.filter((id) => !found.has(id)) };
    collect(answers, await insertPart(engine, runId, { key: partKey.read(chain, next), body }));
  }
  // A chunk may have been saved by a worker that saw other gaps: whoever comes next closes them.
  return ids.every((id) => answers.has(id)) ? answers : undefined;
}

function collect(answers: Map<string, DirectoryEntry | undefined>, part: ReadPart): void {
  for (const entry of part.found) answers.set(entry.id, entry);
  for (const id of part.missing) answers.set(id, undefined);
}
