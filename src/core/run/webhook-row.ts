import type { SigningKey } from '../webhooks.ts';
import { SyncError } from '../errors.ts';
import type { Engine, WebhookSetup } from './engine.ts';

/** Below the public address. The route of the function `receive-webhook`. */
export const WEBHOOK_PATH = '/api/webhooks/messagemedia';
/** Carries the secret that every event has to bring. */
export const SECRET_HEADER = 'X-Entra-Sync-Secret';

const KEY = 'webhook';
/** Events signed with the former key may still be on their way when a new one is enabled. */
const KEYS_KEPT = 2;

/** What was set up at MessageMedia: the keys, newest first, with which events may be signed; none where they are not. */
export interface WebhookRow {
  readonly url: string;
  readonly keys: readonly SigningKey[];
  readonly installedAt: number;
}

export async function readWebhookRow({ tables, config }: Engine): Promise<WebhookRow | undefined> {
  return (await tables.state.get(config.name, KEY))?.body as WebhookRow | undefined;
}

export async function writeWebhookRow({ tables, config }: Engine, row: WebhookRow): Promise<void> {
  const keys = row.keys.slice(0, KEYS_KEPT);
  await tables.state.write(config.name, [{ kind: 'put', row: { key: KEY, body: { ...row, keys } } }]);
}

export function webhookUrl({ publicBaseUrl }: Pick<WebhookSetup, 'publicBaseUrl'>): string {
  return `${publicBaseUrl}${WEBHOOK_PATH}`;
}

/** Throws `configuration-invalid` where the app has no public address. */
export function webhookSetup({ webhook }: Engine): WebhookSetup {
  if (webhook !== undefined) return webhook;
  const expected = 'the address of this app as MessageMedia calls it: without it there is no webhook';
  throw new SyncError('configuration-invalid', 'The webhook needs PUBLIC_BASE_URL.', {
    problems: [{ name: 'PUBLIC_BASE_URL', expected }],
  });
}
