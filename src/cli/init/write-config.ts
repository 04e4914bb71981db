import { access, writeFile } from 'node:fs/promises';
import type { Context } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { fileFailure } from '../file-failure.ts';
import { Refusal } from '../refusal.ts';

/** Asks before the file is written, and again, in other words, before one is replaced. Throws a Refusal on a no. */
export async function permitWriting({ given, dialogue }: Context, file: string): Promise<void> {
  const exists = await isThere(file);
  if (given.flag('yes')) {
    if (!exists || given.flag('overwrite')) return;
    throw notWritten(`${file} is there already and stays as it is.`, ['--overwrite replaces it.']);
  }
  const question = exists ? `${file} is there already. Replace it?` : `Write ${file}?`;
  const answer = await dialogue.ask(`${question} [y/N] `);
  if (/^y(es)?$/i.test(answer.trim())) return;
  throw notWritten('Nothing was written.', []);
}

/** Throws a Refusal when the place cannot be written to. */
export async function writeConfig(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw fileFailure(error, file, 'not-written', 'written');
  }
}

async function isThere(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch {
    // Not there, or not for us: then writing says so.
    return false;
  }
}

function notWritten(message: string, hints: readonly string[]): Refusal {
  return new Refusal(EXIT.usage, 'not-written', message, { hints });
}
