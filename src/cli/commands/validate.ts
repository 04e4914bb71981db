import { readFile } from 'node:fs/promises';
import { parseSyncConfig } from '../../core/config/parse.ts';
import type { ConfigProblem } from '../../core/config/parse.ts';
import { describeSchedule, upcoming } from '../../core/config/schedule.ts';
import type { SyncConfig } from '../../core/config/sync-config.ts';
import type { Command, Report } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { fileFailure } from '../file-failure.ts';
import { wrapped } from '../screen/look.ts';
import type { Look } from '../screen/look.ts';
import { timeText } from '../screen/times.ts';
import { counted } from '../screen/words.ts';

export const DEFAULT_FILE = 'sync.config.json';
const NEXT_RUNS = 5;

export const validateCommand: Command = {
  name: 'validate',
  arguments: [{ name: '[file]', description: `the configuration (${DEFAULT_FILE})` }],
  summary: 'check a configuration, without the app',
  async run({ given, look, now }) {
    const file = given.argument(0) ?? DEFAULT_FILE;
    const text = await readConfiguration(file);
    const reading = parseSyncConfig(text, file);
    return reading.ok ? validReport(file, reading.config, look, now()) : invalidReport(text, reading.problems, look);
  },
};

/** The text of a file that somebody named. Throws a Refusal when it cannot be read. */
async function readConfiguration(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw fileFailure(error, file, 'configuration-invalid', 'read');
  }
}

/** The next runs of a configuration, in milliseconds since 1970. */
export function nextRuns({ schedule, timeZone }: SyncConfig, now: number): readonly number[] {
  return upcoming(schedule, timeZone, now, NEXT_RUNS);
}

function validReport(file: string, config: SyncConfig, look: Look, now: number): Report {
  const next = nextRuns(config, now);
  const words = describeSchedule(config.schedule, config.timeZone);
  const fullWords = describeSchedule(config.fullSchedule, config.timeZone);
  return {
    exit: EXIT.ok,
    json: { file, valid: true, problems: [], next: next.map((at) => new Date(at).toISOString()) },
    lines: [
      `${look.paint.green('✔')} ${look.paint.bold(file)} is valid.`,
      ...wrapped(`Runs ${words}; everybody is compared ${fullWords}${contactsText(config)}.`, look, 2),
      ...next.map((at, index) => `  ${index === 0 ? 'Next: ' : '      '}${timeText(at, config)}`),
    ],
  };
}

function contactsText({ reconcileSchedule, timeZone }: SyncConfig): string {
  return reconcileSchedule === undefined ? '' : `, their contacts too ${describeSchedule(reconcileSchedule, timeZone)}`;
}

function invalidReport(text: string, problems: readonly ConfigProblem[], look: Look): Report {
  const lines = text.split(/\r?\n/);
  const file = problems[0]!.source;
  return {
    exit: EXIT.usage,
    json: { file, valid: false, problems },
    lines: [
      ...problems.flatMap((problem) => [...problemLines(problem, lines[problem.line - 1]!, look), '']),
      `${look.paint.red('✖')} ${counted(problems.length, 'problem')} in ${look.paint.bold(file)}.`,
    ],
  };
}

/** A problem with the line it is in. The place is written so that an editor's terminal makes a link of it. */
export function problemLines(problem: ConfigProblem, line: string, look: Look): readonly string[] {
  const { source, line: number, column, path, found, expected, nearest } = problem;
  const { paint } = look;
  const what = found === undefined ? `expected ${expected}` : `found ${found}, expected ${expected}`;
  const guess = nearest === undefined ? '' : ` (did you mean "${nearest}"?)`;
  return [
    `${paint.bold(`${source}:${number}:${column}`)}${path === '' ? '' : `  ${path}`}`,
    ...excerpt(line, column, look),
    ...wrapped(`${what}${guess}`, look, 2),
  ];
}

/** The line, cut to the width around the column, and a mark below it. */
function excerpt(line: string, column: number, { paint, width }: Look): readonly string[] {
  const room = width - 4;
  const start = Math.max(0, Math.min(column - 1 - Math.floor(room / 2), line.length - room));
  const part = line.slice(start, start + room).replaceAll('\t', ' ');
  if (part.trim() === '') return [];
  return [`    ${paint.dim(part)}`, `    ${' '.repeat(column - 1 - start)}${paint.red('^')}`];
}
