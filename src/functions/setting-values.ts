import { z } from 'zod';
import { parseSchedule } from '../core/config/schedule.ts';

export const LOOPBACK_HOSTS: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

// Every message says what is expected: it stands in the problem whether the setting is missing or wrong.

/** A GUID, in lower case. */
export function guid(whose: string) {
  const expected = `${whose}: a GUID such as 11111111-2222-4333-8444-555555555555`;
  return z
    .string({ error: expected })
    .regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, { error: expected })
    .toLowerCase();
}

/** A tenant by its GUID or one of its domains; `common` and its like name no tenant. */
export function tenant() {
  const expected = 'the tenant: its GUID, or a domain such as contoso.onmicrosoft.com';
  return z
    .string({ error: expected })
    .regex(/^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?:[a-z0-9-]+\.)+[a-z]{2,})$/i, { error: expected });
}

/** The origin of an address that is spoken to over TLS: no credentials, path or query; without a trailing slash. */
export function httpsOrigin(example: string) {
  const expected = `an https address without path, query or credentials, such as ${example}`;
  return z
    .string({ error: expected })
    .refine(isHttpsOrigin, { error: expected })
    .transform((text) => new URL(text).origin);
}

/** A number within bounds, both included. */
export function numberBetween(min: number, max: number, kind: 'whole number' | 'number') {
  const digits = kind === 'number' ? /^\d+(?:\.\d+)?$/ : /^\d+$/;
  const isInside = (text: string): boolean => digits.test(text) && Number(text) >= min && Number(text) <= max;
  return z
    .string()
    .refine(isInside, { error: `a ${kind} from ${min} to ${max}` })
    .transform(Number);
}

/** One of a few words. Those of `later` are documented for a later version. */
export function choice<Value extends string>(values: readonly [Value, ...Value[]], later: readonly string[] = []) {
  const expected = values.join(' or ');
  return z.enum(values, {
    error: ({ input }) =>
      later.includes(String(input)) ? `${expected}; ${String(input)} is not supported yet` : expected,
  });
}

/** A schedule that the host and we read alike. */
export function schedule() {
  return z.string().superRefine((text, context) => {
    const reading = parseSchedule(text);
    if (!reading.ok) context.addIssue({ code: 'custom', message: `a schedule (NCRONTAB): ${reading.problem}` });
  });
}

/** The origin at which others call us: over TLS, unless it is this computer. */
export function publicOrigin(example: string) {
  const expected = `an https address without path, query or credentials, such as ${example}`;
  return z
    .string({ error: expected })
    .refine((text) => isOrigin(text, 'https:') || (isOrigin(text, 'http:') && isLoopback(text)), { error: expected })
    .transform((text) => new URL(text).origin);
}

function isHttpsOrigin(text: string): boolean {
  return isOrigin(text, 'https:');
}

function isLoopback(text: string): boolean {
  return LOOPBACK_HOSTS.includes(new URL(text).hostname);
}

function isOrigin(text: string, scheme: 'https:' | 'http:'): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, pathname, search, hash } = new URL(text);
  return protocol === scheme && pathname === '/' && [username, password, search, hash].every((part) => part === '');
}
