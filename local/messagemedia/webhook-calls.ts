import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type { SimResponse } from '../simulator/server.ts';
import type { SignatureKeyRecord, WebhookRecord } from './account-state.ts';
import type { Call, Calls } from './call.ts';

export const webhookCalls: Calls = {
  RetrieveWebhook: listWebhooks,
  CreateWebhook: createWebhook,
  UpdateWebhook: updateWebhook,
  DeleteWebhook: deleteWebhook,
  CreateSignatureKey: ifSigning(createKey),
  GetSignatureKeyList: ifSigning(listKeys),
  GetEnabledSignatureKey: ifSigning(getEnabledKey),
  EnableSignatureKey: ifSigning(enableKey),
};

const DEFAULT_PAGE = 100;
const DIGESTS: readonly unknown[] = ['SHA224', 'SHA256', 'SHA512'];

interface WebhookRequest {
  readonly url: string;
  readonly method: string;
  readonly encoding: string;
  readonly events: readonly string[];
  readonly template: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly retries?: number;
  readonly retry_delay?: number;
}

function listWebhooks({ state, query }: Call): SimResponse {
  const page = Number(query.get('page') ?? 0);
  const pageSize = Number(query.get('page_size') ?? DEFAULT_PAGE);
  const pageData = [...state.webhooks.values()].slice(page * pageSize, (page + 1) * pageSize).map(shown);
  return { status: 200, body: { page, pageSize, pageData } };
}

function createWebhook({ state, body }: Call): SimResponse {
  const asked = body as WebhookRequest;
  if (!isUsable(asked)) return refused(400, 'The url is invalid, or the headers have a Content-Type.');
  const isTaken = [...state.webhooks.values()].some(({ url, method }) => url === asked.url && method === asked.method);
  if (isTaken) return refused(409, 'A webhook with the given url and method already exists.');
  const record: WebhookRecord = {
    id: randomUUID(),
    url: asked.url,
    method: asked.method,
    encoding: asked.encoding,
    events: asked.events,
    template: asked.template,
    headers: asked.headers ?? {},
    retries: asked.retries ?? 0,
    retryDelaySeconds: asked.retry_delay ?? 5,
  };
  state.webhooks.set(record.id, record);
  return { status: 201, body: shown(record) };
}

function updateWebhook({ state, params, body }: Call): SimResponse {
  const record = state.webhooks.get(params['webhookId'] ?? '');
  if (record === undefined) return { status: 404 };
  const { retry_delay: retryDelaySeconds = record.retryDelaySeconds, ...asked } = body as WebhookRequest;
  if (!isUsable(asked)) return refused(400, 'The url is invalid, or the headers have a Content-Type.');
  const { url, method, encoding, events, template, headers = record.headers, retries = record.retries } = asked;
  Object.assign(record, { url, method, encoding, events, template, headers, retries, retryDelaySeconds });
  return { status: 200, body: shown(record) };
}

function deleteWebhook({ state, params }: Call): SimResponse {
  return { status: state.webhooks.delete(params['webhookId'] ?? '') ? 204 : 404 };
}

function isUsable({ url, events, headers = {} }: WebhookRequest): boolean {
  const hasContentType = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  return URL.canParse(url) && events.length > 0 && !hasContentType;
}

function shown({ retryDelaySeconds, ...record }: WebhookRecord): object {
  return { ...record, retry_delay: retryDelaySeconds };
}

/** Signing is a paid option. */
function ifSigning(call: (call: Call) => SimResponse): (call: Call) => SimResponse {
  return (one) =>
    one.behaviour.signing === 'not-available'
      ? refused(403, 'This feature has not been enabled in your account.')
      : call(one);
}

function createKey({ state, behaviour, body }: Call): SimResponse {
  const { digest, cipher } = body as { readonly digest: string; readonly cipher: string };
  if (cipher !== 'RSA' || !DIGESTS.includes(digest)) return badRequest('/cipher or /digest is invalid');
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: Number(behaviour.signing) });
  const record: SignatureKeyRecord = {
    id: randomUUID(),
    digest,
    created: state.timestamp(),
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    privateKey: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    enabled: false,
  };
  state.signatureKeys.set(record.id, record);
  return { status: 201, body: { ...keyShown(record), public_key: record.publicKey } };
}

function listKeys({ state }: Call): SimResponse {
  return { status: 200, body: [...state.signatureKeys.values()].map(keyShown) };
}

function getEnabledKey({ state }: Call): SimResponse {
  const enabled = [...state.signatureKeys.values()].find((key) => key.enabled);
  return enabled === undefined ? refused(404, 'Currently no key is enabled') : { status: 200, body: keyShown(enabled) };
}

/** Only one key is enabled at a time. */
function enableKey({ state, body }: Call): SimResponse {
  const record = state.signatureKeys.get((body as { readonly key_id: string }).key_id);
  if (record === undefined) return refused(404, 'Entity not found');
  for (const key of state.signatureKeys.values()) key.enabled = key === record;
  return { status: 200, body: keyShown(record) };
}

/** The public half is told once, when the key is made. */
function keyShown({ id, digest, created, enabled }: SignatureKeyRecord): object {
  return { key_id: id, cipher: 'RSA', digest, created, enabled };
}

function refused(status: number, message: string): SimResponse {
  return { status, body: { message } };
}

function badRequest(detail: string): SimResponse {
  return { status: 400, body: { message: 'Bad Request', details: [detail] } };
}
