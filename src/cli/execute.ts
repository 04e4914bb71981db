import { createApi } from './api/api.ts';
import { createCallApp } from './api/call-app.ts';
import type { Command, Context, Dialogue, Given, Report } from './command.ts';
import { readConnection } from './connection.ts';
import type { Connection } from './connection.ts';
import { EXIT } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import { Refusal } from './refusal.ts';
import { createLook, marked, wrapped } from './screen/look.ts';
import type { Look } from './screen/look.ts';

/** What a command has around it; a test gives another. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly colours: boolean;
  readonly width: number;
  /** Of the times that are shown; undefined is that of this computer. */
  readonly timeZone?: string;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** The person at the terminal; undefined where nobody is. */
  readonly person: Pick<Dialogue, 'ask'> | undefined;
  readonly progress: (text: string) => void;
}

/** Runs one command and shows its report, or why there is none. Answers the exit code. */
export async function execute(command: Command, given: Given, around: Surroundings): Promise<ExitCode> {
  const isJson = given.flag('json');
  const look = createLook(around.colours && !isJson, around.width, around.timeZone);
  try {
    const report = await command.run(contextOf(given, look, around));
    show(report, isJson, around);
    return report.exit;
  } catch (error) {
    const refusal = error instanceof Refusal ? error : undefined;
    showRefusal(refusal ?? unexpected(error), isJson, look, around);
    return refusal?.exit ?? EXIT.unexpected;
  }
}

function contextOf(given: Given, look: Look, around: Surroundings): Context {
  const { env, out, now, sleep, person, progress } = around;
  const isJson = given.flag('json');
  let known: Connection | undefined;
  const connection = (): Connection =>
    (known ??= readConnection({ url: given.text('url'), key: given.text('key') }, env));
  const dialogue: Dialogue = {
    isAnswered: person !== undefined && !isJson,
    say: (lines) => {
      if (!isJson) out(linesText(lines));
    },
    progress,
    ask: async (question) => (isJson ? '' : ((await person?.ask(question)) ?? '')),
  };
  return {
    api: () => createApi(createCallApp(connection())),
    url: () => connection().url,
    given,
    look,
    dialogue,
    now,
    sleep,
    typed: (words) => `npm run sync -- ${words}${given.text('url') === undefined ? '' : ` --url ${connection().url}`}`,
  };
}

function show({ json, lines }: Report, isJson: boolean, { out }: Surroundings): void {
  out(isJson ? `${JSON.stringify(json, undefined, 2)}\n` : linesText(lines));
}

function linesText(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

/** With `--json` the refusal is the one value on standard output: a program reads it like an answer. */
function showRefusal(refusal: Refusal, isJson: boolean, look: Look, { out, err }: Surroundings): void {
  const { exit, code, message, hints, problem } = refusal;
  if (isJson) {
    out(
      `${JSON.stringify({ error: { code, message, exit, hints, ...(problem !== undefined && { problem }) } }, undefined, 2)}\n`,
    );
    return;
  }
  err(linesText(refusalLines(refusal, look)));
}

export function refusalLines({ message, hints }: Pick<Refusal, 'message' | 'hints'>, look: Look): readonly string[] {
  return [
    ...marked(look.paint.red('✖'), message, look),
    // What is laid out already (a line of a file with a mark below it) stays as it is.
    ...hints.flatMap((hint) => (hint.startsWith(' ') ? [hint] : wrapped(hint, look, 2))),
  ];
}

/** A bug of ours: its place helps whoever mends it. */
function unexpected(error: unknown): Refusal {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const [message = '', ...places] = text.split('\n');
  return new Refusal(EXIT.unexpected, 'unexpected', `Something unexpected went wrong: ${message}`, {
    hints: places.map((place) => `    ${place.trim()}`),
    cause: error,
  });
}
