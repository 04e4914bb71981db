import { createHash, createHmac } from 'node:crypto';
import type { ApiCredentials } from './credentials.ts';
import type { WireRequest } from './wire.ts';

/**
 * The headers that sign a request: its date, what its body is hashed to, and its request line, query included. The MD5
 * is in hexadecimal digits. Source: "HMAC Authentication" of MessageMedia's developer guides.
 */
export function signRequest(
  { key, secret }: ApiCredentials,
  { method, path, body }: Pick<WireRequest, 'method' | 'path' | 'body'>,
  nowMs: number,
): Readonly<Record<string, string>> {
  const date = new Date(nowMs).toUTCString();
  const digest = body === undefined ? undefined : createHash('md5').update(body).digest('hex');
  const signed = [
    `Date: ${date}`,
    ...(digest === undefined ? [] : [`Content-MD5: ${digest}`]),
    `${method} ${path} HTTP/1.1`,
  ];
  const signature = createHmac('sha256', secret).update(signed.join('\n')).digest('base64');
  const names = digest === undefined ? 'Date request-line' : 'Date Content-MD5 request-line';
  return {
    date,
    ...(digest === undefined ? {} : { 'content-md5': digest }),
    authorization: `hmac username="${key}", algorithm="hmac-sha256", headers="${names}", signature="${signature}"`,
  };
}
