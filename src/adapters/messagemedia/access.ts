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

// A gateway's usual tolerance is five minutes; the answer may have been on its way for half of one.
const CLOCK_GAP_MS = 240_000;

const CLOCK_CURE: AccessCure = {
  access: 'clock-skew',
  cure: 'Set the clock of the machine right (its time service): a signature is good for a few minutes only.',
};

export function isDenied(status: number): status is DeniedStatus {
  return status in CURES;
}

/** The refusal of MessageMedia of one of these three kinds; `clockGapMs` is how far our clock was from its own. */
export function messageMediaAccessDenied(
  status: DeniedStatus,
  name: string,
  detail: NeighbourErrorDetail,
  clockGapMs = 0,
): NeighbourError {
  if (status !== 402 && clockGapMs > CLOCK_GAP_MS) {
    const minutes = Math.round(clockGapMs / 60_000);
    const happened = `MessageMedia answered ${status} to ${name}: our clock is ${minutes} minutes off.`;
    return accessDenied('messagemedia', happened, CLOCK_CURE, detail);
  }
  const cure = CURES[status];
  return accessDenied('messagemedia', `MessageMedia answered ${status} to ${name}: ${cure.happened}.`, cure, detail);
}
