import type { Run } from '../api/answers.ts';
import type { Api } from '../api/api.ts';
import type { Command, Context, Report } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { followRun, isActive } from '../follow-run.ts';
import { runLines } from '../screen/run-lines.ts';
import { statusLines, whatIsOff } from '../screen/status-lines.ts';
import { endedReport } from './run.ts';

/** A held run that is older than so many others is found by `records` and the history, not here. */
const LOOKED_THROUGH = 50;

export const statusCommand: Command = {
  name: 'status',
  arguments: [{ name: '[run]', description: 'id of a run; shows that one alone' }],
  summary: 'show how the sync, or one run, is doing',
  options: [{ flags: '--watch', description: 'with a run: wait for its end' }],
  async run(context) {
    const { api, given } = context;
    const runId = given.argument(0);
    if (runId !== undefined) return oneRun(context, runId);
    const status = await api().status();
    const heldRun = status.held > 0 ? await findHeldRun(api()) : undefined;
    const off = whatIsOff(status);
    return {
      exit: EXIT.ok,
      json: { inStep: off.length === 0, off, ...status, ...heldOf(heldRun) },
      lines: statusLines({ status, heldRun }, context),
    };
  },
};

async function oneRun(context: Context, runId: string): Promise<Report> {
  const { api, given, look } = context;
  const run = given.flag('watch') ? await followRun(context, runId) : await api().readRun(runId);
  return isActive(run) ? { exit: EXIT.ok, json: run, lines: runLines(run, look) } : endedReport(context, run);
}

async function findHeldRun(api: Api): Promise<Run | undefined> {
  const runs = await api.listRuns(LOOKED_THROUGH);
  return runs.find(({ state, decision }) => state === 'held' && decision === undefined);
}

function heldOf(run: Run | undefined): { readonly heldRun?: Pick<Run, 'runId' | 'holds'> } {
  return run === undefined ? {} : { heldRun: { runId: run.runId, holds: run.holds } };
}
