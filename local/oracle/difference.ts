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

/** A number with nothing left of it but its beginning and the last three digits. */
export function maskDigits(number: string): string {
  return number.length < 8 ? '…' : `${number.slice(0, 3)} … ${number.slice(-3)}`;
}

/** Every difference on a line of its own; one line that says so when there is none. */
export function describeDifferences(differences: readonly Difference[]): string {
  if (differences.length === 0) return 'The account is what the directory asks for.';
  const lines = differences.map(({ kind, personId, contactId, words }) => {
    const subjects = [personId && `person ${personId}`, contactId && `contact ${contactId}`].filter(Boolean);
    return `  ${kind}: ${words}${subjects.length === 0 ? '' : ` (${subjects.join(', ')})`}`;
  });
  return [`${differences.length} difference(s) between the account and what the directory asks for:`, ...lines].join(
    '\n',
  );
}
