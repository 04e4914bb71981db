import type { NeighbourError, NeighbourErrorDetail } from '../../core/errors.ts';
import { accessDenied } from '../access-denied.ts';
import type { AccessCure } from '../access-denied.ts';

const TOKEN_REFUSED: AccessCure = {
  access: 'token-refused',
  cure: 'Set GRAPH_BASE_URL and ENTRA_AUTHORITY_HOST to addresses of the cloud of the tenant, and see that the app is enabled.',
};

const PERMISSION_MISSING: AccessCure = {
  access: 'permission-missing',
  cure: 'Give it the application permission User.Read.All (User.ReadBasic.All is not enough) and consent to it.',
};

/** Refusals with 403 that no permission mends, by Graph's codes. */
const CURES: readonly (AccessCure & { readonly code: string })[] = [
  {
    code: 'insufficient_claims',
    access: 'policy-blocked',
    cure: 'Let an administrator exempt the app from the Conditional Access policy that blocks it.',
  },
  {
    code: 'Authorization_IdentityNotFound',
    access: 'consent-missing',
    cure: 'Let an administrator of the tenant consent to the permissions of the app.',
  },
];

/** What the app may not do, in words, by the name of the call. */
const FORBIDDEN: Readonly<Record<string, string>> = {
  'users/delta': 'the app may not read the changes of users',
  'users/{id}': 'the app may not read a user by id',
};

/** The refusal of Graph with 401 or 403; `codes` from the most general to the most specific. */
export function graphAccessDenied(
  status: 401 | 403,
  name: string,
  codes: readonly string[],
  detail: NeighbourErrorDetail,
): NeighbourError {
  const answered = `Microsoft Graph answered ${status} to ${name}:`;
  if (status === 401) return accessDenied('graph', `${answered} a new token is refused.`, TOKEN_REFUSED, detail);
  const cure = CURES.find(({ code }) => codes.includes(code)) ?? PERMISSION_MISSING;
  return accessDenied('graph', `${answered} ${FORBIDDEN[name] ?? 'the app may not do that'}.`, cure, detail);
}
