import { EXIT } from './exit-codes.ts';
import { Refusal } from './refusal.ts';

/** Why a file cannot be read or written, as a Refusal. An error that is not one of the file system passes on. */
export function fileFailure(error: unknown, file: string, code: string, verb: 'read' | 'written'): Refusal {
  const system = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (typeof system !== 'string') throw error;
  const reason = system === 'ENOENT' && verb === 'read' ? 'there is no such file' : `it cannot be ${verb} (${system})`;
  return new Refusal(EXIT.usage, code, `${file}: ${reason}.`, { cause: error });
}
