import type { Account } from '../../local/messagemedia/account.ts';
import type { SubscribedWrite } from '../../local/messagemedia/call.ts';
import { seededRandom } from '../../local/simulator/random.ts';
import { createCredentials } from '../../src/adapters/messagemedia/credentials.ts';
import { createExchange } from '../../src/adapters/messagemedia/exchange.ts';
import { createLimiter } from '../../src/adapters/messagemedia/limiter.ts';
import type { Clock, ContactBook, Log } from '../../src/core/ports.ts';
import { NO_METER } from '../../src/core/traffic.ts';
import { createMemoryAccount } from './memory-account.ts';
import type { MemoryAccountOptions, MemoryWrite } from './memory-account.ts';
import { contactBookOver } from './memory-book-calls.ts';
import type { MemoryHooks } from './memory-calls.ts';

export interface MemoryContactBookOptions extends Omit<MemoryAccountOptions, 'now'>, MemoryHooks {
  /** Waits between tries pass on it; without faults there are none. */
  readonly clock: Clock;
  /** Told when the account is left alone for a while. */
  readonly log?: Log;
}

/** A ContactBook without sockets, and what a test wants to see and do behind its back. */
export interface MemoryContactBook extends ContactBook {
  /** What people do by hand in the account. */
  readonly account: Account;
  /** Every call that asked for a change, repetitions included. */
  readonly writes: readonly MemoryWrite[];
  /** Every wish to subscribe a number, also one that the adapter would not have sent. */
  readonly subscribedWrites: readonly SubscribedWrite[];
  /** Requests that the vendor's contract does not allow. */
  readonly violations: readonly string[];
  /** The API key is refused until `restorePermission`. */
  revoke(): void;
  restorePermission(): void;
  /** The same account as another worker sees it: with its own hooks, limiter, retry budget and breaker. */
  through(hooks: MemoryHooks): ContactBook;
}

const MAX_CONCURRENCY = 16;
const NO_LOG: Log = { event: () => undefined };

/** The simulated account as a ContactBook: the adapter's own readers, judges and retries over a wire in memory. */
export function createMemoryContactBook(options: MemoryContactBookOptions): MemoryContactBook {
  const { clock, seed = 1, log = NO_LOG } = options;
  const memory = createMemoryAccount({ ...options, now: () => clock.now() });
  const random = seededRandom(seed);
  const through = (hooks: MemoryHooks): ContactBook => {
    const exchange = createExchange({
      wire: memory.wire(hooks),
      limiter: createLimiter({ ceiling: MAX_CONCURRENCY, clock }),
      credentials: createCredentials(() => Promise.resolve({ key: 'memory-key', secret: 'memory-secret' })),
      clock,
      random,
      log,
      meter: NO_METER,
    });
    return contactBookOver(exchange, memory.subscribedWrites);
  };
  return {
    ...through(options),
    account: memory.account,
    writes: memory.writes,
    subscribedWrites: memory.subscribedWrites,
    violations: memory.violations,
    revoke() {
      memory.isRevoked = true;
    },
    restorePermission() {
      memory.isRevoked = false;
    },
    through,
  };
}
