import { compareWithOracle } from '../../local/oracle.ts';
import { compareDuplicates } from '../../local/oracle/compare-people.ts';
import { expectPeople } from '../../local/oracle/expect-people.ts';
import { readOracleConfig } from '../../local/oracle/oracle-config.ts';
import { markerOf, numbersOf, snapshotOf, usersFor } from './account-view.ts';
import { startByHand } from './operators.ts';
import { linksOf, pendingOf, runsOf } from './books.ts';
import { comeToRest } from './settle.ts';
import { undecidedPeople } from './undecided.ts';
import { violate } from './sim.ts';
import type { Sim } from './sim.ts';
import type { Timers } from './tell.ts';

/** Where PATCH keeps old channels, a number changes by making the contact anew: not one that people made, or may have made. */
function cannotBeRenumbered(sim: Sim, personId: string): boolean {
  return linksOf(sim).get(personId)?.created === false && sim.history.world.account.mode === 'merge';
}

/** A conflict is one with a contact that is not theirs, and has the number that they want, or that their contact has. */
function checkConflicts(sim: Sim): void {
  const { section } = sim.instances[0]!.configuration;
  const expectations = expectPeople(usersFor(sim, section), readOracleConfig(section));
  const { contacts } = snapshotOf(sim);
  for (const { personId, reason } of pendingOf(sim)) {
    if (reason !== 'contact-conflict') continue;
    const expected = expectations.find((one) => one.personId === personId);
    const [theirs, others] = [true, false].map((own) =>
      contacts.filter((contact) => (markerOf(contact) === personId) === own).flatMap(numbersOf),
    );
    const numbers = expected !== undefined && 'contact' in expected ? [expected.contact.number] : theirs!;
    if (numbers.some((number) => others!.includes(number)) || cannotBeRenumbered(sim, personId)) continue;
    violate(sim, 'I1', `person ${personId} waits because of a contact that does not stand in the way`);
  }
}

function describeRest(sim: Sim): string {
  const waiting = pendingOf(sim).map(({ personId, outcome, reason }) => `${personId.slice(-2)} ${outcome} ${reason}`);
  const contacts = snapshotOf(sim).contacts.map((contact) => {
    const numbers = contact.channels.map(({ channelId }) => channelId.slice(-3));
    return `${markerOf(contact)?.slice(-2) ?? '-'}: ${numbers.join(' ')} ${contact.lists.map(({ name }) => name).join(' ')}`;
  });
  return `contacts ${contacts.join(', ')}; waiting ${waiting.join(', ')}`;
}

/**
 * I7: what the app was told of has come to every contact, whoever has the number by now, but for those that people made
 * with it later and that are nobody's. Where a number may be on one contact only, and people put it on two by hand,
 * neither can be written.
 */
function checkConsent(sim: Sim): void {
  const { told, openedByHand } = sim.watch;
  const { contacts } = snapshotOf(sim);
  const channels = contacts.flatMap((contact) => contact.channels);
  const timesOn = (number: string): number => channels.filter(({ channelId }) => channelId === number).length;
  const ours = contacts.filter((contact) => markerOf(contact) !== undefined || !openedByHand.has(contact.id));
  const open = ours
    .flatMap((contact) => contact.channels)
    .filter(({ channelId, subscriptionState }) => told.has(channelId) && subscriptionState !== 'UNSUBSCRIBED')
    .filter(({ channelId }) => !sim.history.world.account.uniqueNumbers || timesOn(channelId) === 1);
  if (open.length > 0) violate(sim, 'I7', 'a contact may be texted on a number that opted out');
}

/** I1, I2, I3 and I7 once everything has come to rest: by rules that share nothing with the engine. */
export function checkRest(sim: Sim): void {
  const account = snapshotOf(sim);
  checkConsent(sim);
  sim.tell(() => `at rest: ${describeRest(sim)}`);
  const { section } = sim.instances[0]!.configuration;
  const handMade = sim.watch.handMade.snapshot();
  const stuck = pendingOf(sim).filter(({ outcome }) => outcome === 'failed');
  for (const { personId, reason } of stuck)
    violate(sim, 'I1', `person ${personId} still waits for a next try: ${reason}`);
  checkConflicts(sim);
  const managed = account.contacts.filter((contact) => markerOf(contact) !== undefined);
  for (const { words } of compareDuplicates(managed)) violate(sim, 'I2', words);
  for (const { words } of sim.watch.handMade.compare(section)) violate(sim, 'I3', words);
  const differences = compareWithOracle({
    users: usersFor(sim, section),
    sync: section,
    account: { ...account, contacts: managed },
    handMade: { ...handMade, contacts: handMade.contacts.filter(({ id }) => managed.some((one) => one.id === id)) },
    undecided: undecidedPeople(sim),
    formerPeople: sim.watch.everWanted,
  })
    .filter(({ kind }) => !['duplicate-person', 'duplicate-number', 'foreign-changed'].includes(kind))
    .filter(({ kind, contactId }) => kind !== 'wrong-number' || !sim.watch.handMade.hasTwoNumbers(contactId));
  for (const { kind, personId, words } of differences)
    violate(sim, 'I1', `${kind}: ${words} (${personId ?? 'nobody'})`);
}

const CHANGES = ['created', 'adopted', 'updated', 'moved', 'removed', 'restored', 'pulled', 'failed'] as const;

/** I1: one more run of each mode plans nothing and writes nothing. */
export async function checkStillness(sim: Sim, timers: Timers): Promise<void> {
  for (const mode of ['delta', 'full'] as const) {
    if (sim.violations.length > 0) return;
    const writes = sim.book.writes.length;
    const before = JSON.stringify(snapshotOf(sim));
    const known = new Set(runsOf(sim).map(({ runId }) => runId));
    startByHand(sim, mode, false);
    await comeToRest(sim, timers, { patient: false });
    const run = runsOf(sim).find(({ runId, trigger }) => !known.has(runId) && trigger === 'http');
    if (run === undefined) return violate(sim, 'I1', `a ${mode} run could not be started at rest`);
    const changes = CHANGES.filter((name) => run.counts[name] > 0).map((name) => `${run.counts[name]} ${name}`);
    if (changes.length > 0) violate(sim, 'I1', `one more ${mode} run finds something to do: ${changes.join(', ')}`);
    const written = sim.book.writes.slice(writes).map(({ name }) => name);
    // Whoever waits for what people did by hand is tried again by a full run, and refused again.
    const isTriedInVain = pendingOf(sim).length > 0 && JSON.stringify(snapshotOf(sim)) === before;
    if (written.length > 0 && !isTriedInVain) {
      violate(sim, 'I1', `one more ${mode} run writes: ${written.join(', ')}`);
    }
  }
}
