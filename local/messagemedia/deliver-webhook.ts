import { createSign, randomUUID } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import type { AccountState, WebhookRecord } from './account-state.ts';

/** What came of one event at one webhook. */
export interface Delivered {
  readonly url: string;
  /** Of the last try; 0 when nobody answered. */
  readonly status: number;
  readonly tries: number;
}

/** What is sent: the same bytes at each try, under a new date. */
export interface SignedEvent {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const EVENT = 'OPT_OUT_SMS';

/** Tells every webhook that asked for opt-outs, with as many tries as it asked for. */
export async function deliverOptOut(
  state: AccountState,
  number: string,
  { retryDelayMs }: { readonly retryDelayMs?: number },
): Promise<readonly Delivered[]> {
  const hooks = [...state.webhooks.values()].filter(({ events }) => events.includes(EVENT));
  return Promise.all(
    hooks.map(async (hook) => {
      const body = fillTemplate(hook.template, valuesOf(state, number));
      for (let tries = 1; ; tries += 1) {
        const { headers } = signEvent(state, hook, body, Date.now());
        const status = await post(hook.url, headers, body);
        if ((status >= 200 && status < 300) || tries > hook.retries) return { url: hook.url, status, tries };
        await delay(retryDelayMs ?? hook.retryDelaySeconds * 1000);
      }
    }),
  );
}

/** A name that an event does not have stays as it is written, or vanishes when it is written with a `!`. */
export function fillTemplate(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\$(!?)(\w+)/g, (whole, quiet: string, name: string) => {
    return values[name] ?? (quiet === '!' ? '' : whole);
  });
}

function valuesOf(state: AccountState, number: string): Record<string, string> {
  return { sourceAddress: number, notificationId: randomUUID(), accountId: state.accountId, type: 'SMS' };
}

/** The event with the headers of the webhook, signed where a key is enabled. */
function signEvent(
  state: AccountState,
  { url, headers }: Pick<WebhookRecord, 'url' | 'headers'>,
  body: string,
  now: number,
): SignedEvent {
  const date = new Date(now).toUTCString();
  const key = [...state.signatureKeys.values()].find(({ enabled }) => enabled);
  const plain = { ...headers, 'Content-Type': 'application/json', Date: date };
  if (key === undefined) return { body, headers: plain };
  const { pathname, search } = new URL(url);
  const signed = `POST ${pathname}${search} HTTP/1.1${date}${body}`;
  const signature = createSign(`RSA-${key.digest}`).update(signed).sign(key.privateKey, 'base64');
  return {
    body,
    headers: {
      ...plain,
      'X-Messagemedia-Signature': signature,
      'X-Messagemedia-Digest-Type': key.digest,
      'X-Messagemedia-Cipher-Type': 'RSA',
      'X-Messagemedia-Key-Id': key.id,
    },
  };
}

/** The status of the answer, 0 for none. */
function post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<number> {
  const { request } = url.startsWith('https:') ? https : http;
  return new Promise((resolve) => {
    const sent = request(url, { method: 'POST', headers: { ...headers, 'Content-Length': Buffer.byteLength(body) } });
    sent.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', () => resolve(0));
    sent.end(body);
  });
}
