import { Command as Program, CommanderError } from 'commander';
import type { Command, Given } from './command.ts';
import { COMMANDS, GLOBAL_OPTIONS } from './commands.ts';
import { EXIT, EXIT_WORDS } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';

/** What the command line asks for: a command, or an exit at once because the help was shown or the words are wrong. */
export type Asked =
  | { readonly command: Command; readonly given: Given }
  | { readonly exit: ExitCode; readonly message: string | undefined };

export interface HelpOutput {
  readonly write: (text: string) => void;
  readonly width: number;
}

/** Reads the words after the program's own name. `argv` without node and script; nothing is run. */
export function readCommandLine(argv: readonly string[], help: HelpOutput): Asked {
  let asked: Asked | undefined;
  const program = createProgram(help, (command, given) => {
    asked = { command, given };
  });
  try {
    program.parse(argv.length === 0 ? ['--help'] : argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { exit: EXIT.ok, message: undefined };
    return { exit: EXIT.usage, message: error.message.replace(/^error: /, '') };
  }
  return asked!;
}

function createProgram(help: HelpOutput, choose: (command: Command, given: Given) => void): Program {
  const program = configured(new Program('npm run sync --'), help)
    .description('Keeps MessageMedia contact lists in step with Microsoft Entra ID, from the command line.')
    .addHelpText('after', () => exitHelp());
  for (const { flags, description } of GLOBAL_OPTIONS) program.option(flags, description);
  for (const command of COMMANDS) {
    const added = configured(program.command(command.name), help).summary(command.summary).description(command.summary);
    for (const { name, description } of command.arguments ?? []) added.argument(name, description);
    for (const { flags, description } of command.options ?? []) added.option(flags, description);
    added.action((..._values: unknown[]) => choose(command, givenTo(added)));
  }
  return program;
}

/** Errors come back as values: how they are shown depends on `--json`. */
function configured(program: Program, { write, width }: HelpOutput): Program {
  return program
    .exitOverride()
    .showHelpAfterError(false)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: write,
      writeErr: () => undefined,
      getOutHelpWidth: () => width,
      getErrHelpWidth: () => width,
    });
}

function givenTo(program: Program): Given {
  const values = program.optsWithGlobals<Readonly<Record<string, unknown>>>();
  const valueOf = (name: string): unknown =>
    values[name.replace(/-([a-z])/g, (_dash, letter: string) => letter.toUpperCase())];
  return {
    argument: (at) => program.args[at],
    flag: (name) => valueOf(name) === true,
    text(name) {
      const value = valueOf(name);
      return typeof value === 'string' ? value : undefined;
    },
  };
}

function exitHelp(): string {
  const names = Object.keys(EXIT) as (keyof typeof EXIT)[];
  return ['', 'Exit codes:', ...names.map((name) => `  ${EXIT[name]}  ${EXIT_WORDS[name]}`)].join('\n');
}
