import type { Neighbour } from '../core/errors.ts';
import type { Clock } from '../core/ports.ts';
import type { RequestEnd, TrafficMeter } from '../core/traffic.ts';

/** Called when a request goes out; what comes back is told the status of its answer, undefined when there is none. */
export type RequestWatch = () => (status: number | undefined) => void;

/** Measures what Azure's SDKs send to a neighbour: each try of theirs. */
export function watchRequests(neighbour: Neighbour, meter: TrafficMeter, clock: Pick<Clock, 'now'>): RequestWatch {
  return () => {
    const sentAt = clock.now();
    return (status) => meter.note(neighbour, { durationMs: clock.now() - sentAt, end: endOf(status) });
  };
}

/** Storage says 503 of an account that is asked too much. */
function endOf(status: number | undefined): RequestEnd {
  if (status === 429 || status === 503) return 'throttled';
  return status === undefined || status >= 500 ? 'failed' : 'answered';
}
