import type { Operation } from '../plan/operation.ts';
import type { FinalOutcome } from '../plan/final-outcome.ts';
import type { Link } from '../plan/link.ts';
import type { ContactBook, CallScope } from '../ports.ts';
import type { SubscriptionState } from '../people/contact.ts';

export const MATCH_KINDS = ['link', 'left', 'adopt', 'take-over', 'create', 'conflict', 'taken', 'none'] as const;
export type MatchKind = (typeof MATCH_KINDS)[number];

/** Which contact is the person's, and how that is known. */
export interface MatchExplanation {
  readonly how: MatchKind;
  readonly words: string;
  readonly contactId?: string;
  /** With `conflict`: the contacts between which nobody but people can decide. */
  readonly contactIds?: readonly string[];
  /** With `taken` and `take-over`: who has the number, or had it. */
  readonly holder?: string;
}

const WORDS: Readonly<Record<MatchKind, string>> = {
  link: 'The person has this contact.',
  left: 'The person has left, and the contact is kept.',
  adopt: 'A contact has the number, and belongs to nobody.',
  'take-over': 'A contact has the number, and belonged to somebody who left.',
  create: 'No contact has the number.',
  conflict: 'Which contact belongs to the person cannot be told without guessing.',
  taken: 'Somebody else has the number.',
  none: 'Nobody looks for a contact: the person gets none.',
};

export function explainMatch(
  link: Link | undefined,
  operation: Operation,
  final: FinalOutcome | undefined,
): MatchExplanation {
  const { contactId, contactIds, formerOwner, claimedBy } = operation;
  const how = matchKind(link, operation, final);
  const holder = how === 'take-over' ? formerOwner : how === 'taken' ? claimedBy?.personId : undefined;
  const id = link?.contactId ?? (how === 'adopt' || how === 'take-over' ? contactId : undefined);
  return {
    how,
    words: WORDS[how],
    ...(id === undefined ? {} : { contactId: id }),
    ...(contactIds === undefined ? {} : { contactIds }),
    ...(holder === undefined ? {} : { holder }),
  };
}

function matchKind(link: Link | undefined, operation: Operation, final: FinalOutcome | undefined): MatchKind {
  const reason = final?.reason ?? operation.reason;
  if (reason === 'contact-conflict') return 'conflict';
  if (link !== undefined) return link.left === undefined ? 'link' : 'left';
  if (reason === 'duplicate-phone') return 'taken';
  if (operation.kind === 'adopt') return operation.formerOwner === undefined ? 'adopt' : 'take-over';
  return operation.kind === 'create' ? 'create' : 'none';
}

/** What MessageMedia says of the person's contact now. */
export interface ContactStanding {
  readonly contactId: string;
  /** False: it was deleted there. */
  readonly exists: boolean;
  readonly numbers: readonly {
    readonly number: string;
    readonly type: string;
    readonly state: SubscriptionState | 'unknown';
  }[];
  readonly lists: readonly string[];
}

/** Whether the person's numbers may be texted, and the lists the contact is on; one call. */
export async function readStanding(book: ContactBook, contactId: string, scope: CallScope): Promise<ContactStanding> {
  const [contact] = await book.readContacts([contactId], scope);
  const numbers = (contact?.channels ?? []).map(({ channelId, type, subscriptionState }) => ({
    number: channelId,
    type,
    state: subscriptionState ?? ('unknown' as const),
  }));
  return {
    contactId,
    exists: contact !== undefined,
    numbers,
    lists: (contact?.lists ?? []).map(({ name }) => name),
  };
}
