import type { SimResponse } from '../simulator/server.ts';
import { refuse } from './graph-replies.ts';

/** How many writes the service takes of the app in the tenant. */
export interface WriteLimit {
  readonly writes: number;
  readonly windowMs: number;
}

/** Counts a write, and answers the headers that go with its answer; refuses it with 429 when there were too many. */
export type CountWrite = () => NonNullable<SimResponse['headers']>;

const TOLD_ABOVE = 0.8;

/** Counts the writes of a sliding window. What was refused counts, too. */
export function createWriteCount(limit: () => WriteLimit, now: () => number): CountWrite {
  let times: number[] = [];
  return () => {
    const { writes, windowMs } = limit();
    const at = now();
    times = [...times.filter((time) => time > at - windowMs), at];
    const used = times.length / writes;
    const headers: Record<string, string> = { 'x-ms-resource-unit': '1' };
    if (used > TOLD_ABOVE) headers['x-ms-throttle-limit-percentage'] = Math.min(used, 1.8).toFixed(1);
    if (used <= 1) return headers;
    const oldest = times[times.length - writes - 1] ?? at;
    return refuse(429, 'TooManyRequests', 'Please retry again later.', {
      ...headers,
      'Retry-After': String(Math.max(1, Math.ceil((oldest + windowMs - at) / 1000))),
      'x-ms-throttle-information': 'WriteLimitExceeded',
    });
  };
}
