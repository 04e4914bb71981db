import { flowOf } from '../config/sync-config.ts';
import { departmentName, mapPerson } from '../people/map-person.ts';
import type { DesiredContact } from '../people/map-person.ts';
import { listKey } from '../people/list-names.ts';
import { contactValues } from '../people/contact-values.ts';
import { isCanary } from '../people/canaries.ts';
import { isExcludedFound, isExcludedLink } from '../people/exclude.ts';
import { judgeScope } from '../people/scope.ts';
import { adoptContactFor, removeContactOf, skipPerson } from '../plan/diff-person.ts';
import type { Found, Wanted } from '../plan/diff-person.ts';
import { adoptMerged } from '../plan/adopt-merged.ts';
import { isDoubtful } from '../plan/final-outcome.ts';
import { hashOperation, hashWish } from '../plan/hash-operation.ts';
import type { Draft, Operation } from '../plan/operation.ts';
import type { Pending } from '../plan/link.ts';
import { findMarkedLinks, recheckMarked } from './adopt-markers.ts';
import { standingFor } from './claim-standing.ts';
import type { ClaimStanding } from './claim-standing.ts';
import type { ClaimGuard } from './claim.ts';
import { claimantsOf, findUnnotedLinks, inheritLinks, withJoins } from './doubt.ts';
import { withConsent } from './plan-consent.ts';
import type { Engine } from './engine.ts';
import { mergedWish, standInNumber } from './linked-wish.ts';
import { foundAnew, isToBeFoundAnew, withoutContact, withoutLink } from './pull-only.ts';
import { isInConflict, lookAround, matchFound, needsNumber, ownerStatus } from './look-around.ts';
import type { Surroundings, Wish } from './look-around.ts';
import { memberOf } from './memberships.ts';
import { ownLists } from './existing-lists.ts';
import { fetchPart, insertPart, partKey } from './parts.ts';
import type { BatchPart, BatchPerson, BatchWork, PlanPart } from './parts.ts';
import type { PersonRow } from './person-rows.ts';
import type { RunRow } from './run-row.ts';

/** A mapped person as the plan compares contacts with it. */
export function wantedOf(engine: Pick<Engine, 'digest'>, desired: DesiredContact): Wanted {
  return {
    phone: desired.phone,
    phoneKey: engine.digest.pseudonym(desired.phone),
    fields: desired.whatsapp === undefined ? desired.fields : { ...desired.fields, whatsapp: desired.whatsapp },
    onCreate: desired.onCreate,
    lists: desired.lists.map((name) => ({ key: listKey(name), name })),
  };
}

/** Somebody else's claim on the wanted number, as the operation carries it to the judge. */
function claimedBy({ personId, state }: ClaimStanding): Pick<Operation, 'claimedBy'> {
  return { claimedBy: { personId, active: state === 'held' || state === 'open' } };
}

function holderOf(contactId: string, { person }: BatchPerson, { holders }: Surroundings): string | undefined {
  const holder = holders.get(contactId);
  return holder === person.id ? undefined : holder;
}

function planMatched(run: RunRow, wish: Wish, around: Surroundings): Draft {
  const { member, wanted, invalid, context } = wish;
  const match = matchFound(member.person.id, wanted.phone, around.found, around.owners);
  if (match.kind === 'none') return withoutContact(run, wish, around);
  if (match.kind === 'refuse') {
    return skipPerson(match.reason, { phoneKey: wanted.phoneKey, contactIds: match.contactIds });
  }
  if (isExcludedFound(match.contact, run.config)) return skipPerson('excluded', { phoneKey: wanted.phoneKey });
  const formerOwner = match.kind === 'take-over' ? match.formerOwner : holderOf(match.contact.id, member, around);
  const isActive =
    formerOwner !== undefined && ownerStatus(around.owners.get(formerOwner), match.contact.id) === 'active';
  // Nothing on the contact would say that it is another person's now.
  if (isActive || (formerOwner !== undefined && flowOf(run.config) === 'pull')) {
    return skipPerson('contact-conflict', { phoneKey: wanted.phoneKey, contactIds: [match.contact.id] });
  }
  const found: Found = {
    contactId: match.contact.id,
    current: contactValues(match.contact),
    lists: match.contact.lists,
    isOurs: match.kind === 'link',
    ...(formerOwner === undefined ? {} : { formerOwner }),
  };
  const planning = { config: run.config, known: run.knownLists, context };
  const draft =
    formerOwner === undefined
      ? adoptMerged({ person: member.person, wanted, invalid }, found, planning)
      : // What the contact says is the leaver's.
        adoptContactFor(
          wanted,
          found,
          ownLists(around.owners.get(formerOwner)?.link, run.config),
          run.knownLists,
          invalid,
        );
  return match.kind === 'link' ? { ...draft, overwrites: false } : draft;
}

function planNewcomer(run: RunRow, wish: Wish, around: Surroundings): Draft {
  const { member, wanted, invalid } = wish;
  if (member.marked?.isAmbiguous === true) {
    const { contactIds } = member.marked;
    return skipPerson('contact-conflict', { phoneKey: wanted.phoneKey, contactIds, byMarker: true });
  }
  const claim = standingFor(member.person.id, around.claims.get(wanted.phoneKey));
  if (claim === undefined) return planMatched(run, wish, around);
  if (claim.personId === member.person.id) {
    return { ...planMatched(run, wish, around), heldPhoneKey: wanted.phoneKey };
  }
  const { link } = claim;
  if (link === undefined) return { ...planMatched(run, wish, around), ...claimedBy(claim) };
  if (claim.state === 'held') return { ...withoutContact(run, wish, around), ...claimedBy(claim) };
  if (isExcludedLink(link, run.config)) return skipPerson('excluded', { phoneKey: wanted.phoneKey });
  const found = {
    contactId: link.contactId,
    current: link.fields,
    lists: [],
    isOurs: true,
    formerOwner: claim.personId,
  };
  return {
    ...adoptContactFor(wanted, found, ownLists(link, run.config), run.knownLists, invalid),
    ...claimedBy(claim),
  };
}

function planLinked(wish: Wish, around: Surroundings): Draft {
  const { member, wanted } = wish;
  const { contactId, phoneKey } = member.link!;
  const taken = around.found.filter(
    ({ id, channels }) => id !== contactId && channels.some((one) => one.channelId === wanted.phone),
  );
  if (isInConflict(wish) && needsNumber(wish) && taken.length > 0) {
    const contactIds = [contactId, ...taken.map(({ id }) => id)];
    return skipPerson('contact-conflict', { phoneKey: wanted.phoneKey, heldPhoneKey: phoneKey, contactIds });
  }
  const draft = wish.update!;
  const seen = needsNumber(wish) ? around.claims.get(wanted.phoneKey) : undefined;
  const claim = standingFor(member.person.id, seen);
  if (claim === undefined || claim.personId === member.person.id) return draft;
  return { ...draft, ...claimedBy(claim) };
}

/** Who leaves, is skipped or was not readable is planned at once; who is wanted waits for a look around. */
function sortOut(engine: Engine, run: RunRow, member: BatchPerson, isUnnoted: boolean): Draft | Wish {
  const { config } = engine;
  const { person, link, unread, pending } = member;
  if (unread === true) return skipPerson('service-unavailable');
  if (link !== undefined && isExcludedLink(link, config)) return skipPerson('excluded');
  const isMember = memberOf(member.groups ?? [], config);
  const context = { now: run.createdAt, isMember, digest: engine.digest };
  const scope = judgeScope(person, config, context);
  if (!scope.inScope && scope.cause === undefined) return skipPerson(scope.reason);
  const mapped = scope.inScope ? mapPerson(person, config, context) : undefined;
  if (scope.inScope && mapped?.reachable === true) {
    const wish = { member, wanted: wantedOf(engine, mapped.desired), invalid: mapped.invalid, context };
    return mergedWish(wish, run, isUnnoted);
  }
  const standIn = scope.inScope && mapped?.reachable === false ? standInNumber(member, run, context) : undefined;
  if (standIn?.reachable === true) {
    const wanted = { ...wantedOf(engine, standIn.desired), directoryPhone: '' };
    return mergedWish({ member, wanted, invalid: standIn.invalid, context }, run, isUnnoted);
  }
  const cause = scope.inScope ? 'unreachable' : scope.cause;
  const reason = scope.inScope ? (mapped?.reachable === false ? mapped.reason : 'no-phone') : scope.reason;
  const mayChange = reason !== 'excluded' && reason !== 'service-unavailable';
  if (link === undefined || !mayChange || flowOf(config) === 'pull') return skipPerson(reason);
  const removal = removeContactOf(link, cause, config.leavers[cause].action, reason, isDoubtful(pending));
  return {
    ...removal,
    ...(link.left === undefined ? {} : { leftBefore: true }),
    ...(member.absent === true ? { absent: true } : {}),
    ...(isCanary(person.attributes, config.protection.canaries) ? { canary: true } : {}),
  };
}

/** One person's data that brings about an error of our own must not keep the others from being planned. */
function sortOutAlone(engine: Engine, run: RunRow, member: BatchPerson, isUnnoted: boolean): Draft | Wish {
  try {
    return sortOut(engine, run, member, isUnnoted);
  } catch (error) {
    const { name } = error as Error;
    engine.log.event('person.failed', { runId: run.runId, personId: member.person.id, error: name });
    return skipPerson('service-unavailable');
  }
}

/** A contact with the person's marker that is somebody else's by our books: a hand-over that ended half-way. */
function formerOwnerOf(claimant: PersonRow | undefined): Partial<Draft> {
  return claimant === undefined ? {} : { formerOwner: claimant.person.id };
}

/** Whoever still uses the contact keeps it; one that a leaver left behind goes along, even with another leaver. */
function yieldTo(
  claimants: ReadonlyMap<string, PersonRow>,
  { person }: BatchPerson,
  draft: Draft | Wish,
): Draft | Wish {
  const claimant = claimants.get(person.id);
  if (claimant === undefined || claimant.link?.left !== undefined) return draft;
  return skipPerson('contact-conflict');
}

/** Plans one batch: scope, mapping, matching, diff. Writes nothing outside our tables; the plan row is inserted once. */
export async function planBatch(engine: Engine, run: RunRow, index: number, guard: ClaimGuard): Promise<BatchWork> {
  const nonce = run.batchNonce!;
  const batch = await fetchPart<BatchPart>(engine, run.runId, partKey.batch(nonce, index));
  const members = await recheckMarked(engine, run, batch.people, guard);
  const found = new Map([
    ...(await findMarkedLinks(engine, run, members, guard)),
    ...(await findUnnotedLinks(engine, run, members, guard)),
  ]);
  const claimants = await claimantsOf(engine, found);
  const unnoted = inheritLinks(found, claimants);
  const people = members.map((member): BatchPerson => {
    if (isToBeFoundAnew(run, member)) return withoutLink(member);
    const linked = withJoins(member.link, member.pending?.joins, run.knownLists);
    const link = ownLists(unnoted.get(member.person.id) ?? linked, run.config);
    return link === undefined ? member : { ...member, link };
  });
  const drafts = people.map((member) =>
    yieldTo(claimants, member, sortOutAlone(engine, run, member, unnoted.has(member.person.id))),
  );
  const wishes = drafts.filter((draft) => 'wanted' in draft);
  const around = await lookAround(engine, run, wishes, guard);
  const standing: Record<string, Pending> = {};
  const operations = people.map((member, at): Operation => {
    const draft = drafts[at]!;
    const planned = !('wanted' in draft)
      ? draft
      : withConsent(
          run,
          draft,
          around,
          member.link === undefined ? planNewcomer(run, draft, around) : planLinked(draft, around),
        );
    const made = unnoted.get(member.person.id);
    const operation = {
      personId: member.person.id,
      department: departmentName(member.person, engine.config),
      ...planned,
      ...(made === undefined ? {} : { unnoted: made }),
      ...formerOwnerOf(claimants.get(member.person.id)),
      ...foundAnew(run, batch.people[at]!, planned),
    };
    if (member.pending !== undefined) standing[member.person.id] = member.pending;
    const wish = hashWish(operation, engine.digest);
    return { ...operation, hash: hashOperation(operation, engine.digest), ...(wish === undefined ? {} : { wish }) };
  });
  const hash = engine.digest.hash(operations.map((operation) => operation.hash).join('\n'));
  await guard.ensure();
  const body: PlanPart = { operations, standing };
  await insertPart(engine, run.runId, { key: partKey.plan(nonce, index), facets: { hash }, body });
  return { department: batch.department, people: people.length };
}
