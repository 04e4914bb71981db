import { RowConflict } from '../ports.ts';

/** For writes that are in vain when somebody was faster. */
export function ignoreConflict(error: unknown): void {
  if (!(error instanceof RowConflict)) throw error;
}
