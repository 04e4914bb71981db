import type {
  CallScope,
  ContactBook,
  Directory,
  DirectoryPage,
  RowChange,
  Table,
  Tables,
} from '../../src/core/ports.ts';
import type { Engine } from '../../src/core/run/engine.ts';
import { Crash } from './story.ts';
import type { Worker } from './story.ts';

/**
 * Called before and after every effect of a worker: a table write, a message sent, a call to a neighbour.
 * Throws a Crash to kill the worker there; waits to make it pause there.
 */
export type OnWork = (effect: string) => void | Promise<void>;

export interface MortalWorker extends Worker {
  readonly died: Promise<never>;
  /** Resolves when no call of the worker is on the wire any more. */
  readonly settled: () => Promise<void>;
}

/** A worker that can die: nothing it awaits comes back any more, nothing else begins; what is on the wire arrives. */
export function mortalWorker(engine: Engine, onWork: OnWork): MortalWorker {
  const life = startLife(onWork);
  return {
    engine: {
      ...engine,
      tables: mortalTables(engine.tables, life),
      queue: { send: (...args) => life.act('send', () => engine.queue.send(...args)) },
      contactBook: mortalBook(engine.contactBook, life),
      directory: mortalDirectory(engine.directory, life),
    },
    died: life.died,
    settled: life.settled,
  };
}

interface Life {
  readonly died: Promise<never>;
  readonly settled: () => Promise<void>;
  /** An effect, with the chance to die before and after it. */
  act<T>(effect: string, what: () => Promise<T>): Promise<T>;
  /** Something that changes nothing: comes back to the living only. */
  look<T>(what: () => Promise<T>): Promise<T>;
  scope(scope: CallScope): CallScope;
}

function startLife(onWork: OnWork): Life {
  let isDead = false;
  let stopped = 0;
  let die: (crash: Crash) => void = () => undefined;
  const died = new Promise<never>((_resolve, reject) => (die = reject));
  // Whoever hires the worker may never look.
  died.catch(() => undefined);
  const onTheWire = new Set<Promise<unknown>>();
  const scopes = new WeakMap<CallScope, CallScope>();

  const breathe = (): Promise<void> => (isDead ? new Promise<never>(() => undefined) : Promise.resolve());
  const moment = async (effect: string): Promise<void> => {
    await breathe();
    try {
      await onWork(effect);
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      isDead = true;
      die(error);
    }
    await breathe();
  };
  const wire = async <T>(what: () => Promise<T>): Promise<T> => {
    const call = what();
    onTheWire.add(call);
    try {
      return await call;
    } finally {
      onTheWire.delete(call);
      await breathe();
    }
  };
  return {
    died,
    async settled() {
      // A dead worker's call may wait for its turn for ever: only what can still arrive counts.
      for (let rounds = 0; onTheWire.size > (isDead ? stopped : 0) && rounds < 200; rounds += 1) await pause(1);
    },
    async act(effect, what) {
      await moment(`before ${effect}`);
      const result = await wire(what);
      await moment(`after ${effect}`);
      return result;
    },
    async look(what) {
      await breathe();
      const result = await what();
      await breathe();
      return result;
    },
    scope(scope) {
      const known = scopes.get(scope);
      if (known !== undefined) return known;
      const mortal: CallScope = {
        beforeAttempt: async (neighbour) => {
          if (isDead) stopped += 1;
          await breathe();
          await scope.beforeAttempt(neighbour);
          if (isDead) stopped += 1;
          await breathe();
        },
      };
      scopes.set(scope, mortal);
      return mortal;
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}

function mortalTables(tables: Tables, life: Life): Tables {
  return Object.fromEntries(
    Object.entries(tables)
      .filter(([, table]) => typeof table === 'object')
      .map(([name, table]) => [name, mortalTable(name, table, life)]),
  ) as unknown as Tables;
}

function mortalTable(name: string, table: Table, life: Life): Table {
  return {
    get: (...args) => life.look(() => table.get(...args)),
    getMany: (...args) => life.look(() => table.getMany(...args)),
    async *scan(...args) {
      for await (const page of table.scan(...args)) {
        await life.look(() => Promise.resolve());
        yield page;
      }
    },
    write: (partition, changes) => life.act(`${name}.write ${kindsOf(changes)}`, () => table.write(partition, changes)),
  };
}

/** What a write is about, behind the fence that takes part in it. */
function kindsOf(changes: readonly RowChange[]): string {
  const keyOf = (change: RowChange): string => (change.kind === 'delete' ? change.key : change.row.key);
  const kinds = changes.filter((change) => !keyOf(change).startsWith('fence')).map(({ kind }) => kind);
  return kinds.length === 0 ? 'fence' : kinds.join(' ');
}

function mortalBook(book: ContactBook, life: Life): ContactBook {
  return {
    isEmpty: (scope) => life.look(() => book.isEmpty(life.scope(scope))),
    findByNumbers: (numbers, scope) => life.look(() => book.findByNumbers(numbers, life.scope(scope))),
    readContacts: (ids, scope) => life.look(() => book.readContacts(ids, life.scope(scope))),
    async *contactPages(from, scope) {
      for await (const page of book.contactPages(from, life.scope(scope))) {
        await life.act('contacts read', () => Promise.resolve());
        yield page;
      }
    },
    createContact: (contact, scope) => life.act('createContact', () => book.createContact(contact, life.scope(scope))),
    updateContact: (id, contact, scope) =>
      life.act('updateContact', () => book.updateContact(id, contact, life.scope(scope))),
    deleteContact: (id, scope) => life.act('deleteContact', () => book.deleteContact(id, life.scope(scope))),
    listLists: (scope) => life.look(() => book.listLists(life.scope(scope))),
    createList: (name, scope) => life.act('createList', () => book.createList(name, life.scope(scope))),
    listFields: (scope) => life.look(() => book.listFields(life.scope(scope))),
    createField: (field, scope) => life.act('createField', () => book.createField(field, life.scope(scope))),
    changeMembers: (list, add, remove, scope) =>
      life.act('changeMembers', () => book.changeMembers(list, add, remove, life.scope(scope))),
    async *blockedNumbers(from, scope) {
      for await (const page of book.blockedNumbers(from, life.scope(scope))) {
        await life.act('blocked numbers read', () => Promise.resolve());
        yield page;
      }
    },
    check: (scope) => life.look(() => book.check(life.scope(scope))),
  };
}

function mortalDirectory(directory: Directory, life: Life): Directory {
  return {
    async *deltaPages(from, scope): AsyncGenerator<DirectoryPage> {
      for await (const page of directory.deltaPages(from, life.scope(scope))) {
        await life.act('page read', () => Promise.resolve());
        yield page;
      }
    },
    readPeople: (ids, select, scope, streams) =>
      life.act('people read', () => directory.readPeople(ids, select, life.scope(scope), streams)),
    findPerson: (upn, scope) => life.look(() => directory.findPerson(upn, life.scope(scope))),
    async *departmentMembers(department, scope) {
      for await (const members of directory.departmentMembers(department, life.scope(scope))) {
        await life.act('department read', () => Promise.resolve());
        yield members;
      }
    },
    async *groupMembers(group, scope) {
      for await (const members of directory.groupMembers(group, life.scope(scope))) {
        await life.act('members read', () => Promise.resolve());
        yield members;
      }
    },
    updatePerson: (id, changes, scope) =>
      life.act('updatePerson', () => directory.updatePerson(id, changes, life.scope(scope))),
    checkWriting: (attributes) => life.look(() => directory.checkWriting(attributes)),
    check: (scope, stream) => life.look(() => directory.check(life.scope(scope), stream)),
  };
}
