import type { Run, RunAccepted } from '../api/answers.ts';
import type { RunRequest } from '../api/api.ts';
import type { Command, Context, Given, Report } from '../command.ts';
import { EXIT, exitOfRun } from '../exit-codes.ts';
import { followRun } from '../follow-run.ts';
import { runLines } from '../screen/run-lines.ts';

/** Options of every command that starts a run. */
export const RUN_OPTIONS = [
  { flags: '--full', description: 'compare everybody, not only what changed since the last run' },
  { flags: '--reconcile', description: 'compare everybody, and what became of their contacts in MessageMedia' },
  { flags: '--departments <names>', description: 'only these departments, separated by commas' },
  { flags: '--people <ids>', description: 'only these people, by object id or user principal name' },
  { flags: '--reason <text>', description: 'why, for the history; no personal data' },
] as const;

export const runCommand: Command = {
  name: 'run',
  summary: 'start a run',
  options: [
    ...RUN_OPTIONS,
    { flags: '--dry-run', description: 'plan and judge only; `plan` shows it person by person' },
    { flags: '--watch', description: 'wait for its end' },
  ],
  async run(context) {
    const { api, given } = context;
    const accepted = await api().startRun(requestOf(given, given.flag('dry-run')));
    if (!given.flag('watch')) return startedReport(context, accepted);
    return endedReport(context, await followRun(context, accepted.runId));
  },
};

export function requestOf(given: Given, dryRun: boolean): RunRequest {
  const departments = namesIn(given.text('departments'));
  const people = namesIn(given.text('people'));
  const reason = given.text('reason');
  return {
    mode: given.flag('reconcile') ? 'reconcile' : given.flag('full') ? 'full' : 'delta',
    dryRun,
    ...(departments !== undefined && { departments }),
    ...(people !== undefined && { people }),
    ...(reason !== undefined && { reason }),
  };
}

/** A run as it ended, and what can be done about it. */
export function endedReport({ look, typed }: Pick<Context, 'look' | 'typed'>, run: Run): Report {
  return { exit: exitOfRun(run), json: run, lines: [...runLines(run, look), ...nextLines(run, typed)] };
}

/** What can be done about a run that has ended, as commands to type. */
export function nextLines(run: Run, typed: Context['typed']): readonly string[] {
  const { runId, state, dryRun, adoption } = run;
  if (dryRun && state === 'completed') {
    // Approving would apply only what a number finds: a contact that its marker alone finds needs the account read again.
    if (adoption !== undefined) return adoption.linkable > 0 ? [`  Do it:  ${typed('adopt --apply')}`] : [];
    return plansSomething(run) ? [`  Apply exactly this plan:  ${typed(`approve ${runId}`)}`] : [];
  }
  if (state === 'held') {
    return [
      `  See whom:  ${typed(`records ${runId} --outcome held`)}`,
      `  Decide:    ${typed(`approve ${runId}`)}`,
      `        or   ${typed(`reject ${runId}`)}`,
    ];
  }
  if (state !== 'completed-with-errors') return [];
  return [
    `  See whom:  ${typed(`records ${runId} --outcome failed`)}`,
    `       and   ${typed(`records ${runId} --outcome rejected`)}`,
  ];
}

/** Counts of what a plan would change; the others count people who stay as they are. */
const CHANGES: readonly string[] = ['created', 'adopted', 'updated', 'moved', 'removed', 'restored', 'pulled', 'held'];

function plansSomething({ counts }: Run): boolean {
  return CHANGES.some((name) => (counts[name] ?? 0) > 0);
}

function startedReport({ look, typed }: Context, accepted: RunAccepted): Report {
  return {
    exit: EXIT.ok,
    json: accepted,
    lines: [
      `${look.paint.green('✔')} Run ${look.paint.bold(accepted.runId)} has started.`,
      `  Follow it:  ${typed(`status ${accepted.runId} --watch`)}`,
    ],
  };
}

function namesIn(text: string | undefined): readonly string[] | undefined {
  const names = text?.split(',').map((name) => name.trim());
  return names?.filter((name) => name !== '');
}
