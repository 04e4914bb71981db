import { Agent, request } from 'undici';
import { startMessageMedia } from '../../local/messagemedia/server.ts';
import type { Credentials } from '../../local/messagemedia/authentication.ts';
import type { MessageMedia, MessageMediaOptions } from '../../local/messagemedia/server.ts';
import { createTlsIdentity } from '../../local/simulator/tls.ts';
import type { TlsIdentity } from '../../local/simulator/tls.ts';

export const CREDENTIALS: Credentials = { apiKey: 'invented-key', apiSecret: 'invented-secret' };

export const CONTACTS = '/api/v1/contacts/contacts';
export const LISTS = '/api/v1/contacts/lists';
export const FIELDS = '/api/v1/contacts/custom-fields';
export const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';

export interface Answer {
  readonly status: number;
  /** The parsed JSON; undefined when there was no body. */
  readonly body: Body | undefined;
}

interface Body {
  readonly [name: string]: unknown;
}

interface CallOptions {
  readonly json?: unknown;
  /** Sent instead of `json`, as it is. */
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly credentials?: Credentials;
}

export interface Client {
  readonly call: (method: Method, target: string, options?: CallOptions) => Promise<Answer>;
  readonly close: () => Promise<void>;
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'PUT';

let identity: Promise<TlsIdentity> | undefined;

/** A fresh simulated account with a client that trusts it; one certificate serves the whole test file. */
export async function startAccount(
  options: Partial<MessageMediaOptions> = {},
): Promise<{ readonly simulator: MessageMedia; readonly client: Client }> {
  identity ??= createTlsIdentity();
  const tls = await identity;
  const simulator = await startMessageMedia({ tls, ...CREDENTIALS, ...options });
  return { simulator, client: createClient(simulator.origin, tls.cert) };
}

function createClient(origin: string, ca: string): Client {
  const agent = new Agent({ connect: { ca } });
  const call = async (method: Method, target: string, options: CallOptions = {}): Promise<Answer> => {
    const body = options.raw ?? (options.json === undefined ? undefined : JSON.stringify(options.json));
    const response = await request(`${origin}${target}`, {
      method,
      dispatcher: agent,
      headers: {
        authorization: basic(options.credentials ?? CREDENTIALS),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      body: body ?? null,
    });
    const text = await response.body.text();
    return { status: response.statusCode, body: text === '' ? undefined : (JSON.parse(text) as Body) };
  };
  return { call, close: () => agent.close() };
}

function basic({ apiKey, apiSecret }: Credentials): string {
  return `Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString('base64')}`;
}

/** A number of the range reserved for fiction in the United Kingdom. */
export function aNumber(index: number): string {
  return `+447700900${String(index).padStart(3, '0')}`;
}

/** One SMS channel, as a create or update sends it. */
export function sms(number: string, subscriptionState?: 'SUBSCRIBED' | 'UNSUBSCRIBED') {
  return { type: 'SMS', channelId: number, ...(subscriptionState === undefined ? {} : { subscriptionState }) };
}

/** The text of a string property of an answer; throws when it is something else. */
export function textOf(answer: Answer, name: string): string {
  const value = answer.body?.[name];
  if (typeof value !== 'string') throw new Error(`The answer ${answer.status} has no text ${name}.`);
  return value;
}

/** The values of one property of every item of a page. */
export function column(answer: Answer, name: string): unknown[] {
  const content = answer.body?.['content'];
  if (!Array.isArray(content)) throw new Error(`The answer ${answer.status} is no page.`);
  return content.map((item: Readonly<Record<string, unknown>>) => item[name]);
}
