import { RowConflict } from '../ports.ts';
import type { RowChange } from '../ports.ts';
import { markerOf } from '../people/matching.ts';
import { adoptionNote, claimContact, fetchHolders, forgetAdoption } from './adoption-notes.ts';
import { endCase, isOpen } from './apply-case.ts';
import type { Application, Case } from './apply-case.ts';
import { packWrites } from './fence.ts';
import { claimRow, fetchClaims, fetchPeople, personKey } from './person-rows.ts';
import type { HeldClaim } from './person-rows.ts';

/**
 * Whether the case needs a number that the person's link does not carry yet. Somebody who is back carries it, but may
 * have lost the claim to a person who was about to take it over.
 */
function seeksNumber({ operation, link }: Case): boolean {
  return operation.phoneKey !== undefined && (operation.phoneKey !== link?.phoneKey || operation.kind === 'restore');
}

/** The number is on the person's own contact: the judge has given it to them. */
function carriesNumber({ operation, link }: Case): boolean {
  return link !== undefined && link.phoneKey === operation.phoneKey;
}

/** The plan saw a claim on this number, or an earlier try may have left one: the row has to be read first. */
function mayBeClaimed(app: Application, { operation, verdict }: Case): boolean {
  return (
    app.isRepeat ||
    operation.claimedBy !== undefined ||
    operation.heldPhoneKey !== undefined ||
    verdict?.after !== undefined
  );
}

function claimChanges(app: Application, one: Case, standing: HeldClaim | undefined): RowChange[] {
  const { operation } = one;
  const intent = { runId: app.run.runId, at: app.engine.clock.now() };
  const from = standing?.personId === operation.personId ? standing.from : standing?.personId;
  const claim = { personId: operation.personId, intent, ...(from === undefined || from === '' ? {} : { from }) };
  const row = claimRow(operation.phoneKey!, claim);
  const changes: RowChange[] = [
    standing === undefined ? { kind: 'insert', row } : { kind: 'replace', row, etag: standing.etag },
  ];
  if (operation.kind === 'adopt' && one.formerOwner === undefined) {
    const { contactId, personId, lists, memberOf = [] } = operation;
    const ours = [...lists.add, ...memberOf.filter(({ byHand }) => byHand !== true)].map(({ key }) => key);
    changes.push({ kind: 'insert', row: adoptionNote(app.run, contactId!, personId, ours) });
  }
  return changes;
}

/** A claim may be replaced when it is ours, or when its holder let the number go as the sealed plan says. */
function isFree(one: Case, standing: HeldClaim | undefined): boolean {
  const { operation, verdict } = one;
  if (standing === undefined || standing.personId === operation.personId || carriesNumber(one)) return true;
  if (one.formerOwner?.person.id === standing.personId) return true;
  return verdict?.after === standing.personId || operation.claimedBy?.active === false;
}

async function claimOne(app: Application, one: Case): Promise<void> {
  const { engine } = app;
  const { operation } = one;
  const standing = (await fetchClaims(engine, [operation.phoneKey!])).get(operation.phoneKey!);
  if (!isFree(one, standing)) {
    return endCase(one, { outcome: 'skipped', reason: 'duplicate-phone', waitsFor: operation.phoneKey! });
  }
  const [number, contact] = claimChanges(app, one, standing);
  await engine.tables.people.write(engine.config.name, [number!]);
  // A contact belongs to one person: two people who share a contact with two numbers cannot both have it.
  if (contact?.kind === 'insert' && !(await claimContact(app, contact.row)))
    endCase(one, { outcome: 'skipped', reason: 'contact-conflict' });
}

/** Claims every number that is sought, with the intent, before any contact is made or changed for it. */
export async function claimNumbers(app: Application, cases: readonly Case[]): Promise<void> {
  const { engine } = app;
  const seeking = cases.filter((one) => isOpen(one) && seeksNumber(one));
  const toRead = seeking.filter((one) => mayBeClaimed(app, one)).map((one) => one.operation.phoneKey!);
  const standing = toRead.length === 0 ? new Map<string, HeldClaim>() : await fetchClaims(engine, toRead);
  await findUnnoted(app, seeking, standing);

  const groups: { one: Case; changes: RowChange[] }[] = [];
  const adopted = new Set<string>();
  for (const one of seeking) {
    if (!isOpen(one)) continue;
    const { phoneKey, contactId } = one.operation;
    const claim = standing.get(phoneKey!);
    const isAdopted = contactId !== undefined && adopted.has(contactId);
    if (contactId !== undefined) adopted.add(contactId);
    if (carriesNumber(one) && claim?.personId === one.operation.personId) continue;
    if (isAdopted) endCase(one, { outcome: 'skipped', reason: 'contact-conflict' });
    else if (!isFree(one, claim)) {
      endCase(one, { outcome: 'skipped', reason: 'duplicate-phone', waitsFor: phoneKey! });
    } else groups.push({ one, changes: claimChanges(app, one, claim) });
  }
  for (const chunk of packWrites(groups, ({ changes }) => changes)) {
    await app.guard.ensure();
    try {
      await engine.tables.people.write(
        engine.config.name,
        chunk.flatMap(({ changes }) => changes),
      );
    } catch (error) {
      if (!(error instanceof RowConflict)) throw error;
      await app.guard.ensure();
      for (const { one } of chunk) await claimOne(app, one);
    }
  }
}

/** The number that a case claimed and does not get; undefined when there is none. */
function refusedKey(one: Case): string | undefined {
  if (one.untaken !== undefined) return one.untaken;
  const isRefused = one.ending?.outcome === 'rejected' || one.ending?.outcome === 'skipped';
  if (!isRefused || !seeksNumber(one) || carriesNumber(one)) return undefined;
  return one.next?.phoneKey === one.operation.phoneKey ? undefined : one.operation.phoneKey;
}

/**
 * Gives back what was claimed for people who were refused: the number, to whoever had it before, and the contact.
 * Whoever is in doubt or will be tried again keeps the claim, and so does whoever's contact got the number beside
 * another one that it must not lose.
 */
export async function releaseClaims(app: Application, cases: readonly Case[]): Promise<void> {
  const refused = cases.flatMap((one) => {
    const phoneKey = refusedKey(one);
    return phoneKey === undefined ? [] : [{ one, phoneKey }];
  });
  if (refused.length === 0) return;
  const { tables, config } = app.engine;
  const claims = await fetchClaims(app.engine, [...new Set(refused.map(({ phoneKey }) => phoneKey))]);
  const former = [...claims.values()].flatMap(({ from }) => (from === undefined ? [] : [from]));
  const formerHolders = await fetchPeople(app.engine, [...new Set(former)]);
  for (const { one, phoneKey } of refused) {
    const { operation, formerOwner, link } = one;
    const { personId } = operation;
    const claim = claims.get(phoneKey);
    if (claim?.personId !== personId) continue;
    const { etag, intent, from } = claim;
    const carries = from !== undefined && formerHolders.get(from)?.link?.phoneKey === phoneKey;
    const holder = formerOwner?.person.id ?? (carries ? from : undefined);
    if (holder === undefined && phoneKey === operation.phoneKey && hasGotNumber(one)) continue;
    await tables.people.write(config.name, [
      holder === undefined
        ? { kind: 'delete', key: personKey.phone(phoneKey), etag }
        : { kind: 'replace', row: claimRow(phoneKey, { personId: holder, intent }), etag },
    ]);
    const isAdopted = operation.kind === 'adopt' && formerOwner === undefined && link === undefined;
    // Whoever finds our marker on it has to know that it was not made for the person.
    if (isAdopted && !mayBeMarked(app, one)) await forgetAdoption(app.engine, operation.contactId!, personId);
  }
}

/** The contact that the person has was given the number, and kept the former one. */
function hasGotNumber({ link, ending, next, accountId, contact, operation }: Case): boolean {
  if (link === undefined || next !== undefined || ending?.outcome !== 'rejected') return false;
  const wasThere = contact?.channels.some(({ channelId }) => channelId === operation.phone) === true;
  return accountId !== undefined || wasThere;
}

/** Whether an answered write of ours, or one of an earlier worker, may have put the person's marker on the contact. */
function mayBeMarked({ isRepeat }: Application, { accountId, contact, operation }: Case): boolean {
  if (accountId !== undefined) return true;
  return isRepeat && (contact === undefined || markerOf(contact) === operation.personId);
}

/** Takeovers leave doubt: an open intent of ours may mean a contact that nobody noted. One look-up finds them all. */
async function findUnnoted(
  app: Application,
  seeking: readonly Case[],
  standing: ReadonlyMap<string, HeldClaim>,
): Promise<void> {
  const doubtful = seeking.filter(
    (one) => mayBeUnnoted(app, one) && standing.get(one.operation.phoneKey!)?.personId === one.operation.personId,
  );
  if (doubtful.length === 0) return;
  const found = await app.engine.contactBook.findByNumbers(
    doubtful.map((one) => one.operation.phone!),
    app.guard,
  );
  for (const one of doubtful) {
    const own = found.find(
      (contact) => markerOf(contact) === one.operation.personId && contact.id !== one.link?.contactId,
    );
    if (own !== undefined) one.unnoted = own;
  }
  const ids = doubtful.flatMap(({ unnoted }) => (unnoted === undefined ? [] : [unnoted.id]));
  const holders = await fetchHolders(app.engine, ids);
  for (const one of doubtful) one.unnotedHolder = holders.get(one.unnoted?.id ?? '');
}

/** An earlier try may have made the person's contact: this batch's for somebody without one, any run's for one given up. */
function mayBeUnnoted(app: Application, { link }: Case): boolean {
  return link === undefined ? app.isRepeat : link.carry !== undefined;
}
