/** Heading of docs/operations.md, as in a link. */
export const WEBHOOK_SECTION = 'the-webhook';

const INSTALL = '`webhook install` sets it up.';
const CURES: Readonly<Record<string, string>> = {
  'not-installed': INSTALL,
  'not-registered': INSTALL,
  outdated: '`webhook install` brings it up to date.',
  'secret-differs': 'Events are refused: `webhook install` registers the secret of now.',
  'unknown-key': 'Events are refused: `webhook install` with `--public-key` or `--replace-key`.',
  'key-disabled': 'Events are refused, for nothing signs them any more: `webhook install` settles it.',
  'weak-key': 'The signing key has fewer than 2048 bits: ask MessageMedia for a longer one.',
};

/** What to do about a problem of the webhook; one of a newer app stands for itself. */
export function webhookCure(problem: string): string {
  return CURES[problem] ?? problem;
}
