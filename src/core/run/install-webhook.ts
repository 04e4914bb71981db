import { EVENT_TEMPLATE } from '../consent/read-event.ts';
import { SyncError } from '../errors.ts';
import type { CallScope } from '../ports.ts';
import type { SigningKey, WebhookWrite } from '../webhooks.ts';
import type { Engine, WebhookSetup } from './engine.ts';
import { countingScope } from './find-people.ts';
import { readWebhookRow, SECRET_HEADER, webhookSetup, webhookUrl, writeWebhookRow } from './webhook-row.ts';
import type { WebhookRow } from './webhook-row.ts';

/** What the vendor supports best and what is not broken. */
const DIGEST = 'SHA256';
const EVENTS = ['OPT_OUT_SMS'];
/** Shorter keys can be broken by whoever cares enough; the vendor's own example has 1024. */
const SAFE_BITS = 2048;
/** What travels in a header, and cannot be guessed. */
const SECRET = /^[\x21-\x7e]{32,200}$/;

/** What to do where another key signs already: bring its public half, or replace it for everybody who verifies with it. */
export interface InstallRequest {
  readonly publicKey?: string;
  readonly replaceKey: boolean;
}

export const WEBHOOK_PROBLEMS = [
  'not-installed',
  'not-registered',
  'outdated',
  'secret-differs',
  'unknown-key',
  'key-disabled',
  'weak-key',
] as const;
export type WebhookProblem = (typeof WEBHOOK_PROBLEMS)[number];

/** How the webhook stands at MessageMedia, and what is wrong with it. */
export interface WebhookStanding {
  readonly url: string;
  readonly registered: boolean;
  /** `not-available`: signing is an option that this account does not have, and the secret decides alone. */
  readonly signing: 'on' | 'off' | 'not-available';
  readonly keyBits?: number;
  readonly problems: readonly WebhookProblem[];
}

/**
 * Registers the webhook, or brings it up to date, with a signing key where the account has signing. The key is stored
 * before it is enabled: no event is signed with a key we do not know. Calling it again changes nothing more. Throws
 * `request-invalid` when a key that we do not know signs already.
 */
export async function installWebhook(engine: Engine, request: InstallRequest): Promise<WebhookStanding> {
  const setup = webhookSetup(engine);
  const secret = await secretOf(setup);
  const scope = countingScope();
  const url = webhookUrl(setup);
  const registered = (await setup.registry.webhooks(scope)).find((one) => one.url === url);
  await installKey(engine, setup, request, scope);
  const webhook = wanted(url, secret);
  if (registered === undefined) await setup.registry.createWebhook(webhook, scope);
  else await setup.registry.updateWebhook(registered.id, webhook, scope);
  engine.log.event('webhook.installed', { created: registered === undefined });
  const standing = await verifyWebhook(engine);
  if (standing.problems.includes('weak-key')) engine.log.event('webhook.weak', { bits: standing.keyBits });
  return standing;
}

async function secretOf(setup: WebhookSetup): Promise<string> {
  const secret = await setup.secret(true);
  if (SECRET.test(secret)) return secret;
  throw new SyncError('configuration-invalid', 'The webhook secret cannot be used.', {
    problems: [{ name: 'MESSAGEMEDIA_WEBHOOK_SECRET', expected: '32 to 200 visible ASCII characters' }],
  });
}

function wanted(url: string, secret: string): WebhookWrite {
  // The vendor's contract requires a header of this name, whatever it says.
  return { url, events: EVENTS, template: EVENT_TEMPLATE, headers: { Account: 'entra-sync', [SECRET_HEADER]: secret } };
}

async function installKey(
  engine: Engine,
  setup: WebhookSetup,
  { publicKey, replaceKey }: InstallRequest,
  scope: CallScope,
): Promise<void> {
  const { registry } = setup;
  const keys = (await readWebhookRow(engine))?.keys ?? [];
  const store = (all: readonly SigningKey[]): Promise<void> =>
    writeWebhookRow(engine, {
      url: webhookUrl(setup),
      keys: all,
      installedAt: engine.clock.now(),
    } satisfies WebhookRow);
  const enabled = await registry.enabledKey(scope);
  if (enabled === 'not-available') return store([]);
  if (enabled !== 'none' && !replaceKey) {
    const known = keys.find(({ keyId }) => keyId === enabled.keyId);
    if (publicKey === undefined && known === undefined) throw unknownKey();
    const key = publicKey === undefined ? known! : { ...enabled, publicKey: rsaKey(setup, publicKey) };
    return store([key, ...keys.filter(({ keyId }) => keyId !== key.keyId)]);
  }
  const key = await registry.createKey(DIGEST, scope);
  await store([{ ...key, publicKey: rsaKey(setup, key.publicKey) }, ...keys]);
  await registry.enableKey(key.keyId, scope);
}

function rsaKey({ keyBits }: WebhookSetup, publicKey: string): string {
  if (keyBits(publicKey) !== undefined) return publicKey;
  const problem = { path: 'publicKey', message: 'must be an RSA key: SPKI, DER, in base64' };
  throw new SyncError('request-invalid', 'The public key cannot be read.', { problems: [problem] });
}

function unknownKey(): SyncError {
  const message =
    'A signing key is enabled at MessageMedia that this app does not know. Give its public half, or replace it: then whoever else verifies with it needs the new one.';
  return new SyncError('request-invalid', message, {
    problems: [{ path: 'replaceKey', message: 'must be true, or `publicKey` be given: another key is enabled' }],
  });
}

/** Compares what is registered with what is wanted; changes nothing. Throws `configuration-invalid` without an address. */
export async function verifyWebhook(engine: Engine): Promise<WebhookStanding> {
  const setup = webhookSetup(engine);
  const scope = countingScope();
  const url = webhookUrl(setup);
  const registered = (await setup.registry.webhooks(scope)).find((one) => one.url === url);
  const enabled = await setup.registry.enabledKey(scope);
  const row = await readWebhookRow(engine);
  const keys = row?.keys ?? [];
  const key = typeof enabled === 'string' ? undefined : keys.find(({ keyId }) => keyId === enabled.keyId);
  const keyBits = key === undefined ? undefined : setup.keyBits(key.publicKey);
  const problems: readonly (WebhookProblem | undefined)[] = [
    row === undefined ? 'not-installed' : undefined,
    ...(registered === undefined
      ? (['not-registered'] as const)
      : differences(registered, wanted(url, await setup.secret(false)))),
    typeof enabled !== 'string' && key === undefined ? 'unknown-key' : undefined,
    typeof enabled === 'string' && keys.length > 0 ? 'key-disabled' : undefined,
    keyBits !== undefined && keyBits < SAFE_BITS ? 'weak-key' : undefined,
  ];
  return {
    url,
    registered: registered !== undefined,
    signing: typeof enabled === 'string' ? (enabled === 'none' ? 'off' : enabled) : 'on',
    ...(keyBits === undefined ? {} : { keyBits }),
    problems: problems.filter((problem) => problem !== undefined),
  };
}

function differences(registered: WebhookWrite, { events, template, headers }: WebhookWrite): readonly WebhookProblem[] {
  // Only blanks may differ: an answer may show the template laid out anew.
  const isOutdated =
    compact(registered.template) !== compact(template) || events.some((event) => !registered.events.includes(event));
  // Not every answer shows the headers: what is not shown cannot be told to be wrong.
  const shown = Object.entries(registered.headers).find(([name]) => name.toLowerCase() === SECRET_HEADER.toLowerCase());
  const isOther = shown !== undefined && shown[1] !== headers[SECRET_HEADER];
  return [...(isOutdated ? (['outdated'] as const) : []), ...(isOther ? (['secret-differs'] as const) : [])];
}

function compact(template: string): string {
  return template.replaceAll(/\s/g, '');
}
