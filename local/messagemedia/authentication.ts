import { createHash, createHmac } from 'node:crypto';
import type { SimRequest } from '../simulator/server.ts';

export interface Credentials {
  readonly apiKey: string;
  readonly apiSecret: string;
  /** What the key was made for; absent: either. */
  readonly kind?: 'basic' | 'hmac';
}

// How far a signature's date may be from the platform's clock: the usual tolerance of a gateway that checks them.
const MAX_SKEW_MS = 300_000;
const UNAUTHORISED = 'Invalid authentication credentials';
const HMAC = /^hmac username="([^"]*)", algorithm="([^"]*)", headers="([^"]*)", signature="([^"]*)"$/;
const FIXDATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** Why a request is not believed to come from one of these, in the words of the answer; undefined when it is. */
export function authenticate(request: SimRequest, accepted: readonly Credentials[], nowMs: number): string | undefined {
  const authorization = request.headers['authorization'] ?? '';
  if (/^hmac /i.test(authorization)) return checkSignature(request, authorization, accepted, nowMs);
  const isKnown = accepted.some((one) => one.kind !== 'hmac' && basic(one) === authorization);
  return isKnown ? undefined : UNAUTHORISED;
}

function basic({ apiKey, apiSecret }: Credentials): string {
  return `Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString('base64')}`;
}

function checkSignature(
  request: SimRequest,
  authorization: string,
  accepted: readonly Credentials[],
  nowMs: number,
): string | undefined {
  const [, username, algorithm, names = '', signature] = HMAC.exec(authorization) ?? [];
  const { date = '', 'content-md5': digest } = request.headers;
  if (algorithm !== 'hmac-sha256') return 'HMAC signature cannot be verified';
  if (!FIXDATE.test(date) || Math.abs(Date.parse(date) - nowMs) > MAX_SKEW_MS) {
    return 'HMAC signature cannot be verified, a valid date or x-date header is required for HMAC Authentication';
  }
  const isWhole = request.body === '' || digest === md5(request.body);
  const wanted = request.body === '' ? 'Date request-line' : 'Date Content-MD5 request-line';
  if (!isWhole || names !== wanted) return 'HMAC signature cannot be verified';
  const text = signedText(request, names);
  const isMatching = accepted.some(
    ({ apiKey, apiSecret, kind }) =>
      kind !== 'basic' &&
      apiKey === username &&
      createHmac('sha256', apiSecret).update(text).digest('base64') === signature,
  );
  return isMatching ? undefined : 'HMAC signature does not match';
}

function signedText({ method, target, headers }: SimRequest, names: string): string {
  const lines = names
    .split(' ')
    .map((name) =>
      name === 'request-line' ? `${method} ${target} HTTP/1.1` : `${name}: ${headers[name.toLowerCase()]}`,
    );
  return lines.join('\n');
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
