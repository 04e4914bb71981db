import { NeighbourError } from '../../src/core/errors.ts';
import type { CallScope, ContactBook, Directory, DirectoryPage } from '../../src/core/ports.ts';
import type { MemoryHooks } from '../support/memory-calls.ts';
import { personOf } from './books.ts';
import { showFaults } from './chain-faults.ts';
import type { Effect } from './fault-names.ts';
import type { Mishap } from './history.ts';
import { dice, fire, OTHER_TENANT } from './sim.ts';
import type { Sim, Worker } from './sim.ts';
import { crash, never, standStill, turn } from './worker.ts';
import { answerWrongly, LOST_ANSWERS, STORMS } from './wrong-answers.ts';

/** The longest that an undisturbed call is on the wire, each way. */
const LATENCY_MS = 150;

interface Call {
  readonly hooks: MemoryHooks;
  scope(scope: CallScope): CallScope;
}

/** One call of a worker to a neighbour, repetitions included: what happens before, on the way and after. */
function aCall(sim: Sim, worker: Worker, effect: Effect): Call {
  let mishaps: readonly Mishap[] = [];
  let failuresInARow = 0;
  const counting = async (trouble: Promise<void>): Promise<void> => {
    try {
      await trouble;
    } catch (error) {
      failuresInARow += 1;
      throw error;
    }
  };
  return {
    scope: (scope) => ({
      async beforeAttempt(neighbour) {
        await turn(sim, worker);
        const moment = sim.moments.next(effect);
        for (const deed of moment.deeds) sim.doDeed(deed);
        mishaps = moment.mishaps;
        for (const mishap of mishaps) if (mishap.do === 'pause') await standStill(sim, worker, mishap.ms);
        await scope.beforeAttempt(neighbour);
        if (!worker.isAlive) await never();
        sim.watch.callStarts(worker, effect);
        sim.watch.triedAgain(worker, neighbour, failuresInARow);
      },
    }),
    hooks: {
      async onCall(call) {
        sim.watch.callMade(worker, call);
        await sim.scheduler.turn(dice(sim.random, LATENCY_MS));
        // What a worker sent before it died is on the wire: it arrives, or is lost.
        if (!worker.isAlive && dice(sim.random, 2) === 0) await never();
        if (worker.isAlive) await counting(disturb(sim, worker, effect, mishaps));
      },
      async afterCall(call) {
        sim.tell(() => `${worker.name}: ${effect} (${call.name})`);
        sim.watch.callDone(worker, call);
        if (!worker.isAlive) await never();
        await counting(disturbAfter(sim, worker, effect, mishaps));
        failuresInARow = 0;
      },
    },
  };
}

async function disturb(sim: Sim, worker: Worker, effect: Effect, mishaps: readonly Mishap[]): Promise<void> {
  const { storm } = sim.weather;
  if (storm !== undefined && sim.scheduler.now() < storm.until) {
    fire(sim, STORMS[storm.answer] ?? 'storm of 503');
    await answerWrongly(sim, worker, storm.answer);
  }
  for (const mishap of mishaps) {
    if (mishap.do === 'crash' && mishap.side === 'before') {
      fire(sim, `crash before ${effect}`);
      const end = crash(sim, worker, mishap);
      if (!mishap.arrives) await end;
    }
    if (mishap.do === 'slow') {
      fire(sim, 'slow answer');
      await sim.scheduler.turn(Math.floor(mishap.ms / 2));
    }
    if (mishap.do === 'answer' && !mishap.applied) {
      fire(sim, mishap.answer);
      await answerWrongly(sim, worker, mishap.answer);
    }
  }
}

async function disturbAfter(sim: Sim, worker: Worker, effect: Effect, mishaps: readonly Mishap[]): Promise<void> {
  for (const mishap of mishaps) {
    if (mishap.do === 'crash' && mishap.side === 'after') {
      fire(sim, `crash after ${effect}`);
      await crash(sim, worker, mishap);
    }
    if (mishap.do === 'slow') await turn(sim, worker, Math.floor(mishap.ms / 2));
    if (mishap.do === 'answer' && mishap.applied) {
      const lost = LOST_ANSWERS[effect];
      if (lost !== undefined) fire(sim, lost);
      await answerWrongly(sim, worker, mishap.answer);
    }
  }
}

/** MessageMedia as a worker reaches it. */
export function bookOf(sim: Sim, worker: Worker): ContactBook {
  const through = <T>(
    effect: Effect,
    scope: CallScope,
    make: (book: ContactBook, scope: CallScope) => Promise<T>,
  ): Promise<T> => {
    const call = aCall(sim, worker, effect);
    return make(sim.book.through(call.hooks), call.scope(scope));
  };
  return {
    isEmpty: (scope) => through('contact look-up', scope, (book, own) => book.isEmpty(own)),
    findByNumbers: (numbers, scope) =>
      through('contact look-up', scope, (book, own) => book.findByNumbers(numbers, own)),
    readContacts: (ids, scope) => through('contact look-up', scope, (book, own) => book.readContacts(ids, own)),
    contactPages(from, scope) {
      const call = aCall(sim, worker, 'contact look-up');
      return sim.book.through(call.hooks).contactPages(from, call.scope(scope));
    },
    createContact: (contact, scope) =>
      through('contact creation', scope, (book, own) => book.createContact(contact, own)),
    updateContact: (id, contact, scope) =>
      through('contact change', scope, (book, own) => book.updateContact(id, contact, own)),
    deleteContact: (id, scope) => through('contact deletion', scope, (book, own) => book.deleteContact(id, own)),
    listLists: (scope) => through('list look-up', scope, (book, own) => book.listLists(own)),
    createList: (name, scope) => through('list creation', scope, (book, own) => book.createList(name, own)),
    listFields: (scope) => through('field look-up', scope, (book, own) => book.listFields(own)),
    createField: (field, scope) => through('field creation', scope, (book, own) => book.createField(field, own)),
    changeMembers: (listId, add, remove, scope) =>
      through('membership change', scope, (book, own) => book.changeMembers(listId, add, remove, own)),
    blockedNumbers(from, scope) {
      const call = aCall(sim, worker, 'contact look-up');
      return sim.book.through(call.hooks).blockedNumbers(from, call.scope(scope));
    },
    check: (scope) => through('contact look-up', scope, (book, own) => book.check(own)),
  };
}

/** The directory as a worker reaches it, and as it shows itself at the time. */
export function directoryOf(sim: Sim, worker: Worker): Directory {
  const tenant = sim.weather.tenantId === OTHER_TENANT ? sim.otherDirectory : sim.directory;
  const isShown = ({ id }: { readonly id: string }): boolean => !sim.weather.missing.has(id);
  return {
    async *deltaPages(from, scope) {
      const chain = sim.watch.chainBegins(from.link);
      const call = aCall(sim, worker, 'directory page');
      let pages = 0;
      try {
        for await (const page of tenant.through(call.hooks).deltaPages(from, call.scope(scope))) {
          pages += 1;
          yield shown(sim, page, chain, isShown);
        }
      } catch (error) {
        const isRefused = error instanceof NeighbourError && error.failure === 'access-denied';
        if (isRefused && (pages > 0 || chain.isUnderWay)) fire(sim, 'page refused in mid-chain');
        throw error;
      }
    },
    async readPeople(ids, select, scope, streams) {
      const call = aCall(sim, worker, 'people by id');
      const found = await tenant.through(call.hooks).readPeople(ids, select, call.scope(scope), streams);
      return new Map([...found].filter(([id]) => isShown({ id })));
    },
    findPerson(upn, scope) {
      const call = aCall(sim, worker, 'people by id');
      return tenant.through(call.hooks).findPerson(upn, call.scope(scope));
    },
    departmentMembers(department, scope) {
      const call = aCall(sim, worker, 'directory page');
      return tenant.through(call.hooks).departmentMembers(department, call.scope(scope));
    },
    groupMembers(group, scope) {
      const call = aCall(sim, worker, 'directory page');
      return tenant.through(call.hooks).groupMembers(group, call.scope(scope));
    },
    updatePerson(id, changes, scope) {
      const call = aCall(sim, worker, 'directory write');
      const { writeDelayMs, writeShowsOldFirst } = tenant.admin.options;
      if (writeDelayMs > 0) fire(sim, 'write shown late');
      if (writeDelayMs > 0 && writeShowsOldFirst) fire(sim, 'old value shown after a write');
      const hooks: MemoryHooks = {
        ...call.hooks,
        async onCall(made) {
          await call.hooks.onCall?.(made);
          noteOverwriting(sim, id, Object.keys(changes));
        },
      };
      return tenant.through(hooks).updatePerson(id, changes, call.scope(scope));
    },
    checkWriting: (attributes) => tenant.checkWriting(attributes),
    check: (scope, stream) => tenant.check(scope, stream),
  };
}

/** Where the engine had not been shown what it now writes over, the directory shows that first, and it is news. */
function noteOverwriting(sim: Sim, id: string, names: readonly string[]): void {
  const { admin } = sim.directory;
  const known = personOf(sim, id)?.attributes;
  const actual = admin.users().find((user) => user.id === id);
  const isNews = names.some((name) => JSON.stringify(actual?.[name] ?? null) !== JSON.stringify(known?.[name] ?? null));
  if (isNews) sim.watch.overwritten(id, sim.scheduler.now() + admin.options.writeDelayMs);
}

function describeEntry({ id, removed, attributes }: DirectoryPage['entries'][number]): string {
  const { department, mobilePhone, accountEnabled } = attributes;
  return `${id.slice(-2)} ${removed ?? JSON.stringify({ department, mobilePhone, accountEnabled })}`;
}

function shown(
  sim: Sim,
  page: DirectoryPage,
  chain: ReturnType<Sim['watch']['chainBegins']>,
  isShown: (entry: { readonly id: string }) => boolean,
): DirectoryPage {
  sim.watch.pageRead(chain, page.nextLink, page.deltaLink);
  showFaults(sim, chain, page);
  sim.tell(() => `a page shows ${page.entries.map(describeEntry).join('; ')}`);
  // One that shows nobody at all is not believed, and no look at anybody.
  const isLook = sim.directory.admin.users().some(isShown);
  if (chain.isFull && page.deltaLink !== undefined && isLook) sim.watch.absentFrom(sim.weather.missing);
  // Only a chain over everybody falls short: a change that is not reported is lost for good, and nobody could know.
  return chain.isFull ? { ...page, entries: page.entries.filter(isShown) } : page;
}
