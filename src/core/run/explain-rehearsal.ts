import { levelOf } from '../events.ts';
import type { Log } from '../ports.ts';
import type { ClaimGuard } from './claim.ts';
import type { Engine } from './engine.ts';
import { onPaper } from './explain-paper.ts';
import { judgeRun } from './judge-run.ts';
import { fetchPart, insertPart, partKey } from './parts.ts';
import type { BatchPart, BatchPerson, ReadPart } from './parts.ts';
import { planBatch } from './plan-batch.ts';
import { readBatch } from './read-outcomes.ts';
import type { JudgedOperation } from './read-outcomes.ts';
import type { RunRow } from './run-row.ts';
import type { RunWork } from './run-work.ts';
import { splitRun } from './split-run.ts';
import { newRun, newRunId } from './start-run.ts';
import { readState } from './state-row.ts';

/** What a run for one person would find and do. */
export interface Rehearsal {
  readonly run: RunRow;
  readonly member: BatchPerson;
  readonly judged: JudgedOperation;
}

/**
 * Plans one person as a run for nobody else would, by the very phases of a run, on paper: nothing is written, to our
 * tables or to MessageMedia. `read` is what the directory answered for the person.
 */
export async function rehearse(engine: Engine, personId: string, read: ReadPart): Promise<Rehearsal> {
  const paper: Engine = { ...engine, tables: onPaper(engine.tables), log: troubleOnly(engine.log) };
  const work = await workOnPaper(paper, personId, read);
  while (work.run().phase !== 'plan') await splitRun(work);
  for (let index = 0; index < work.run().batchCount; index += 1) await planBatch(paper, work.run(), index, work.guard);
  await work.update({ phase: 'judge' });
  await judgeRun(work);
  const run = work.run();
  const batch = await fetchPart<BatchPart>(paper, run.runId, partKey.batch(run.batchNonce!, 0));
  const { operations } = (await readBatch(paper, run, 0))!;
  return { run, member: batch.people[0]!, judged: operations[0]! };
}

async function workOnPaper(engine: Engine, personId: string, read: ReadPart): Promise<RunWork> {
  const now = engine.clock.now();
  const only = { departments: [], people: [personId], read, graphCalls: 0 };
  const request = { mode: 'delta', dryRun: true, trigger: 'http', only } as const;
  let run = newRun(engine, request, newRunId(engine, now), await readState(engine), now);
  await insertPart(engine, run.runId, { key: partKey.read(run.chain, 0), body: read });
  return {
    engine,
    guard: UNGUARDED,
    run: () => run,
    update: async (patch) => {
      run = { ...run, ...patch };
    },
    isSliceOver: () => false,
  };
}

/** Nobody else can be at work on a run that is on paper. */
const UNGUARDED: ClaimGuard = {
  ensure: async () => undefined,
  beforeAttempt: async () => undefined,
  calls: () => ({ graph: 0, messagemedia: 0 }),
};

/** There is no such run: its progress would only confuse whoever reads the log. */
function troubleOnly(log: Log): Log {
  return {
    event: (name, fields) => {
      const level = levelOf(name, fields);
      if (level === 'warn' || level === 'error') log.event(name, fields);
    },
  };
}
