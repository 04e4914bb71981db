import type { PersonRecord, Run } from '../api/answers.ts';
import type { Context } from '../command.ts';
import { recordLines } from '../commands/records.ts';
import { followRun } from '../follow-run.ts';
import { runLines } from '../screen/run-lines.ts';

/** Real people as the app maps them now. */
export interface Sample {
  readonly run: Run;
  readonly people: readonly PersonRecord[];
}

const PEOPLE = 3;
/** Where a person with all their fields is found: somebody new first, else somebody who changes. */
const OPERATIONS: readonly string[] = ['create', 'adopt', 'update'];

/** A dry run over everybody, and some of the people in it. */
export async function samplePeople(context: Context): Promise<Sample> {
  const { api, given } = context;
  const { runId } = await api().startRun({ mode: 'full', dryRun: true, reason: 'init' });
  const run = await followRun(context, runId);
  const people: PersonRecord[] = [];
  for (const operation of OPERATIONS) {
    const missing = PEOPLE - people.length;
    if (missing === 0) break;
    people.push(...(await api().listRecords(runId, { operation, reveal: given.flag('reveal'), atMost: missing })));
  }
  return { run, people };
}

export function sampleLines({ run, people }: Sample, { look }: Pick<Context, 'look'>): readonly string[] {
  const nobody =
    run.state === 'completed' ? ['  There is no example: nobody would be added or have a value changed.'] : [];
  return [...runLines(run, look), ...(people.length === 0 ? nobody : ['', ...recordLines(people, look)])];
}
