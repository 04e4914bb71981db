import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { createKeys } from './function-keys.ts';
import type { FunctionsHost, FunctionsHostOptions } from './host.ts';
import type { Failure, HostReply, HostRequest, Started, Usage } from './host-protocol.ts';
import type { OnLog } from './log-entry.ts';

export interface HostProcess extends FunctionsHost {
  readonly pid: number;
  /** Settles when the process has ended, however it ended. */
  readonly exited: Promise<Exit>;
  usage(): Promise<Usage>;
  /** Ends the process at once, as a crash would (default SIGKILL), and answers when it is gone. */
  kill(signal?: NodeJS.Signals): Promise<Exit>;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

// Of the parent's environment the child gets what a process needs to run; what configures an app comes from `settings` alone.
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot'];
const CHILD = join('local', 'functions-host', 'child.ts');

// A function may run for minutes; a stop that takes longer than this is a hang.
const STOP_TIMEOUT_MS = 60_000;

/**
 * Starts a function app in a process of its own, with the settings as its environment, and waits until it is ready.
 * The process ends with this one. Run it from the root of the repository.
 */
export async function startHostProcess(options: FunctionsHostOptions): Promise<HostProcess> {
  const { onLog = () => undefined, ...childOptions } = options;
  const keys = createKeys(options.keys);
  const child = spawn(process.execPath, ['--enable-source-maps', join(process.cwd(), CHILD)], {
    env: { ...inheritedEnvironment(), ...options.settings },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const exited = new Promise<Exit>((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));
  forwardOutput(child, onLog);
  const ask = createAsk(child, exited, onLog);
  const kill = (signal: NodeJS.Signals = 'SIGKILL'): Promise<Exit> => {
    child.kill(signal);
    return exited;
  };

  try {
    const start = {
      kind: 'start',
      options: { ...childOptions, keys: { master: keys.master, host: keys.host } },
    } as const;
    const { origin, functions } = (await ask(start)) as Started;
    return {
      origin,
      functions,
      keys,
      pid: child.pid as number,
      exited,
      kill,
      invokeTimer: async (name, tickOptions = {}) => {
        await ask({ kind: 'invoke-timer', name, options: tickOptions });
      },
      usage: async () => (await ask({ kind: 'usage' })) as Usage,
      stop: () => stop(child, ask, exited),
    };
  } catch (error) {
    await kill();
    throw error;
  }
}

type WithoutId<Request> = Request extends unknown ? Omit<Request, 'id'> : never;
type Ask = (request: WithoutId<HostRequest>) => Promise<unknown>;

function createAsk(child: ChildProcess, exited: Promise<Exit>, onLog: OnLog): Ask {
  const waiting = new Map<number, (reply: { readonly value?: unknown; readonly error?: Failure }) => void>();
  let lastId = 0;
  let ended: Exit | undefined;
  const failAll = (exit: Exit): void => {
    ended = exit;
    for (const settle of waiting.values()) settle({ error: { message: endedText(exit) } });
    waiting.clear();
  };
  void exited.then(failAll);
  child.once('error', (error) => onLog({ level: 'error', category: 'Host.Process', message: error.message }));
  child.on('message', (reply: HostReply) => {
    if (reply.kind === 'log') return onLog(reply.entry);
    waiting.get(reply.id)?.(reply);
    waiting.delete(reply.id);
  });
  return (request) =>
    new Promise((resolve, reject) => {
      if (ended !== undefined) return reject(new Error(endedText(ended)));
      const id = (lastId += 1);
      waiting.set(id, ({ value, error }) =>
        error === undefined ? resolve(value) : reject(new Error(error.message, { cause: error.stack })),
      );
      // A send that fails means that the process is ending: `exited` settles the request.
      child.send({ ...request, id }, () => undefined);
    });
}

async function stop(child: ChildProcess, ask: Ask, exited: Promise<Exit>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  try {
    await ask({ kind: 'stop' });
  } finally {
    await exited;
    clearTimeout(timer);
  }
}

function endedText({ code, signal }: Exit): string {
  return `The functions host process has ended (${signal ?? `code ${code}`}).`;
}

/** What the app prints past its context, line by line, as the real host logs it. */
function forwardOutput(child: ChildProcess, onLog: OnLog): void {
  const forward = (stream: Readable | null, level: 'information' | 'error'): void => {
    if (stream === null) return;
    createInterface({ input: stream }).on('line', (message) =>
      onLog({ level, category: 'Host.Function.Console', message }),
    );
  };
  forward(child.stdout, 'information');
  forward(child.stderr, 'error');
}

function inheritedEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(INHERITED.filter((name) => name in process.env).map((name) => [name, process.env[name]]));
}
