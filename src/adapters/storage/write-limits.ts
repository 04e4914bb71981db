import type { RowChange } from '../../core/ports.ts';

/**
 * The most one `write` may carry. Azure takes 1 MiB a row and 4 MiB a transaction, counted after its own encoding, which
 * the emulator does not check: these stay below. Sizes are bytes after compression.
 */
export const WRITE_LIMITS = {
  changes: 100,
  rowBytes: 700 * 1024,
  transactionBytes: 4 * 1024 * 1024 - 64 * 1024,
  keyCharacters: 512,
  /** A string property holds 32 Ki UTF-16 characters. */
  facetsCharacters: 32_000,
} as const;

const KEY = /^[A-Za-z0-9:_.-]+$/;

export function changedKey(change: RowChange): string {
  return change.kind === 'delete' ? change.key : change.row.key;
}

/** Throws RangeError unless the text can be a partition or row key. */
export function checkKey(key: string): void {
  if (KEY.test(key) && key.length <= WRITE_LIMITS.keyCharacters) return;
  // Not quoted: what is no key may be a number or a name that somebody forgot to hash.
  throw new RangeError(
    `A key has 1 to ${WRITE_LIMITS.keyCharacters} characters of A-Z a-z 0-9 : _ . - and this one of ${key.length} characters does not fit.`,
  );
}

/** Throws RangeError unless the text can begin a row key; an empty prefix means every row. */
export function checkPrefix(prefix: string): void {
  if (prefix !== '') checkKey(prefix);
}

/** Throws RangeError when one `write` has too many changes, a key twice or an impossible key. */
export function checkChanges(partition: string, changes: readonly RowChange[]): void {
  if (changes.length > WRITE_LIMITS.changes) {
    throw new RangeError(`A write has at most ${WRITE_LIMITS.changes} changes; this one has ${changes.length}.`);
  }
  checkKey(partition);
  const keys = changes.map(changedKey);
  keys.forEach(checkKey);
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) throw new RangeError(`The key ${twice} is written twice in one write.`);
}
