import { wantedPeople } from '../../local/oracle.ts';
import type { Sim } from './sim.ts';

export type Presence = 'present' | 'bin' | 'gone';

/** What the directory has been through, and who was to have a contact when. */
export interface WatchPeople {
  isKnown(id: string): boolean;
  presenceOf(id: string): Presence | undefined;
  personChanged(id: string, presence?: Presence): void;
  /** The directory keeps somebody back for a while. */
  personHidden(id: string): void;
  personShown(id: string): void;
  /** A whole reading of the directory ended without them: after a second one they count as gone. */
  absentFrom(chainIds: ReadonlySet<string>): void;
  /** Somebody's contact was changed by hand in a way that the engine cannot see. */
  touchedByHand(id: string): void;
  readonly touched: Set<string>;
  /** A value that belongs to both sides was edited in the contact: what differs now is not the engine's doing. */
  editedShared(id: string): void;
  readonly edited: ReadonlySet<string>;
  /** Changes so far; a chain shows what changed before it began. */
  edits(): number;
  /** A write of ours took the place of a change that the directory had not shown: until then, that is what it shows. */
  overwritten(id: string, shownFrom: number): void;
  /** People whose last change is no newer than that, as far as the directory showed them at `time` as they are. */
  unchangedSince(edit: number, time: number): readonly string[];
  /** Directory or configuration changed: who is wanted now? */
  somethingChanged(): void;
  readonly everWanted: ReadonlySet<string>;
  /** People who at some time had a contact to lose, and a reason to lose it. */
  readonly leavers: ReadonlySet<string>;
}

export function watchPeople(sim: Sim): WatchPeople {
  let edits = 0;
  const presence = new Map<string, Presence>();
  const changedAt = new Map<string, number>();
  const hidden = new Set<string>();
  const overwritten = new Map<string, number>();
  const absences = new Map<string, number>();
  const touched = new Set<string>();
  const edited = new Set<string>();
  // Whoever is found in another tenant is synchronised, too, until ours is back.
  const everWanted = new Set<string>(sim.otherDirectory.admin.users().map(({ id }) => id));
  const leavers = new Set<string>();

  function somethingChanged(): void {
    const users = sim.directory.admin.users();
    for (const { configuration } of sim.instances) {
      const wanted = new Set(wantedPeople(users, configuration.section));
      for (const id of wanted) everWanted.add(id);
      for (const id of everWanted) if (!wanted.has(id)) leavers.add(id);
    }
  }
  const personChanged = (id: string, now: Presence = presence.get(id) ?? 'present'): void => {
    edits += 1;
    presence.set(id, now);
    changedAt.set(id, edits);
  };

  for (const { id } of sim.directory.admin.users()) personChanged(id);
  somethingChanged();
  return {
    isKnown: (id) => presence.has(id),
    presenceOf: (id) => presence.get(id),
    personChanged,
    edited,
    editedShared(id) {
      edited.add(id);
      personChanged(id);
    },
    personHidden: (id) => void hidden.add(id),
    absentFrom(missing) {
      for (const id of missing) {
        absences.set(id, (absences.get(id) ?? 0) + 1);
        if (absences.get(id)! >= 2) leavers.add(id);
      }
    },
    personShown(id) {
      absences.delete(id);
      hidden.delete(id);
      personChanged(id);
    },
    touchedByHand: (id) => void touched.add(id),
    touched,
    edits: () => edits,
    overwritten: (id, shownFrom) => void overwritten.set(id, shownFrom),
    unchangedSince: (edit, time) =>
      [...changedAt]
        .filter(([id, at]) => at <= edit && !hidden.has(id) && time >= (overwritten.get(id) ?? 0))
        .map(([id]) => id),
    somethingChanged,
    everWanted,
    leavers,
  };
}
