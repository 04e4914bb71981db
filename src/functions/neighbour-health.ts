import type { CallScope, Clock } from '../core/ports.ts';
import { NeighbourError } from '../core/errors.ts';
import type { Neighbour } from '../core/errors.ts';
import type { NeighbourHealth } from './api-schemas.ts';
import { codeOf } from './error-report.ts';
import { isoTime } from './run-view.ts';

/** One real, cheap call to a neighbour; throws when it fails. */
export type Probe = (scope: CallScope) => Promise<unknown>;

/** A dashboard that asks every few seconds must not become load for the neighbours. */
const FRESH_MS = 60_000;
/** A status that hangs is no status: an answer that takes longer counts as none. */
const TIME_OUT_MS = 10_000;

type Checked = Omit<NeighbourHealth, 'ageSeconds'> & { readonly at: number };

/** Answers each neighbour's health, from real calls at most a minute old. Never throws; callers at the same time share the calls. */
export function createNeighbourHealth(
  probes: Readonly<Partial<Record<Neighbour, Probe>>>,
  clock: Pick<Clock, 'now'>,
  timeOutMs = TIME_OUT_MS,
): () => Promise<NeighbourHealth[]> {
  const known = new Map<string, { readonly startedAt: number; readonly checked: Promise<Checked> }>();

  const check = ([neighbour, probe]: [string, Probe]): Promise<Checked> => {
    const last = known.get(neighbour);
    if (last !== undefined && clock.now() - last.startedAt < FRESH_MS) return last.checked;
    const checked = ask(neighbour as Neighbour, probe, clock, timeOutMs);
    known.set(neighbour, { startedAt: clock.now(), checked });
    return checked;
  };

  return async () => {
    const all = await Promise.all(Object.entries(probes).map(check));
    return all.map(({ at, ...health }) => ({
      ...health,
      ageSeconds: Math.max(0, Math.floor((clock.now() - at) / 1000)),
    }));
  };
}

async function ask(neighbour: Neighbour, probe: Probe, clock: Pick<Clock, 'now'>, timeOutMs: number): Promise<Checked> {
  const startedAt = clock.now();
  const started = performance.now();
  const failure = await within(neighbour, probe, timeOutMs);
  return {
    neighbour,
    ok: failure === undefined,
    ...(failure !== undefined && viewFailure(failure.error)),
    latencyMs: Math.round(performance.now() - started),
    checkedAt: isoTime(startedAt),
    at: startedAt,
  };
}

/** The words of a neighbour's failure are ours; a foreign error has none that could be shown. */
function viewFailure(error: unknown): Pick<NeighbourHealth, 'code' | 'access' | 'message'> {
  const code = codeOf(error);
  if (!(error instanceof NeighbourError)) return { code };
  const { access } = error.detail;
  return { code, ...(access !== undefined && { access }), message: error.message };
}

/** The probe's failure, if any. After the time is over the probe's retries stop at their next attempt. */
async function within(neighbour: Neighbour, probe: Probe, timeOutMs: number): Promise<{ error: unknown } | undefined> {
  const tooSlow = new NeighbourError(neighbour, 'unavailable', `No answer within ${timeOutMs} ms.`);
  const deadline = performance.now() + timeOutMs;
  const beforeAttempt = async (): Promise<void> => {
    if (performance.now() >= deadline) throw tooSlow;
  };
  let timer: NodeJS.Timeout | undefined;
  const timeOut = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(tooSlow), timeOutMs);
  });
  try {
    await Promise.race([probe({ beforeAttempt }), timeOut]);
    return undefined;
  } catch (error) {
    return { error };
  } finally {
    clearTimeout(timer);
  }
}
