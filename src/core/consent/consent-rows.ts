import type { Digest, Row, RowChange, StoredRow } from '../ports.ts';
import { ratchet } from './opt-out.ts';
import type { Consent, OptOut } from './opt-out.ts';

/**
 * Keys of the consent table. A number stands in them only as its pseudonym: `-state` is the one row to ask whether it
 * opted out, the rows beside it are the evidence. An errand still has to be carried into the account.
 */
export const consentKey = {
  state: (phoneKey: string) => `${phoneKey}-state`,
  errand: (phoneKey: string) => `errand:${phoneKey}`,
  seen: (eventHash: string) => `seen:${eventHash}`,
} as const;

/** A number that opted out, until every contact that has it says so. The number itself is needed to find them. */
export interface Errand {
  readonly phone: string;
  readonly tries: number;
}

function evidenceKey(phoneKey: string, { source, evidence }: OptOut, digest: Digest): string {
  return `${phoneKey}-${source}-${digest.hash(JSON.stringify(evidence))}`;
}

function errandRow(phoneKey: string, errand: Errand, dueAt: number): Row {
  return { key: consentKey.errand(phoneKey), facets: { due: dueAt }, body: errand };
}

/** The errand to be tried again at a later time. */
export function laterErrand(phoneKey: string, { phone, tries }: Errand, dueAt: number): Row {
  return errandRow(phoneKey, { phone, tries: tries + 1 }, dueAt);
}

/** A number that may still have to be made to agree with the ledger somewhere in the account. */
export function errandFor(phone: string, digest: Digest, dueAt: number): RowChange {
  return { kind: 'put', row: errandRow(digest.pseudonym(phone), { phone, tries: 0 }, dueAt) };
}

/** All that one piece of evidence changes in the table: nothing is ever overwritten but the errand. */
export function changesFor(optOut: OptOut, standing: Consent | undefined, digest: Digest): readonly RowChange[] {
  const { phone, source, at, evidence } = optOut;
  const phoneKey = digest.pseudonym(phone);
  const entry: Row = { key: evidenceKey(phoneKey, optOut, digest), facets: { source, at }, body: { evidence } };
  const state: Row = { key: consentKey.state(phoneKey), facets: { source, at }, body: ratchet(standing, optOut) };
  return [
    ...(standing === undefined ? [{ kind: 'insert', row: state } as const] : []),
    { kind: 'insert', row: entry },
    errandFor(phone, digest, at),
  ];
}

export function toConsent({ body }: StoredRow): Consent {
  return body as Consent;
}
