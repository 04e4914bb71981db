/** Who says that a number wants no messages: an event, a contact that was read, or the account's blocked numbers. */
export const CONSENT_SOURCES = ['webhook', 'contact', 'blocked-list'] as const;
export type ConsentSource = (typeof CONSENT_SOURCES)[number];

/** One piece of evidence that a number opted out. */
export interface OptOut {
  /** E.164. */
  readonly phone: string;
  readonly source: ConsentSource;
  /** When we learned of it, ms since 1970. */
  readonly at: number;
  /** Ids that let somebody find it again, never a number: the same evidence has the same ones. */
  readonly evidence: Readonly<Record<string, string>>;
}

/** How a number stands in the ledger. There is no other state: who never opted out is not in it. */
export interface Consent {
  readonly state: 'opted-out';
  /** Where the first word of it came from, and when we learned of it. */
  readonly source: ConsentSource;
  readonly since: number;
  readonly evidence: Readonly<Record<string, string>>;
}

/** What the ledger says after one more piece of evidence: an opt-out, and never again anything else. */
export function ratchet(standing: Consent | undefined, { source, at, evidence }: OptOut): Consent {
  return standing ?? { state: 'opted-out', source, since: at, evidence };
}
