import { createDigest } from '../../src/adapters/storage/digest.ts';
import type { Digest, Ids } from '../../src/core/ports.ts';

/** The real digest with a key that is no secret: hashes in tests are the ones of production. */
export function createTestDigest(): Digest {
  return createDigest('pseudonym key of the tests');
}

/** Ids that can be read and foretold: `id-1`, `id-2`… */
export function createTestIds(prefix = 'id'): Ids {
  let count = 0;
  return { next: () => `${prefix}-${++count}` };
}
