import { NeighbourError, SyncError } from '../../src/core/errors.ts';
import type { RowChange, TableName } from '../../src/core/ports.ts';
import { RowConflict } from '../../src/core/ports.ts';
import type { RunRow } from '../../src/core/run/run-row.ts';
import { PERSONAL } from './people.ts';
import { keyOf } from './rows.ts';
import { violate } from './sim.ts';
import type { Sim, Worker } from './sim.ts';

/** I9: no number, mail address, name or secret where it does not belong. Errors that nobody foresaw are defects. */
export interface WatchPrivacy {
  messageSent(message: unknown): void;
  logged(event: string, text: string): void;
  thrown(worker: Worker, error: unknown): void;
  rowsWritten(table: TableName, changes: readonly RowChange[]): void;
}

const SECRET = /memory-(key|secret)/;
const DEPARTMENT = /\b(sales|support|finance)\b/i;
const CANARIES = [PERSONAL, SECRET];
const KEY_CANARIES = [PERSONAL, SECRET, DEPARTMENT];

function words(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.name}: ${error.message}${error.cause === undefined ? '' : ` (${words(error.cause)})`}`;
}

export function watchPrivacy(sim: Sim): WatchPrivacy {
  const check = (what: string, text: string, canaries: readonly RegExp[]): void => {
    if (canaries.some((canary) => canary.test(text))) violate(sim, 'I9', `${what} tells something personal: ${text}`);
  };
  return {
    messageSent: (message) => check('a message', JSON.stringify(message), KEY_CANARIES),
    logged(event, text) {
      check(`the event ${event}`, text, CANARIES);
      if (event === 'person.failed') violate(sim, 'defect', `an error of our own ended somebody's operation: ${text}`);
    },
    thrown(worker, error) {
      const text = words(error);
      check('an error', text, CANARIES);
      const isForeseen = error instanceof SyncError || error instanceof NeighbourError || error instanceof RowConflict;
      if (isForeseen) return;
      const place = error instanceof Error ? (error.stack ?? '').split('\n').slice(1, 4).join(' ') : '';
      violate(sim, 'defect', `${worker.name} threw ${text} ${place}`);
    },
    rowsWritten(table, changes) {
      for (const change of changes) {
        check('a row key', keyOf(change), KEY_CANARIES);
        if (table !== 'runs' || change.kind === 'delete') continue;
        const { error, stopping } = change.row.body as RunRow;
        check('the error of a run', JSON.stringify([error, stopping]), CANARIES);
      }
    },
  };
}
