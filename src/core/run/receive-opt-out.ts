import { readOptOutEvent } from '../consent/read-event.ts';
import type { SigningKey } from '../webhooks.ts';
import { enterEvent } from './consent-ledger.ts';
import type { Engine } from './engine.ts';
import { readState } from './state-row.ts';
import { readWebhookRow } from './webhook-row.ts';

/** The keys with which an event may be signed, none where they are not; undefined where no webhook was installed. */
export async function readSigningKeys(engine: Engine): Promise<readonly SigningKey[] | undefined> {
  return (await readWebhookRow(engine))?.keys;
}

/**
 * Enters the opt-out of an event whose locks were opened. It is in the ledger, and on its way into the account, when
 * this answers. `unreadable`: the event is not what our template makes.
 */
export async function receiveOptOut(engine: Engine, body: string): Promise<'entered' | 'repeated' | 'unreadable'> {
  const hash = engine.digest.hash(body);
  const optOut = readOptOutEvent(body, hash, engine.clock.now());
  if (optOut === undefined) {
    engine.log.event('webhook.unreadable', {});
    return 'unreadable';
  }
  // Under another pseudonym key it would be entered where nobody looks for it: refused, and sent again.
  await readState(engine);
  const result = await enterEvent(engine, optOut, hash);
  if (result === 'entered') engine.log.event('consent.noted', { source: 'webhook', optOuts: 1 });
  return result;
}
