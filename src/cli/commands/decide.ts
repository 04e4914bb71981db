import type { PersonRecord, Run } from '../api/answers.ts';
import type { Command, Context, Report } from '../command.ts';
import { confirm, YES_OPTION } from '../confirm.ts';
import { EXIT } from '../exit-codes.ts';
import { Refusal } from '../refusal.ts';
import { runLines } from '../screen/run-lines.ts';
import { counted } from '../screen/words.ts';
import { recordLines } from './records.ts';

/** So many people are shown before the question; `records` shows the others. */
const SHOWN = 20;
const RUN_ARGUMENT = [{ name: '<run>', description: 'id of the run, as `plan` or `status` shows it' }] as const;

export const approveCommand: Command = {
  name: 'approve',
  arguments: RUN_ARGUMENT,
  summary: 'approve what a run holds, or the plan of a dry run',
  options: [YES_OPTION],
  run: (context) => decide(context, 'approve'),
};

export const rejectCommand: Command = {
  name: 'reject',
  arguments: RUN_ARGUMENT,
  summary: 'reject what a run holds; these people stay as they are',
  options: [YES_OPTION],
  run: (context) => decide(context, 'reject'),
};

async function decide(context: Context, decision: 'approve' | 'reject'): Promise<Report> {
  const { api, given, dialogue, look, typed } = context;
  const run = await api().readRun(given.argument(0)!);
  const planHash = decidable(run);
  const shown = await api().listRecords(run.runId, { outcome: run.dryRun ? 'planned' : 'held', atMost: SHOWN + 1 });
  dialogue.say([
    ...runLines(run, look),
    '',
    ...recordLines(shown.slice(0, SHOWN), look),
    ...moreLine(shown, run, typed),
    '',
  ]);
  await confirm(context, `${decision === 'approve' ? 'Approve' : 'Reject'} ${whatOf(run)}?`);
  const accepted = await api().decide(run.runId, decision, planHash);
  return { exit: EXIT.ok, json: accepted, lines: decidedLines(context, run, decision) };
}

/** The hash of the plan that is about to be shown. Throws when there is nothing to decide. */
function decidable({ runId, dryRun, state, planHash, decision }: Run): string {
  if (state === 'held' && decision !== undefined) {
    throw new Refusal(EXIT.usage, 'decided', `What run ${runId} holds was ${decision.kind} already.`);
  }
  const waits = dryRun ? state === 'completed' : state === 'held';
  if (waits && planHash !== undefined) return planHash;
  throw new Refusal(EXIT.usage, 'nothing-to-decide', `Run ${runId} is ${state}: there is nothing to decide.`);
}

function whatOf({ dryRun, counts }: Run): string {
  if (dryRun) return 'this plan';
  return `what is held for ${counted(counts.held, 'person', 'people')}`;
}

function moreLine(shown: readonly PersonRecord[], run: Run, typed: Context['typed']): readonly string[] {
  if (shown.length <= SHOWN) return [];
  return [`  … and more: ${typed(`records ${run.runId} --outcome ${run.dryRun ? 'planned' : 'held'} --csv`)}`];
}

function decidedLines({ look, typed }: Context, run: Run, decision: 'approve' | 'reject'): readonly string[] {
  const mark = look.paint.green('✔');
  if (decision === 'reject')
    return [`${mark} Rejected: these people stay as they are until something about them changes.`];
  return [
    `${mark} Approved. A run applies what is still exactly as shown${run.dryRun ? '' : '; it starts now or when the active one ends'}.`,
    `  See it:  ${typed('status')}`,
  ];
}
