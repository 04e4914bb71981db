import type { Account } from '../../local/messagemedia/account.ts';
import type { Behaviour } from '../../local/messagemedia/call.ts';
import { startMessageMedia } from '../../local/messagemedia/server.ts';
import { createContactBook } from '../../src/adapters/messagemedia/contact-book.ts';
import type { ContactBook } from '../../src/core/ports.ts';
import { createFakeClock } from './fake-clock.ts';
import { createMemoryContactBook } from './memory-contact-book.ts';
import { anImpatientClock } from './neighbour-calls.ts';
import { trustedTls } from './trusted-tls.ts';

export interface ContactBookImplementation {
  readonly book: ContactBook;
  readonly account: Account;
  /** How many calls have reached the account. */
  readonly calls: () => number;
  /** From now on the account refuses the API key. */
  readonly revoke: () => void;
  /** Requests that the vendor's contract does not allow. */
  readonly violations: () => readonly unknown[];
  readonly stop: () => Promise<void>;
}

async function inMemory(behaviour: Partial<Behaviour>): Promise<ContactBookImplementation> {
  let calls = 0;
  const book = createMemoryContactBook({
    clock: createFakeClock(undefined, { sleepAdvances: true }),
    onCall: () => void (calls += 1),
    ...behaviour,
  });
  return {
    book,
    account: book.account,
    calls: () => calls,
    revoke: () => book.revoke(),
    violations: () => book.violations,
    stop: async () => undefined,
  };
}

const CREDENTIALS = { apiKey: 'key-of-the-contract', apiSecret: 'secret-of-the-contract' };

async function overMessageMedia(behaviour: Partial<Behaviour>): Promise<ContactBookImplementation> {
  const simulator = await startMessageMedia({ tls: await trustedTls(), ...CREDENTIALS, ...behaviour });
  const book = createContactBook({
    baseUrl: simulator.origin,
    credentials: () => Promise.resolve({ key: CREDENTIALS.apiKey, secret: CREDENTIALS.apiSecret }),
    maxConcurrency: 16,
    clock: anImpatientClock(),
  });
  const { account } = simulator;
  return {
    book,
    account,
    calls: () => simulator.requests.length,
    revoke: () => account.rotateCredentials({ ...CREDENTIALS, apiSecret: 'another' }),
    violations: () => account.violations,
    async stop() {
      await book.close();
      await simulator.close();
    },
  };
}

/** Everything that calls itself a ContactBook: each runs the same suites, in an account of its own. */
export const CONTACT_BOOK_IMPLEMENTATIONS: readonly (readonly [
  string,
  (behaviour: Partial<Behaviour>) => Promise<ContactBookImplementation>,
])[] = [
  ['in memory', inMemory],
  ['over MessageMedia', overMessageMedia],
];
