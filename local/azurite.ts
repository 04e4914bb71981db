import { spawn, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import { join } from 'node:path';

export interface AzuriteOptions {
  /** Keeps tables and queues in this folder between starts. Without it everything is in memory and gone after `stop`. */
  readonly folder?: string;
  /** Default: any free ones. */
  readonly ports?: { readonly blob: number; readonly queue: number; readonly table: number };
  /** `false` passes Azurite's access log on to this process's output. */
  readonly silent?: boolean;
}

export interface Azurite {
  readonly connectionString: string;
  readonly blobUrl: string;
  readonly queueUrl: string;
  readonly tableUrl: string;
  readonly pid?: number;
  /** Ends the process; answers when it is gone. Calling it twice is harmless. */
  stop(): Promise<void>;
}

const ACCOUNT = 'devstoreaccount1';
// The well-known key of the storage emulator, published by Microsoft; it protects nothing.
const ACCOUNT_KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

// It takes one to three seconds; the rest is for a machine that is busy with other tests.
const START_TIMEOUT_MS = 90_000;
const STOP_TIMEOUT_MS = 3_000;

// Loaded into the child before Azurite: when the parent dies, however it dies, its end of stdin closes and the child
// ends with it. Azurite's own signal handler writes the folder out; a connection that stays open gets a second, no more.
const EXIT_WITH_PARENT =
  "data:text/javascript,process.stdin.resume().on('close',()=>{process.emit('SIGTERM');setTimeout(process.exit,1000,0).unref()}).unref()";

/**
 * Starts the storage emulator as a child process on 127.0.0.1 and waits until blobs, queues and tables
 * answer. Any number can run at once; none outlives this process.
 */
export async function startAzurite(options: AzuriteOptions = {}): Promise<Azurite> {
  const child = spawn(process.execPath, azuriteArguments(options), { stdio: ['pipe', 'pipe', 'pipe'] });
  const addresses = await listening(child, options.silent ?? true);
  allowParentToEnd(child);
  const [blobUrl, queueUrl, tableUrl] = addresses.map((address) => `${address}/${ACCOUNT}`) as [string, string, string];
  return {
    connectionString: [
      'DefaultEndpointsProtocol=http',
      `AccountName=${ACCOUNT}`,
      `AccountKey=${ACCOUNT_KEY}`,
      `BlobEndpoint=${blobUrl}`,
      `QueueEndpoint=${queueUrl}`,
      `TableEndpoint=${tableUrl}`,
      '',
    ].join(';'),
    blobUrl,
    queueUrl,
    tableUrl,
    ...(child.pid === undefined ? {} : { pid: child.pid }),
    stop: () => stopped(child),
  };
}

function azuriteArguments({ folder, ports, silent = true }: AzuriteOptions): string[] {
  const executable = createRequire(join(process.cwd(), 'package.json')).resolve('azurite/dist/src/azurite.js');
  return [
    '--import',
    EXIT_WITH_PARENT,
    executable,
    ...(folder === undefined ? ['--inMemoryPersistence'] : ['--location', folder]),
    ...(silent ? ['--silent'] : []),
    '--skipApiVersionCheck',
    '--disableTelemetry',
    ...(['blob', 'queue', 'table'] as const).flatMap((service) => [
      `--${service}Host`,
      '127.0.0.1',
      `--${service}Port`,
      String(ports?.[service] ?? 0),
    ]),
  ];
}

/** The addresses of blob, queue and table, in this order, as Azurite prints them when each service accepts connections. */
function listening(child: ChildProcess, silent: boolean): Promise<string[]> {
  return new Promise((resolve, reject) => {
    let printed = '';
    const timer = setTimeout(() => fail(`did not start within ${START_TIMEOUT_MS / 1000} s`), START_TIMEOUT_MS);
    const onExit = (code: number | null): void => fail(`ended with code ${code} before it listened`);
    const fail = (what: string): void => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new Error(`Azurite ${what}. It printed: ${printed}`));
    };
    child.once('error', (error) => fail(`could not be started (${error.message})`));
    child.once('exit', onExit);
    child.stderr?.on('data', (chunk: Buffer) => (printed += String(chunk)));
    child.stdout?.on('data', (chunk: Buffer) => {
      if (!silent) process.stdout.write(chunk);
      printed += String(chunk);
      const found = [...printed.matchAll(/successfully listening at (\S+)/g)].map((match) => String(match[1]));
      if (found.length < 3) return;
      clearTimeout(timer);
      child.off('exit', onExit);
      child.stdout?.removeAllListeners('data');
      if (silent) child.stdout?.resume();
      else child.stdout?.pipe(process.stdout, { end: false });
      child.stderr?.removeAllListeners('data').resume();
      resolve(found);
    });
  });
}

/** A forgotten `stop` must not keep the parent alive: the child ends with it anyway. */
function allowParentToEnd(child: ChildProcess): void {
  child.unref();
  for (const stream of [child.stdin, child.stdout, child.stderr]) {
    if (stream instanceof Socket) stream.unref();
  }
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  child.stdin?.end();
  await gone;
  clearTimeout(timer);
}
