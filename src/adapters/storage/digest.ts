import { createHmac, hash } from 'node:crypto';
import type { Digest } from '../../core/ports.ts';

/**
 * Keyed and plain SHA-256, both base64url. A plain hash of a phone number is undone in minutes by trying all numbers;
 * without the pseudonym key an HMAC is not.
 */
export function createDigest(pseudonymKey: string): Digest {
  if (pseudonymKey === '') throw new RangeError('The pseudonym key is empty.');
  return {
    pseudonym: (text) => createHmac('sha256', pseudonymKey).update(text).digest('base64url'),
    hash: (text) => hash('sha256', text, 'base64url'),
  };
}
