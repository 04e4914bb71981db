export type DifferenceKind =
  | 'missing-contact'
  | 'surplus-contact'
  | 'duplicate-person'
  | 'duplicate-number'
  | 'wrong-number'
  | 'wrong-field'
  | 'wrong-list'
  | 'foreign-changed';

/** One way in which the account is not what the directory and the configuration ask for. */
export interface Difference {
  readonly kind: DifferenceKind;
  readonly personId?: string;
  readonly contactId?: string;
  /** One sentence. Numbers are masked; other values of invented people are shown. */
  readonly words: string;
}

/** A number with nothing left of it but the country, or its beginning, and the last three digits: `+61 … 156`. */
export function maskDigits(number: string): string {
  const country = number.startsWith('+1') ? '+1' : number.slice(0, 3);
  return number.length < 8 ? '…' : `${country} … ${number.slice(-3)}`;
}

// Enough to see what is wrong; thousands of lines would only bury it.
const MAX_LINES = 25;

/** The first differences, each on a line of its own; one line that says so when there is none. */
export function describeDifferences(differences: readonly Difference[]): string {
  if (differences.length === 0) return 'The account is what the directory asks for.';
  const lines = differences.slice(0, MAX_LINES).map(({ kind, personId, contactId, words }) => {
    const subjects = [personId && `person ${personId}`, contactId && `contact ${contactId}`].filter(Boolean);
    return `  ${kind}: ${words}${subjects.length === 0 ? '' : ` (${subjects.join(', ')})`}`;
  });
  if (differences.length > MAX_LINES) lines.push(`  … and ${differences.length - MAX_LINES} more`);
  return [`${differences.length} difference(s) between the account and what the directory asks for:`, ...lines].join(
    '\n',
  );
}
