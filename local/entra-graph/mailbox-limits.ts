import { setTimeout as delay } from 'node:timers/promises';
import type { SimRequest, SimResponse } from '../simulator/server.ts';
import { injectedRefusal, refusalResponse } from './graph-replies.ts';

export interface MailboxLimits {
  /** How long Exchange takes for a call; calls that overlap count as being made at a time. */
  mailboxDelayMs: number;
  /** Requests to one mailbox in ten minutes. */
  mailboxRequests: number;
}

const MAX_AT_A_TIME = 4;
const WINDOW_MS = 10 * 60_000;
const MAILBOX = /\/?users\/([^/]+)\/contactFolders/i;

interface Load {
  running: number;
  windowStart: number;
  requests: number;
}

/** Refuses what Exchange would find too much for one mailbox; everything else is handed on. */
export function limitMailboxes(
  handle: (request: SimRequest) => SimResponse,
  limits: MailboxLimits,
  now: () => number,
): (request: SimRequest) => SimResponse | Promise<SimResponse> {
  const loads = new Map<string, Load>();

  const loadOf = (mailbox: string): Load => {
    const load = loads.get(mailbox) ?? { running: 0, windowStart: now(), requests: 0 };
    if (now() - load.windowStart >= WINDOW_MS) Object.assign(load, { windowStart: now(), requests: 0 });
    loads.set(mailbox, load);
    return load;
  };

  return async (request) => {
    const { mailbox, count } = mailboxOf(request);
    if (mailbox === undefined) return handle(request);
    const load = loadOf(mailbox);
    load.requests += count;
    if (load.requests > limits.mailboxRequests) return tooMuch('Request', load.windowStart + WINDOW_MS - now(), now());
    // Of a batch, Graph itself runs no more than four at a time.
    const atATime = Math.min(count, MAX_AT_A_TIME);
    if (load.running + atATime > MAX_AT_A_TIME) return tooMuch('Concurrency', 1000, now());
    load.running += atATime;
    if (limits.mailboxDelayMs > 0) await delay(limits.mailboxDelayMs);
    load.running -= atATime;
    return handle(request);
  };
}

function mailboxOf(request: SimRequest): { readonly mailbox: string | undefined; readonly count: number } {
  const isBatch = request.path.endsWith('/$batch');
  const texts = isBatch ? [...request.body.matchAll(/"url":"([^"]+)"/g)].map(([, url]) => url ?? '') : [request.path];
  const mailboxes = texts.flatMap((text) => MAILBOX.exec(text)?.[1] ?? []);
  return { mailbox: mailboxes[0]?.toLowerCase(), count: mailboxes.length };
}

function tooMuch(what: 'Request' | 'Concurrency', waitMs: number, nowMs: number): SimResponse {
  const refusal = {
    ...injectedRefusal(429),
    code: 'ApplicationThrottled',
    message: `Application is over its Mailbox${what} limit.`,
  };
  return { ...refusalResponse(refusal, nowMs), headers: { 'Retry-After': String(Math.ceil(waitMs / 1000)) } };
}
