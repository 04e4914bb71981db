import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface ScriptRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script of ours as npm does, without holding up servers of this process. */
export function runScript(script: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<ScriptRun> {
  const child = spawn(process.execPath, ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', script, ...args], { env });
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? -1, ...said }));
  });
}

/** A program that stands in for one that is not on this machine. */
export interface StandIn {
  /** A PATH that has nothing but this program. */
  readonly path: string;
  /** How it was called, in order. */
  readonly calls: () => readonly string[];
  readonly remove: () => void;
}

/** `answers` says what is printed for arguments that begin so (exit code 0); anything else is refused with code 1. */
export function standIn(program: string, answers: Readonly<Record<string, string>>): StandIn {
  const path = mkdtempSync(join(tmpdir(), `${program}-`));
  const log = join(path, 'calls.txt');
  writeFileSync(log, '');
  const lines = [
    `#!${process.execPath}`,
    `const answers = ${JSON.stringify(answers)};`,
    `const called = process.argv.slice(2).join(' ');`,
    `require('node:fs').appendFileSync(${JSON.stringify(log)}, called + '\\n');`,
    `const key = Object.keys(answers).find((start) => called.startsWith(start));`,
    `if (key === undefined) { process.stderr.write('refused: ' + called); process.exit(1); }`,
    `process.stdout.write(answers[key]);`,
  ];
  writeFileSync(join(path, program), lines.join('\n'));
  chmodSync(join(path, program), 0o755);
  return {
    path,
    calls: () => readFileSync(log, 'utf8').split('\n').filter(Boolean),
    remove: () => rmSync(path, { recursive: true }),
  };
}

/** A PATH with no program on it. */
export function emptyPath(): StandIn {
  const nobody = standIn('nobody', {});
  rmSync(join(nobody.path, 'nobody'));
  return nobody;
}

/** What a script needs of the environment to run at all. */
export function bareEnvironment(path: string): NodeJS.ProcessEnv {
  return { PATH: path, HOME: dirname(path), TMPDIR: tmpdir() };
}
