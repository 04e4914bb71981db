import type { Clock } from '../../core/ports.ts';
import type { EntraTokens } from './entra-tokens.ts';
import { isObject, parseJson } from './json.ts';

// Nobody who is refused often may make the app sign in anew each time.
const FRESH_MS = 300_000;

/**
 * Reads the application permissions that a token of ours names. A token is as good as on the day it was issued: what was
 * granted or taken away since is not in it, so that one older than five minutes is exchanged first.
 */
export function createPermissions(tokens: EntraTokens, clock: Clock): () => Promise<readonly string[] | undefined> {
  let renewedAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const token = await tokens.get();
    const claims = claimsOf(token);
    const now = clock.now();
    const issuedAt = typeof claims?.['iat'] === 'number' ? claims['iat'] * 1000 : 0;
    if (now - Math.max(issuedAt, renewedAt) < FRESH_MS) return rolesOf(claims);
    renewedAt = now;
    await tokens.renew(token);
    return rolesOf(claimsOf(await tokens.get()));
  };
}

type Claims = Readonly<Record<string, unknown>>;

function claimsOf(token: string): Claims | undefined {
  const [, payload = ''] = token.split('.');
  const claims = parseJson(Buffer.from(payload, 'base64url').toString('utf8'));
  return isObject(claims) ? claims : undefined;
}

// An app that was granted nothing has a token without the claim.
function rolesOf(claims: Claims | undefined): readonly string[] | undefined {
  if (claims === undefined) return undefined;
  const roles: readonly unknown[] = Array.isArray(claims['roles']) ? claims['roles'] : [];
  return roles.filter((role) => typeof role === 'string');
}
