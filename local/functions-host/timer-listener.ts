import type { Trigger } from './invoke.ts';
import { nextOccurrence, parseNcrontab } from './ncrontab.ts';
import { pause } from './pause.ts';

export interface TickOptions {
  readonly isPastDue?: boolean;
}

export interface TimerListener {
  /** Runs the function now, after a run that is still going on. Throws what the function threw. */
  tick(options?: TickOptions): Promise<void>;
  /** Runs it at every occurrence from now on. A failed run is not repeated; occurrences missed by a long one are skipped. */
  start(): void;
  /** No further runs; answers when the last one has ended. */
  stop(): Promise<void>;
}

/** The driver of one timer function. Throws for a schedule that is not NCRONTAB. */
export function createTimerListener(schedule: string, run: (trigger: Trigger) => Promise<unknown>): TimerListener {
  const parsed = parseNcrontab(schedule);
  const stopping = new AbortController();
  let lastRunMs = 0;
  let running: Promise<unknown> = Promise.resolve();
  let driver: Promise<void> = Promise.resolve();

  function tick({ isPastDue = false }: TickOptions = {}): Promise<void> {
    const previous = running;
    const current = (async () => {
      await previous.catch(() => undefined);
      const now = Date.now();
      const data = timerData(lastRunMs, nextOccurrence(parsed, now), now, isPastDue);
      lastRunMs = now;
      await run({ data, reason: `Timer fired at ${new Date(now).toISOString()}` });
    })();
    running = current;
    return current;
  }

  async function drive(): Promise<void> {
    while (!stopping.signal.aborted) {
      const next = nextOccurrence(parsed, Date.now());
      if (next === undefined) return;
      await pause(next - Date.now(), stopping.signal);
      if (stopping.signal.aborted) return;
      // The invocation has logged its own failure; a timer waits for its next occurrence.
      await tick().catch(() => undefined);
    }
  }

  return {
    tick,
    start: () => {
      driver = drive();
    },
    stop: async () => {
      stopping.abort();
      await driver;
      await running.catch(() => undefined);
    },
  };
}

// Names begin with a capital letter on the wire: the host is .NET; the library lowers them.
function timerData(lastMs: number, nextMs: number | undefined, nowMs: number, isPastDue: boolean): Trigger['data'] {
  const isoTime = (ms: number): string => new Date(ms).toISOString();
  const ScheduleStatus = {
    Last: isoTime(lastMs),
    Next: nextMs === undefined ? '9999-12-31T23:59:59.000Z' : isoTime(nextMs),
    LastUpdated: isoTime(nowMs),
  };
  return { json: JSON.stringify({ Schedule: { AdjustForDST: true }, ScheduleStatus, IsPastDue: isPastDue }) };
}
