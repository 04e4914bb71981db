import type { PersonRecord, Run } from '../api/answers.ts';
import type { Command, Context, Report } from '../command.ts';
import { exitOfRun } from '../exit-codes.ts';
import { followRun } from '../follow-run.ts';
import { explainSome } from '../plan/explain-some.ts';
import { csvLines } from '../plan/plan-csv.ts';
import { planLines } from '../plan/plan-lines.ts';
import { unreachable, warningsOf } from '../plan/plan-warnings.ts';
import { changesSomething, summarisePlan } from '../plan/summarise-plan.ts';
import { endedReport, requestOf, RUN_OPTIONS } from './run.ts';

export const planCommand: Command = {
  name: 'plan',
  summary: 'show what a run would do, without doing it',
  options: [
    ...RUN_OPTIONS,
    { flags: '--csv', description: 'a row per person as CSV, safe to open in a spreadsheet' },
    { flags: '--reveal', description: 'show values instead of masks in --csv and --json' },
  ],
  async run(context) {
    const { api, given } = context;
    const accepted = await api().startRun(requestOf(given, true));
    const run = await followRun(context, accepted.runId);
    if (run.state !== 'completed') return endedReport(context, run);
    const records = await api().listRecords(run.runId, { reveal: given.flag('reveal') });
    return given.flag('csv') ? csvReport(run, records) : planReport(context, run, records);
  },
};

function csvReport(run: Run, records: readonly PersonRecord[]): Report {
  return { exit: exitOfRun(run), json: { run, records }, lines: csvLines(records) };
}

async function planReport(context: Context, run: Run, records: readonly PersonRecord[]): Promise<Report> {
  const { api, look, typed } = context;
  const summary = summarisePlan(records);
  const explained = await explainSome(api(), unreachable(records));
  const warnings = warningsOf(records, run.counts.inScope, explained);
  const next = changesSomething(summary) ? ['', 'Apply exactly this plan:', `  ${typed(`approve ${run.runId}`)}`] : [];
  return {
    exit: exitOfRun(run),
    json: { run, summary, warnings, records },
    lines: [...planLines({ run, summary, warnings }, look), ...next],
  };
}
