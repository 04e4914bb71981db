import { seededRandom } from './random.ts';

/** What a fault looks at; an absent field matches everything. */
export interface FaultMatch {
  readonly method?: string;
  /** Tested against the path without the query. */
  readonly path?: RegExp;
  /** Tested against the query as it was sent, without `?`. */
  readonly query?: RegExp;
  readonly body?: RegExp;
}

export interface StatusFault {
  readonly status: number;
  /** Sent as Retry-After: a number of seconds, or any text (`'Wed, 21 Oct 2026 07:28:00 GMT'`, garbage). */
  readonly retryAfter?: number | string;
  /** Sends `retryAfter` seconds as an HTTP date instead of a number. */
  readonly retryAfterAs?: 'seconds' | 'http-date';
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: the simulator's own error shape. `'html'` is a gateway's page, `'empty'` no body at all. */
  readonly body?: 'html' | 'empty' | object;
}

/**
 * `drop` cuts the connection before the request is handled, `dropAfterCommit` after it (the effect stays),
 * `truncate` sends half of the answer's body, `hang` never answers, `delay` waits (ms) and then answers normally.
 */
export type FaultAction = StatusFault | { readonly delay: number } | 'drop' | 'dropAfterCommit' | 'truncate' | 'hang';

export interface FaultSpec {
  readonly match?: FaultMatch;
  /** Fires on this matching request only, counted from 1. */
  readonly nth?: number;
  /** Fires on every such matching request: 3 means the 3rd, 6th, 9th… */
  readonly every?: number;
  /** Fires at most this often. */
  readonly times?: number;
  /** Fires with this probability (0 to 1), drawn from the seed. */
  readonly probability?: number;
  readonly do: FaultAction;
}

export interface ActiveFault {
  readonly spec: FaultSpec;
  readonly matched: number;
  readonly fired: number;
  remove(): void;
}

export interface FaultSubject {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: string;
}

export interface Faults {
  /** Arms a fault. The answer counts how often it matched and fired. */
  add(spec: FaultSpec): ActiveFault;
  /** Disarms all faults; their counts stay readable. */
  clear(): void;
  readonly active: readonly ActiveFault[];
  /** The action for this request: that of the first armed fault that is due; counts the match for all. */
  pick(subject: FaultSubject): FaultAction | undefined;
}

/** An empty set of faults; `seed` decides the draws of `probability`. */
export function createFaults(seed = 1): Faults {
  const random = seededRandom(seed);
  let active: (ActiveFault & { matched: number; fired: number })[] = [];
  return {
    get active() {
      return active;
    },
    add(spec) {
      const fault = {
        spec,
        matched: 0,
        fired: 0,
        remove: () => {
          active = active.filter((other) => other !== fault);
        },
      };
      active.push(fault);
      return fault;
    },
    clear() {
      active = [];
    },
    pick(subject) {
      const matching = active.filter((fault) => matches(fault.spec.match, subject));
      for (const fault of matching) fault.matched += 1;
      const due = matching.find((fault) => isDue(fault, random));
      if (due !== undefined) due.fired += 1;
      return due?.spec.do;
    },
  };
}

function matches(match: FaultMatch | undefined, subject: FaultSubject): boolean {
  if (match === undefined) return true;
  if (match.method !== undefined && match.method.toUpperCase() !== subject.method) return false;
  return found(match.path, subject.path) && found(match.query, subject.query) && found(match.body, subject.body);
}

// `search` ignores lastIndex, so a pattern with the g flag does not skip every other request.
function found(pattern: RegExp | undefined, text: string): boolean {
  return pattern === undefined || text.search(pattern) >= 0;
}

function isDue(fault: ActiveFault, random: () => number): boolean {
  const { nth, every, times, probability } = fault.spec;
  if (times !== undefined && fault.fired >= times) return false;
  if (nth !== undefined && fault.matched !== nth) return false;
  if (every !== undefined && fault.matched % every !== 0) return false;
  return probability === undefined || random() < probability;
}
