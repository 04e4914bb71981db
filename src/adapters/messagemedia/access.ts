import type { NeighbourError, NeighbourErrorDetail } from '../../core/errors.ts';
import { accessDenied } from '../access-denied.ts';
import type { AccessCure } from '../access-denied.ts';

type DeniedStatus = 401 | 402 | 403;

const CURES: Readonly<Record<DeniedStatus, AccessCure & { readonly happened: string }>> = {
  401: {
    happened: 'the API key or secret is refused',
    access: 'secret-refused',
    cure: 'Put a valid pair into messagemedia-api-key and -secret; MESSAGEMEDIA_BASE_URL must be of its region.',
  },
  402: {
    happened: 'the account is refused',
    access: 'account-refused',
    cure: 'Settle the plan and credit of the account with MessageMedia.',
  },
  403: {
    happened: 'this API key may not do that',
    access: 'permission-missing',
    cure: 'Let the key read and write contacts, lists and custom fields.',
  },
};

export function isDenied(status: number): status is DeniedStatus {
  return status in CURES;
}

/** The refusal of MessageMedia of one of these three kinds. */
export function messageMediaAccessDenied(
  status: DeniedStatus,
  name: string,
  detail: NeighbourErrorDetail,
): NeighbourError {
  const cure = CURES[status];
  return accessDenied('messagemedia', `MessageMedia answered ${status} to ${name}: ${cure.happened}.`, cure, detail);
}
