import { compareWithOracle } from '../../local/oracle.ts';
import { snapshotOf, usersFor } from './account-view.ts';
import { pendingOf, stateOf } from './books.ts';
import { TENANT, violate } from './sim.ts';
import type { Sim, Worker } from './sim.ts';

export interface Chain {
  /** Changes that the directory had seen when the chain began: it shows them all. */
  readonly startedAt: number;
  /** When it began, ms since 1970. */
  readonly time: number;
  /** Everybody, not only changes. */
  readonly isFull: boolean;
  readonly isUnderWay: boolean;
  /** Whom it has shown. */
  readonly seen: Set<string>;
}

/** I5: when the token moves, whatever the directory showed up to it is done, or written down as waiting. */
export interface WatchCheckpoint {
  chainBegins(link: string | undefined): Chain;
  pageRead(chain: Chain, nextLink: string | undefined, deltaLink: string | undefined): void;
  stateWritten(worker: Worker): void;
}

export function watchCheckpoint(sim: Sim): WatchCheckpoint {
  const onTheWay = new Map<string, Chain>();
  const shownUpTo = new Map<string, Chain>();
  let token: string | undefined;

  function check(worker: Worker, link: string): void {
    const chain = shownUpTo.get(link);
    if (chain === undefined) return violate(sim, 'I5', 'the token is no link that the directory ended a chain with');
    const { watch } = sim;
    if (watch.isStructureTouched()) return;
    const reached = new Set(watch.unchangedSince(chain.startedAt, chain.time).filter((id) => !watch.touched.has(id)));
    for (const { personId } of pendingOf(sim)) reached.delete(personId);
    const everybody = [...watch.everKnown(), ...watch.everWanted];
    const missed = compareWithOracle({
      users: usersFor(sim, worker.configuration.section),
      sync: worker.configuration.section,
      account: snapshotOf(sim),
      handMade: watch.handMade.snapshot(),
      undecided: everybody.filter((id) => !reached.has(id)),
      formerPeople: watch.everWanted,
    })
      .filter(
        ({ personId, kind }) => personId !== undefined && kind !== 'duplicate-person' && kind !== 'foreign-changed',
      )
      .filter(({ kind, contactId }) => kind !== 'wrong-number' || !watch.handMade.hasTwoNumbers(contactId));
    for (const { words, personId } of missed.slice(0, 3)) {
      violate(sim, 'I5', `the token moves although person ${personId} is not done and does not wait: ${words}`);
    }
  }

  return {
    chainBegins(link) {
      const known = link === undefined ? undefined : onTheWay.get(link);
      if (known !== undefined) return { ...known, isUnderWay: true };
      const time = sim.scheduler.now();
      return { startedAt: sim.watch.edits(), time, isFull: link === undefined, isUnderWay: false, seen: new Set() };
    },
    pageRead(chain, nextLink, deltaLink) {
      if (nextLink !== undefined) onTheWay.set(nextLink, chain);
      if (deltaLink !== undefined) shownUpTo.set(deltaLink, chain);
    },
    stateWritten(worker) {
      const state = stateOf(sim);
      const link = state?.token?.links['users'];
      if (state?.token === undefined || link === undefined || link === token) return;
      token = link;
      // What another tenant's directory showed says nothing about ours.
      if (state.token.tenantId === TENANT) check(worker, token);
    },
  };
}
