import type { HttpRequest } from '@azure/functions';
import { z } from 'zod';
import { SyncError } from '../core/errors.ts';
import { ROLES } from './http-routes.ts';
import type { Role } from './http-routes.ts';

/** Who calls, as far as it matters. */
export interface Caller {
  /** Throws `forbidden`, naming the role, when the caller does not have it. */
  needs(role: Role): void;
}

const HEADER = 'x-ms-client-principal';
// Somebody in hundreds of groups has a header of some ten thousand characters.
const MAX_HEADER_CHARACTERS = 64 * 1024;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

const Principal = z.object({
  claims: z.array(z.object({ typ: z.string(), val: z.string() })),
  role_typ: z.string().optional(),
});

/** What a role allows besides itself. */
const INCLUDED: Readonly<Record<Role, readonly Role[]>> = {
  'Sync.Read': [],
  'Sync.Run': ['Sync.Read'],
  'Sync.Approve': ['Sync.Read'],
  'Sync.Admin': ROLES,
};

const HOLDER_OF_A_KEY: Caller = { needs: () => undefined };

/**
 * The caller of a request. Without trust in App Service authentication its header is not even read: anybody could send
 * it, and the function keys decide alone. With it, a header that is missing or cannot be read has no role.
 */
export function callerOf(request: HttpRequest, trustsEasyAuth: boolean): Caller {
  if (!trustsEasyAuth) return HOLDER_OF_A_KEY;
  const roles = rolesIn(request.headers.get(HEADER) ?? '');
  return {
    needs(role) {
      if (roles.some((held) => held === role || INCLUDED[held].includes(role))) return;
      throw new SyncError('forbidden', `This call needs the role ${role}.`, { role });
    },
  };
}

function rolesIn(header: string): readonly Role[] {
  if (header.length > MAX_HEADER_CHARACTERS || !BASE64.test(header)) return [];
  const principal = Principal.safeParse(jsonOf(Buffer.from(header, 'base64').toString('utf8')));
  if (!principal.success) return [];
  const { claims, role_typ: roleType } = principal.data;
  const values = claims.filter(({ typ }) => typ === 'roles' || typ === roleType).map(({ val }) => val);
  return ROLES.filter((role) => values.includes(role));
}

/** The parser's own error is dropped: it quotes the text, which is about a person. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
