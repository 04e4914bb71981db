import { randomBytes } from 'node:crypto';
import type { Ids } from '../../core/ports.ts';

/** 128 random bits, as hex: safe as a row key, in a URL and in a file name, and the same in any case. */
export function createIds(): Ids {
  return { next: () => randomBytes(16).toString('hex') };
}
