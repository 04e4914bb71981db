import type { PersonRecord, Run } from '../api/answers.ts';
import type { Api } from '../api/api.ts';
import type { Command, Context } from '../command.ts';
import { confirm, YES_OPTION } from '../confirm.ts';
import { exitOfRun } from '../exit-codes.ts';
import { followRun } from '../follow-run.ts';
import { csvLines } from '../plan/plan-csv.ts';
import { ADOPTION_KINDS, adoptionLines } from '../screen/adoption-lines.ts';
import { wrapped } from '../screen/look.ts';
import { runLines } from '../screen/run-lines.ts';
import { endedReport, nextLines } from './run.ts';

const APPLY_WORDS =
  'This links the contacts that are found and fills their mapped fields. It is a full run: whoever has no contact gets one, and leavers are dealt with as the configuration says.';

export const adoptCommand: Command = {
  name: 'adopt',
  summary: 'match an account that was there before; shows it first, and writes with --apply',
  options: [
    { flags: '--apply', description: 'do it: a full run that links what is found' },
    { flags: '--reason <text>', description: 'why, for the history; no personal data' },
    { flags: '--csv', description: 'a row per person or contact as CSV, safe to open in a spreadsheet' },
    { flags: '--reveal', description: 'show values instead of masks in --csv and --json' },
    YES_OPTION,
  ],
  async run(context) {
    const { api, given, dialogue, look } = context;
    const dryRun = !given.flag('apply');
    const reason = given.text('reason');
    if (!dryRun) {
      if (!given.flag('csv')) dialogue.say(wrapped(APPLY_WORDS, look, 0));
      await confirm(context, 'Match the account now?');
    }
    const accepted = await api().adopt({ dryRun, ...(reason !== undefined && { reason }) });
    const run = await followRun(context, accepted.runId);
    // A run that failed or was cancelled has matched nothing.
    if (run.adoption === undefined) return endedReport(context, run);
    const records = await recordsOf(api(), run.runId, given.flag('reveal'));
    return {
      exit: exitOfRun(run),
      json: { run, records },
      lines: given.flag('csv') ? csvLines(records) : matchedLines(context, run, records),
    };
  },
};

/** The app goes through its records once for each kind: the others of a large directory need not travel. */
async function recordsOf(api: Api, runId: string, reveal: boolean): Promise<readonly PersonRecord[]> {
  const records: PersonRecord[] = [];
  for (const adoption of ADOPTION_KINDS) records.push(...(await api.listRecords(runId, { adoption, reveal })));
  return records;
}

function matchedLines({ look, typed }: Context, run: Run, records: readonly PersonRecord[]): readonly string[] {
  return [...runLines(run, look), ...adoptionLines(run, records, look, typed), ...blankBefore(nextLines(run, typed))];
}

function blankBefore(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? lines : ['', ...lines];
}
