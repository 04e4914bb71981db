import { userId } from '../support/story-people.ts';
import { markerOf, snapshotOf } from './account-view.ts';
import { linksOf, pendingOf } from './books.ts';
import { startByHand } from './operators.ts';
import { comeToRest, decideHolds } from './settle.ts';
import { violate } from './sim.ts';
import type { Sim } from './sim.ts';
import type { Timers } from './tell.ts';

const MINUTE_MS = 60_000;
/** Runs while the directory shows the old value, and then the new one. */
const RUNS = 4;
/** Ticks take their time: several runs see the old value. */
const LATE_MS = 40 * MINUTE_MS;
const LAST_NAME = 'Fennimore at last';
const MOST_PEOPLE = 3;

function isShared(sim: Sim): boolean {
  const { section } = sim.instances[0]!.configuration;
  return section['direction'] === 'bidirectional' && 'contact_name' in (section['owners'] as object);
}

function isEdited(sim: Sim, id: string): boolean {
  return snapshotOf(sim).contacts.some((one) => markerOf(one) === id && one.lastName === LAST_NAME);
}

/** People whose contacts are in step and looked after: what is edited there now is the last word. */
function settledPeople(sim: Sim): readonly string[] {
  const waiting = new Set(pendingOf(sim).map(({ personId }) => personId));
  const present = new Set(sim.directory.admin.users().map(({ id }) => id));
  const linked = [...linksOf(sim)].filter(([, link]) => link.left === undefined).map(([id]) => id);
  const settled = linked.filter((id) => !waiting.has(id) && present.has(id) && id !== userId(90));
  return settled.toSorted().slice(0, MOST_PEOPLE);
}

/**
 * I11: when everything is at rest, names are edited in contacts once more, in a directory that shows what was written
 * late and the old value before. Runs go on meanwhile. No run undoes the edit, and in the end it stands on both sides.
 */
export async function checkBothWays(sim: Sim, timers: Timers): Promise<void> {
  if (sim.violations.length > 0 || !isShared(sim)) return;
  const { admin } = sim.directory;
  const people = settledPeople(sim).filter((id) => snapshotOf(sim).contacts.some((one) => markerOf(one) === id));
  Object.assign(admin.options, { writeDelayMs: LATE_MS, writeShowsOldFirst: true });
  for (const id of people) {
    const contact = snapshotOf(sim).contacts.find((one) => markerOf(one) === id)!;
    sim.book.account.editContact(contact.id, { lastName: LAST_NAME });
    sim.watch.handMade.editContact(contact.id);
    sim.watch.editedShared(id);
  }
  sim.tell(() => `last edits: ${people.join(', ')}`);
  for (let runs = 0; runs < RUNS && sim.violations.length === 0; runs += 1) {
    startByHand(sim, 'delta', false);
    await comeToRest(sim, timers, { patient: false });
    if (runs === 0) await decideHolds(sim, timers);
    for (const id of people)
      if (!isEdited(sim, id)) violate(sim, 'I11', `a run undoes the last edit of person ${id}'s contact`);
    sim.scheduler.passTo(sim.scheduler.now() + 3 * MINUTE_MS);
  }
  await comeToRest(sim, timers);
  const held = new Set(pendingOf(sim).map(({ personId }) => personId));
  for (const id of people) {
    if (held.has(id)) continue;
    const user = admin.users().find((one) => one.id === id);
    if (user?.['surname'] !== LAST_NAME) violate(sim, 'I11', `the last edit of person ${id}'s contact did not travel`);
  }
}
