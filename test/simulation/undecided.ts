import { expectPeople } from '../../local/oracle/expect-people.ts';
import { readOracleConfig } from '../../local/oracle/oracle-config.ts';
import { markerOf, numbersOf, snapshotOf } from './account-view.ts';
import { linksOf, pendingOf } from './books.ts';
import type { Sim } from './sim.ts';

/** The number that each person wants who is in scope. */
function wishesOf(sim: Sim): ReadonlyMap<string, string> {
  const { section } = sim.instances[0]!.configuration;
  const expectations = expectPeople(sim.directory.admin.users(), readOracleConfig(section));
  return new Map(
    expectations.flatMap((one) => ('contact' in one ? [[one.personId, one.contact.number] as const] : [])),
  );
}

/** Who has each number: by the account, and by our books where the contact is gone. */
function holdersOf(sim: Sim): ReadonlyMap<string, ReadonlySet<string>> {
  const holders = new Map<string, Set<string>>();
  const note = (number: string, id: string | undefined): void => {
    if (id !== undefined) holders.set(number, (holders.get(number) ?? new Set()).add(id));
  };
  for (const contact of snapshotOf(sim).contacts) {
    for (const { channelId } of contact.channels) note(channelId, markerOf(contact));
  }
  for (const [id, link] of linksOf(sim)) note(link.phone, id);
  return holders;
}

/**
 * People whose contacts may look either way: whose change is held, refused for good or decided against, and whoever
 * wants a number that one of these keeps. Who waits for a number that its rightful holder has keeps the former one, and
 * others may wait for that in turn: but not in a ring, in which nobody has a right to what they hold.
 */
export function undecidedPeople(sim: Sim): ReadonlySet<string> {
  const pending = pendingOf(sim);
  const wishes = wishesOf(sim);
  const holders = holdersOf(sim);
  const undecided = new Set(
    pending
      .filter(({ outcome, reason, decision }) => {
        return outcome === 'held' || outcome === 'rejected' || reason === 'contact-conflict' || decision !== undefined;
      })
      .map(({ personId }) => personId),
  );
  // A contact that people gave two numbers keeps both: whoever wants the second one waits.
  const seconds = new Set(
    snapshotOf(sim).contacts.flatMap((contact) =>
      sim.watch.handMade.hasTwoNumbers(contact.id) ? numbersOf(contact) : [],
    ),
  );
  const waiting = new Set(pending.map(({ personId }) => personId).filter((id) => wishes.has(id)));
  const isKept = (number: string, from: string, rightly: boolean): boolean =>
    [...(holders.get(number) ?? [])].some(
      (id) => id !== from && (undecided.has(id) || (rightly && wishes.get(id) === number)),
    );
  // A ring of contacts that people made by hand: none of them may be deleted to free its number (docs/architecture.md, Waves).
  const links = linksOf(sim);
  const isAdopted = (id: string): boolean => links.get(id)?.created === false;
  const isRing = (id: string): boolean =>
    isAdopted(id) && [...(holders.get(wishes.get(id)!) ?? [])].some((other) => waiting.has(other) && isAdopted(other));
  for (let before = -1; before !== undecided.size;) {
    before = undecided.size;
    for (const id of waiting)
      if (isKept(wishes.get(id)!, id, true) || isRing(id) || seconds.has(wishes.get(id)!)) undecided.add(id);
    for (const [id, number] of wishes) if (isKept(number, id, false)) undecided.add(id);
  }
  return undecided;
}

/**
 * Whoever somebody decided against, and whose number is on a contact that people made since: the operation would be
 * another one, but nobody looks at the account before the person changes.
 */
export function rejectedBesideHandMade(sim: Sim): ReadonlySet<string> {
  const wishes = wishesOf(sim);
  const foreign = snapshotOf(sim).contacts.filter((contact) => markerOf(contact) === undefined);
  const numbers = new Set(foreign.flatMap(numbersOf));
  const rejected = pendingOf(sim).filter(({ decision }) => decision?.kind === 'rejected');
  return new Set(rejected.map(({ personId }) => personId).filter((id) => numbers.has(wishes.get(id) ?? '')));
}
