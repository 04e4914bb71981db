import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

const BUNDLE = 'dist/sync.js';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command line in a process of its own, with nothing in its environment but what is given. */
export function runCli(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  if (!existsSync(BUNDLE)) throw new Error('The command line is not built: run `npm run build` first.');
  const child = spawn(process.execPath, [BUNDLE, ...words], {
    env: { TZ: 'UTC', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (ended.stdout += String(chunk)));
  child.stderr.on('data', (chunk: Buffer) => (ended.stderr += String(chunk)));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...ended })));
}

/** What the command line is told of an app in its environment. */
export function appEnv(app: { readonly url: string; readonly key?: string }): Readonly<Record<string, string>> {
  return { ENTRA_SYNC_URL: app.url, ENTRA_SYNC_KEY: app.key ?? 'a-key' };
}
