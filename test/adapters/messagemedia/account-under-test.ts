import { startMessageMedia } from '../../../local/messagemedia/server.ts';
import type { MessageMedia, MessageMediaOptions } from '../../../local/messagemedia/server.ts';
import { createContactBook } from '../../../src/adapters/messagemedia/contact-book.ts';
import type { ContactBookOptions } from '../../../src/adapters/messagemedia/contact-book.ts';
import { anImpatientClock } from '../../support/neighbour-calls.ts';
import { trustedTls } from '../../support/trusted-tls.ts';

export const CREDENTIALS = { apiKey: 'key-of-the-test', apiSecret: 'canary-api-secret' };

/** A simulated account over real TLS. */
export async function anAccount(options: Partial<MessageMediaOptions> = {}): Promise<MessageMedia> {
  return startMessageMedia({ tls: await trustedTls(), ...CREDENTIALS, ...options });
}

/** A contact book whose waits take no time and whose jitter is always half of the bound. */
export function aBook(origin: string, options: Partial<ContactBookOptions> = {}) {
  return createContactBook({
    baseUrl: origin,
    credentials: () => Promise.resolve({ key: CREDENTIALS.apiKey, secret: CREDENTIALS.apiSecret }),
    maxConcurrency: 16,
    clock: anImpatientClock(),
    random: () => 0.5,
    ...options,
  });
}
