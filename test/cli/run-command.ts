import type { Given } from '../../src/cli/command.ts';
import { COMMANDS } from '../../src/cli/commands.ts';
import { execute } from '../../src/cli/execute.ts';

export interface Words {
  readonly arguments?: readonly string[];
  /** `true` for a flag. */
  readonly options?: Readonly<Record<string, string | true>>;
  /** What the person at the terminal answers, in order; absent where nobody is there. */
  readonly answers?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface Shown {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
  readonly questions: readonly string[];
  readonly progress: readonly string[];
}

/** 14 October 2026, seven in the morning, UTC. */
const NOW = Date.parse('2026-10-14T07:00:00.000Z');

/** Runs a command in this process, in 80 columns without colours, on a clock that only sleeping moves. */
export async function runCommand(
  name: string,
  app: { readonly url: string } | undefined,
  words: Words = {},
): Promise<Shown> {
  const command = COMMANDS.find((one) => one.name === name)!;
  const shown = { out: '', err: '' };
  const questions: string[] = [];
  const progress: string[] = [];
  const answers = [...(words.answers ?? [])];
  let now = NOW;
  const exit = await execute(command, givenBy(words), {
    env: { ...(app !== undefined && { ENTRA_SYNC_URL: app.url, ENTRA_SYNC_KEY: 'a-key' }), ...words.env },
    out: (text) => (shown.out += text),
    err: (text) => (shown.err += text),
    colours: false,
    width: 80,
    timeZone: 'UTC',
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
    person:
      words.answers === undefined
        ? undefined
        : {
            ask: async (question) => {
              questions.push(question);
              const answer = answers.shift();
              if (answer === undefined) throw new Error(`Nobody answers: ${question}`);
              return answer;
            },
          },
    progress: (text) => progress.push(text),
  });
  return { exit, ...shown, questions, progress };
}

function givenBy({ arguments: values = [], options = {} }: Words): Given {
  return {
    argument: (at) => values[at],
    flag: (name) => options[name] === true,
    text(name) {
      const value = options[name];
      return typeof value === 'string' ? value : undefined;
    },
  };
}

/** The one JSON value that was shown. */
export function jsonOf({ out }: Pick<Shown, 'out'>): Record<string, unknown> {
  return JSON.parse(out) as Record<string, unknown>;
}
