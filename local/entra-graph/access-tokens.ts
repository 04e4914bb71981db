import { randomBytes, randomUUID } from 'node:crypto';

export interface AccessToken {
  readonly audience: string;
  readonly clientId: string;
  /** Object id of whoever it was issued to; absent where nobody asks for it. */
  readonly subject?: string;
  readonly roles: readonly string[];
  /** Ms since 1970. */
  readonly expiresAt: number;
}

export type TokenCheck =
  | { readonly valid: true; readonly token: AccessToken }
  | { readonly valid: false; readonly problem: 'missing' | 'unknown' | 'expired' };

export interface AccessTokens {
  issue(token: AccessToken): string;
  /** Checks the value of an Authorization header. */
  check(authorization: string | undefined): TokenCheck;
  /** Every token issued so far counts as expired, whatever its holder believes. */
  expireAll(): void;
}

// Expired ones are kept for a while, so that they are told from invented ones.
const MAX_REMEMBERED = 1000;

/**
 * Tokens that look like JWTs but are only as good as this register: one that was not issued here is unknown. They
 * expire by the real clock, because the clients that cache them know no other.
 */
export function createAccessTokens(tenantId: string, now: () => number = Date.now): AccessTokens {
  const issued = new Map<string, AccessToken>();
  return {
    issue(token) {
      while (issued.size >= MAX_REMEMBERED) issued.delete(issued.keys().next().value ?? '');
      const text = jwtLike(tenantId, token, now());
      issued.set(text, token);
      return text;
    },
    check(authorization) {
      const text = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
      if (text === undefined) return { valid: false, problem: 'missing' };
      const token = issued.get(text);
      if (token === undefined) return { valid: false, problem: 'unknown' };
      return token.expiresAt > now() ? { valid: true, token } : { valid: false, problem: 'expired' };
    },
    expireAll() {
      for (const [text, token] of issued) issued.set(text, { ...token, expiresAt: 0 });
    },
  };
}

function jwtLike(tenantId: string, token: AccessToken, nowMs: number): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    aud: token.audience,
    iss: `https://sts.windows.net/${tenantId}/`,
    tid: tenantId,
    appid: token.clientId,
    ...(token.subject === undefined ? {} : { sub: token.subject, oid: token.subject }),
    roles: token.roles,
    iat: Math.floor(nowMs / 1000),
    exp: Math.floor(token.expiresAt / 1000),
    jti: randomUUID(),
  };
  return `${part({ typ: 'JWT', alg: 'none' })}.${part(claims)}.${randomBytes(24).toString('base64url')}`;
}
