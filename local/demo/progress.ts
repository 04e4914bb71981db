import pc from 'picocolors';
import type { ApiRun } from '../stack/api-client.ts';
import { print } from './screen.ts';

/** What progress is measured by: the phase of the run, and the calls that have reached the simulators. */
export interface Sight {
  readonly run: ApiRun;
  /** Contacts written so far, and how many there will be; 0 when nobody knows. */
  readonly written: number;
  readonly toWrite: number;
  readonly calls: { readonly graph: number; readonly messageMedia: number };
}

export interface Progress {
  show(sight: Sight): void;
  /** Takes the bar away. */
  end(): void;
}

// Where the bar stands at the beginning of each phase; writing takes most of the time.
const PHASE_STARTS: Readonly<Record<string, number>> = {
  read: 0.02,
  split: 0.1,
  plan: 0.15,
  judge: 0.25,
  prepare: 0.3,
  apply: 0.35,
  close: 0.95,
  ended: 1,
};
// The whole line has to fit into 80 columns: a bar that wraps cannot be taken away.
const BAR_WIDTH = 18;
const CLEAR_LINE = '\r\u001b[2K';
const PLAIN_STEP = 0.25;

/** A bar that moves on a terminal; elsewhere a line per phase, and one per quarter of the contacts. */
export function createProgress(): Progress {
  return process.stdout.isTTY ? createBar() : createLines();
}

function createBar(): Progress {
  let furthest = 0;
  return {
    show(sight) {
      // Contacts may be known before the phase is: the bar never goes back.
      furthest = Math.max(furthest, shareDone(sight));
      const full = Math.round(furthest * BAR_WIDTH);
      const bar = pc.cyan('█'.repeat(full)) + pc.dim('░'.repeat(BAR_WIDTH - full));
      process.stdout.write(`${CLEAR_LINE}  ${bar}  ${words(sight)}`);
    },
    end() {
      process.stdout.write(CLEAR_LINE);
    },
  };
}

function createLines(): Progress {
  let last = '';
  return {
    show(sight) {
      const quarter = sight.toWrite === 0 ? 0 : Math.floor(sight.written / sight.toWrite / PLAIN_STEP);
      const step = `${sight.run.phase} ${sight.run.phase === 'apply' ? quarter : 0}`;
      if (step === last || sight.run.phase === 'ended') return;
      last = step;
      print(`  … ${words(sight)}`);
    },
    end: () => undefined,
  };
}

function shareDone({ run, written, toWrite }: Sight): number {
  const start = PHASE_STARTS[run.phase] ?? 0;
  if (run.phase !== 'apply' || toWrite === 0) return start;
  const end = PHASE_STARTS['close'] ?? 1;
  return start + (end - start) * Math.min(1, written / toWrite);
}

function words({ run, written, toWrite, calls }: Sight): string {
  const contacts = run.phase === 'apply' && toWrite > 0 ? `${Math.min(written, toWrite)}/${toWrite} contacts, ` : '';
  return `${run.phase.padEnd(7)}  ${contacts}Graph ${calls.graph}, MessageMedia ${calls.messageMedia}`;
}
