import type { PersonRecord, Run } from '../api/answers.ts';
import type { Api } from '../api/api.ts';
import type { Context } from '../command.ts';
import { exitOfCode } from '../exit-codes.ts';
import { followRun, isActive } from '../follow-run.ts';
import type { Refusal } from '../refusal.ts';
import { attempt, refused } from './check-app.ts';
import { fine } from './check.ts';
import type { Check } from './check.ts';

/** A dry run of one person takes seconds; one that takes so long is no check any more. */
const LONGEST_MS = 120_000;
const NAME = 'dry run';
const REASON = 'doctor';

/** Reads and plans one person for real, writing nothing: it needs every permission that a run needs to read. */
export async function checkOnePerson(context: Context): Promise<Check> {
  const api = context.api();
  const person = await somebody(api);
  if (person === undefined) return fine(NAME, 'not tried: no run has shown anybody yet', 'untried');
  const started = await attempt(() =>
    api.startRun({ mode: 'delta', dryRun: true, reason: REASON, people: [person.personId] }),
  );
  if (started.refusal !== undefined) return notStarted(started.refusal);
  return judged(await followRun(context, started.value!.runId, LONGEST_MS));
}

/** Anybody whom the newest runs have to do with. */
async function somebody(api: Api): Promise<PersonRecord | undefined> {
  for (const run of await api.listRuns(5)) {
    const [record] = isActive(run) ? [] : await api.listRecords(run.runId, { atMost: 1 });
    if (record !== undefined) return record;
  }
  return undefined;
}

function notStarted(refusal: Refusal): Check {
  if (refusal.code === 'run-active') return fine(NAME, 'not tried: a run is under way', 'untried');
  const isNotYet = refusal.problem?.problems?.some(({ message }) => message === 'is not supported yet') === true;
  if (isNotYet) return fine(NAME, 'not tried: this app cannot limit a run to one person yet', 'untried');
  return refused(NAME, refusal);
}

function judged(run: Run): Check {
  if (isActive(run)) return { ...fine(NAME, `${run.runId} is still at ${run.phase}`), state: 'warning' };
  if (run.state === 'completed') return fine(NAME, 'one person was read and planned');
  const { code, message } = run.error ?? { code: 'unexpected', message: `The run is ${run.state}.` };
  return { name: NAME, state: 'failed', words: message, cures: [], section: 'error-codes', exit: exitOfCode(code) };
}
