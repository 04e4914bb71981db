import { NeighbourError } from '../../core/errors.ts';
import { SIGNATURE_DIGESTS } from '../../core/webhooks.ts';
import type { CallScope } from '../../core/ports.ts';
import type { SignatureDigest, SigningKey, Webhook, WebhookRegistry, WebhookWrite } from '../../core/webhooks.ts';
import { isObject } from './answers.ts';
import type { Exchange } from './exchange.ts';

const WEBHOOKS = '/v1/webhooks/messages';
const KEYS = '/v1/iam/signature_keys';
const PAGE_SIZE = 100;
/** As many as a forgotten event is worth: five tries, a minute apart, within the fifteen minutes that we accept. */
const RETRIES = { read_timeout: 20_000, retries: 5, retry_delay: 60 };

/** MessageMedia's webhooks and signature keys; `prefix` is the path of the base address. */
export function webhooksOf(exchange: Exchange, prefix: string): WebhookRegistry {
  const hooks = `${prefix}${WEBHOOKS}`;
  const keys = `${prefix}${KEYS}`;
  return {
    async webhooks(scope) {
      const found: Webhook[] = [];
      for (let page = 0; ; page += 1) {
        const path = `${hooks}?page=${page}&page_size=${PAGE_SIZE}`;
        const items = await exchange.call({ name: 'RetrieveWebhook', method: 'GET', path, read: readPage }, scope);
        found.push(...items.flatMap((item) => readWebhook(item) ?? []));
        if (items.length < PAGE_SIZE) return found;
      }
    },
    async createWebhook(webhook, scope) {
      const body = toJson(webhook);
      await exchange.call({ name: 'CreateWebhook', method: 'POST', path: hooks, body, read: () => true }, scope);
    },
    async updateWebhook(id, webhook, scope) {
      const path = `${hooks}/${encodeURIComponent(id)}`;
      const body = toJson(webhook);
      await exchange.call({ name: 'UpdateWebhook', method: 'PATCH', path, body, read: () => true }, scope);
    },
    enabledKey: (scope) => enabledKey(exchange, `${keys}/enabled`, scope),
    createKey(digest, scope) {
      const body = JSON.stringify({ digest, cipher: 'RSA' });
      return exchange.call({ name: 'CreateSignatureKey', method: 'POST', path: keys, body, read: readNewKey }, scope);
    },
    async enableKey(keyId, scope) {
      const path = `${keys}/enabled`;
      const body = JSON.stringify({ key_id: keyId });
      await exchange.call({ name: 'EnableSignatureKey', method: 'PATCH', path, body, read: () => true }, scope);
    },
  };
}

async function enabledKey(
  exchange: Exchange,
  path: string,
  scope: CallScope,
): ReturnType<WebhookRegistry['enabledKey']> {
  try {
    return await exchange.call({ name: 'GetEnabledSignatureKey', method: 'GET', path, read: readKey }, scope);
  } catch (error) {
    if (!(error instanceof NeighbourError)) throw error;
    if (error.failure === 'not-found') return 'none';
    // The vendor's words: this feature has not been enabled in your account.
    if (error.failure === 'access-denied' && error.detail.status === 403) return 'not-available';
    throw error;
  }
}

function toJson({ url, events, template, headers }: WebhookWrite): string {
  return JSON.stringify({ url, method: 'POST', encoding: 'JSON', headers, events, template, ...RETRIES });
}

/** The vendor's contract says only that it is an object; its prose shows `pageData`. */
function readPage(json: unknown): readonly unknown[] | undefined {
  if (!isObject(json)) return undefined;
  const { pageData = [] } = json;
  return Array.isArray(pageData) ? pageData : undefined;
}

/** Webhooks of other kinds are none of ours. */
function readWebhook(json: unknown): Webhook | undefined {
  if (!isObject(json) || json['method'] !== 'POST' || json['encoding'] !== 'JSON') return undefined;
  const { id, url, events, template, headers } = json;
  if (typeof id !== 'string' || typeof url !== 'string') return undefined;
  const texts = isObject(headers) ? Object.entries(headers).map(([name, value]) => [name, String(value)]) : [];
  return {
    id,
    url,
    events: Array.isArray(events) ? events.map(String) : [],
    template: typeof template === 'string' ? template : '',
    headers: Object.fromEntries(texts) as Record<string, string>,
  };
}

function readKey(json: unknown): Omit<SigningKey, 'publicKey'> | undefined {
  if (!isObject(json) || typeof json['key_id'] !== 'string' || !isDigest(json['digest'])) return undefined;
  return { keyId: json['key_id'], digest: json['digest'] };
}

function readNewKey(json: unknown): SigningKey | undefined {
  const key = readKey(json);
  if (key === undefined || !isObject(json) || typeof json['public_key'] !== 'string') return undefined;
  return { ...key, publicKey: json['public_key'] };
}

function isDigest(value: unknown): value is SignatureDigest {
  return SIGNATURE_DIGESTS.some((digest) => digest === value);
}
