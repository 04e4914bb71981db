import { openNumbersOf } from '../consent/contact-channels.ts';
import type { Consent } from '../consent/opt-out.ts';
import { markerOf, matchByNumber } from '../people/matching.ts';
import type { Match, OwnerStatus } from '../people/matching.ts';
import type { Contact } from '../people/contact.ts';
import type { MappingContext } from '../people/rule-value.ts';
import type { Wanted } from '../plan/diff-person.ts';
import type { Draft, Operation } from '../plan/operation.ts';
import { readClaimStandings, standingFor } from './claim-standing.ts';
import type { ClaimStanding } from './claim-standing.ts';
import type { ClaimGuard } from './claim.ts';
import { readConsents, sendErrands } from './consent-ledger.ts';
import type { Engine } from './engine.ts';
import type { BatchPerson } from './parts.ts';
import { fetchPeople, personKey } from './person-rows.ts';
import type { PersonRow } from './person-rows.ts';
import type { RunRow } from './run-row.ts';

/** Somebody in scope and reachable, with what the contact should be. */
export interface Wish {
  readonly member: BatchPerson;
  readonly wanted: Wanted;
  readonly invalid: Operation['invalid'];
  /** What the person is mapped with. */
  readonly context: MappingContext;
  /** Of somebody with a contact: what is to be done about it, whoever has the number. */
  readonly update?: Draft;
}

/** What our tables and the account say about the numbers that people of this batch want anew. */
export interface Surroundings {
  readonly claims: ReadonlyMap<string, ClaimStanding>;
  /** Of the numbers that opted out, by pseudonym. */
  readonly consents: ReadonlyMap<string, Consent>;
  readonly found: readonly Contact[];
  readonly owners: ReadonlyMap<string, PersonRow>;
  /** Ids of the people whose the contacts found are by our word, by contact id: of those that say otherwise. */
  readonly holders: ReadonlyMap<string, string>;
}

/** Whether the person in the row still has the contact that carries their marker. */
export function ownerStatus(row: PersonRow | undefined, contactId: string): OwnerStatus {
  if (row === undefined) return 'unknown';
  if (row.link === undefined) return row.person.presence === 'present' ? 'active' : 'former';
  return row.link.contactId === contactId && row.link.left === undefined ? 'active' : 'former';
}

/** Matches a person against the contacts that have the number, by what our rows say of those whose marker they carry. */
export function matchFound(
  personId: string,
  phone: string,
  found: readonly Contact[],
  owners: ReadonlyMap<string, PersonRow>,
): Match {
  return matchByNumber(personId, phone, found, (ownerId) =>
    ownerId === personId
      ? 'self'
      : ownerStatus(owners.get(ownerId), found.find((one) => markerOf(one) === ownerId)?.id ?? ''),
  );
}

export function needsNumber({ member, wanted }: Wish): boolean {
  return member.link?.phoneKey !== wanted.phoneKey;
}

/** MessageMedia refused the number because a contact that is not ours has it: looked up before it is tried again. */
export function isInConflict({ member }: Wish): boolean {
  return member.pending?.outcome === 'skipped' && member.pending.reason === 'contact-conflict';
}

/** Claims on the numbers that are sought, contacts that have them, and whose those are. One look-up for all. */
export async function lookAround(
  engine: Engine,
  run: RunRow,
  wishes: readonly Wish[],
  guard: ClaimGuard,
): Promise<Surroundings> {
  const seeking = wishes.filter(needsNumber);
  const claims = run.claimsEmpty
    ? new Map<string, ClaimStanding>()
    : await readClaimStandings(
        engine,
        seeking.map(({ wanted }) => wanted.phoneKey),
      );
  const isFree = ({ member, wanted }: Wish): boolean => {
    const claim = standingFor(member.person.id, claims.get(wanted.phoneKey));
    return claim === undefined || claim.personId === member.person.id || claim.link === undefined;
  };
  // Only people without a contact are matched by number: a linked person's number changes on their own contact.
  const numbers = seeking
    .filter((wish) => isFree(wish) && (wish.member.link === undefined || isInConflict(wish)))
    .map(({ wanted }) => wanted.phone);
  const found =
    run.accountEmpty || numbers.length === 0
      ? []
      : await engine.contactBook.findByNumbers([...new Set(numbers)], guard);
  // Who has a contact already is asked about when the directory is to be told.
  const asked = run.config.optOutAttribute === undefined ? seeking : wishes;
  const consents = await consentsOf(engine, run, asked);
  await recheck(engine, run, consents, found);
  const markers = found.map(markerOf).filter((marker) => marker !== undefined);
  const holders = await findHolders(engine, seeking, found);
  const owners = await fetchPeople(engine, [...new Set([...markers, ...holders.values()])]);
  return { claims, consents, found, holders, owners };
}

/** Asked after the contacts were looked up: what those show has entered the ledger by then. */
async function consentsOf(
  engine: Engine,
  { consentEmpty }: RunRow,
  seeking: readonly Wish[],
): Promise<Surroundings['consents']> {
  if (seeking.length === 0 || consentEmpty === true) return new Map();
  return readConsents(
    engine,
    seeking.map(({ wanted }) => wanted.phoneKey),
  );
}

/** Somebody may have made contacts by hand, with a number whose owner wants no messages: each of them is told so. */
async function recheck(
  engine: Engine,
  { dryRun }: RunRow,
  consents: Surroundings['consents'],
  found: readonly Contact[],
): Promise<void> {
  if (dryRun || consents.size === 0) return;
  const open = found.flatMap(openNumbersOf).filter((phone) => consents.has(engine.digest.pseudonym(phone)));
  await sendErrands(engine, open);
}

/**
 * Who has the contacts that already carry the marker of somebody without a contact: a worker that died wrote it,
 * and may have left the link to whoever had the contact before.
 */
async function findHolders(
  engine: Engine,
  seeking: readonly Wish[],
  found: readonly Contact[],
): Promise<ReadonlyMap<string, string>> {
  const seekers = new Set(seeking.map(({ member }) => member.person.id));
  const marked = found.filter((contact) => seekers.has(markerOf(contact) ?? ''));
  if (marked.length === 0) return new Map();
  const rows = await engine.tables.people.getMany(
    engine.config.name,
    marked.map(({ id }) => personKey.contact(id)),
  );
  return new Map([...rows].map(([key, row]) => [key.slice('contact:'.length), String(row.facets['person'])]));
}
