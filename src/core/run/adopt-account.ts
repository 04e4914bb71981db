import type { Engine } from './engine.ts';
import type { RunRow } from './run-row.ts';
import { startRun } from './start-run.ts';

/**
 * Matches an account that was there before: a full run that reads all contacts besides, so that people are found by
 * the marker of their contact, too, and reports what nobody wants. Throws SyncError('run-active').
 */
export function adoptAccount(
  engine: Engine,
  request: { readonly dryRun: boolean; readonly reason?: string },
): Promise<RunRow> {
  return startRun(engine, { ...request, mode: 'full', trigger: 'http', adopt: true });
}
