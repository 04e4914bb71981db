/** Where docs/operations.md says more about a failure (a heading, as in a link), and what to do where the app itself does not say it. */
export interface Cure {
  readonly section: string;
  readonly words?: string;
}

/** What a refusal is about is told by the app, with the cure; here is only where more of it stands. */
const DENIED: Readonly<Record<string, string>> = {
  storage: 'install-in-azure',
  messagemedia: 'rotate-secrets',
};

const MISSING_SECRET: Cure = {
  section: 'install-in-azure',
  words:
    'Put what is missing into the vault that KEY_VAULT_URI names: messagemedia-api-key and -secret, and entra-client-secret where a secret signs in. npm run infra:grant makes pseudonym-key, once.',
};

const DOWN: Cure = {
  section: 'the-retry-ladder',
  words: 'Wait a little and try again; if it lasts, look at its service health and at the network rules in between.',
};

// Nothing is wrong with the secret, so that rotating it would not help.
const CLOCK_SKEW: Cure = { section: 'refused-access' };

/** `access` is what is wrong with the app's access, where that is what is wrong. */
export function cureFor(neighbour: string, code: string, access?: string): Cure {
  if (access === 'clock-skew') return CLOCK_SKEW;
  if (code === 'access-denied') return { section: DENIED[neighbour] ?? 'what-to-do-when' };
  if (code === 'configuration-invalid') return MISSING_SECRET;
  if (code === 'neighbour-unavailable' || code === 'directory-unreadable') return DOWN;
  return { section: 'error-codes' };
}

/** What to do about an alert is told where all of them are explained. */
export const ALERTS_SECTION = 'alerts';
