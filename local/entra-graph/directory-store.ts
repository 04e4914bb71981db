import { randomUUID } from 'node:crypto';
import { createLateWrites } from './late-writes.ts';
import type { LateWrites, WriteDelays } from './late-writes.ts';
import type { ObjectType } from './object-type.ts';
import { createUpnIndex } from './upn-index.ts';
import type { UpnIndex } from './upn-index.ts';
import { USER } from './user-properties.ts';

/** Properties by Graph's names; `null` clears one, an absent one is left alone. */
export type UserAttributes = Readonly<Record<string, unknown>>;
export type DirectoryUser = UserAttributes & { readonly id: string };

export type RemovalReason = 'changed' | 'deleted';

export interface UserRecord {
  readonly id: string;
  /** Properties that were ever set: `null` = cleared since, absent = never set. */
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly removed?: RemovalReason;
  readonly managerId?: string;
}

/** One line of the directory's history; `seq` counts from 1 without gaps. */
export type Change = { readonly seq: number; readonly id: string } & (
  | { readonly kind: 'created' | 'restored' }
  | { readonly kind: 'updated'; readonly values: UserAttributes }
  | { readonly kind: 'manager'; readonly before: string | undefined; readonly after: string | undefined }
  | { readonly kind: 'removed'; readonly reason: RemovalReason }
);
type ChangeDetail = Change extends infer C ? (C extends Change ? Omit<C, 'seq' | 'id'> : never) : never;

export interface DirectoryStore {
  readonly type: ObjectType;
  /** Answers the new id (the given one, or a fresh one). Throws on a name that Graph does not know or a UPN in use. */
  create(attributes: UserAttributes): string;
  /** A call that changes nothing leaves no trace in the history. */
  update(id: string, attributes: UserAttributes): void;
  /** As `update`, but seen only after a while. */
  write(id: string, attributes: UserAttributes, delays: WriteDelays): void;
  /** Undefined: nobody. */
  setManager(id: string, managerId: string | undefined): void;
  /** Into the recycle bin: shown as removed with reason `changed`. */
  softDelete(id: string): void;
  restore(id: string): void;
  /** For good, from the recycle bin or at once. */
  hardDelete(id: string): void;
  /** Shows the whole user in the next round, although nothing has changed. */
  reappear(id: string): void;
  /** As delta queries show the user. */
  get(id: string): UserRecord | undefined;
  /** A user who is not deleted, by id or UPN, as a read shows them. */
  findLive(idOrUpn: string): UserRecord | undefined;
  live(): DirectoryUser[];
  /** Number of users ever made; `at` counts from 0 in the order of creation, and shows what delta queries do. */
  size(): number;
  at(ordinal: number): UserRecord;
  /** `seq` of the newest change. */
  head(): number;
  /** The changes after `from`, up to and including `to`. */
  changes(from: number, to: number): readonly Change[];
}

/** A directory of one type, empty and in memory, that remembers every change. `now` is ms since 1970. */
export function createDirectoryStore(now: () => number, type: ObjectType = USER): DirectoryStore {
  const ids: string[] = [];
  const records = new Map<string, UserRecord>();
  const upns = createUpnIndex();
  const history: Change[] = [];
  const late = createLateWrites(now);

  const log = (id: string, detail: ChangeDetail): void => {
    history.push({ seq: history.length + 1, id, ...detail });
  };
  const known = (id: string): UserRecord => {
    const record = records.get(id);
    if (record === undefined) throw new Error(`The simulated directory has no ${type.noun} ${id}.`);
    return record;
  };
  const liveRecord = (id: string): UserRecord => {
    const record = known(id);
    if (record.removed !== undefined) throw new Error(`The ${type.noun} ${id} is deleted.`);
    return record;
  };

  return {
    type,
    create(attributes) {
      const { id: given, ...rest } = attributes;
      const id = typeof given === 'string' ? given : randomUUID();
      if (records.has(id)) throw new Error(`The ${type.noun} ${id} exists already.`);
      const whole = { ...type.creationDefaults(now()), ...definedOnly(type, rest) };
      upns.claim(id, whole);
      ids.push(id);
      records.set(id, { id, attributes: whole });
      log(id, { kind: 'created' });
      return id;
    },
    ...createEdits({ type, records, liveRecord, upns, late, log }),
    setManager(id, managerId) {
      const { managerId: before, ...record } = liveRecord(id);
      if (before === managerId) return;
      records.set(id, managerId === undefined ? record : { ...record, managerId });
      log(id, { kind: 'manager', before, after: managerId });
    },
    softDelete(id) {
      const record = liveRecord(id);
      upns.release(id, record.attributes);
      records.set(id, { ...record, removed: 'changed' });
      log(id, { kind: 'removed', reason: 'changed' });
    },
    restore(id) {
      const { removed, ...record } = known(id);
      if (removed !== 'changed') throw new Error(`The ${type.noun} ${id} is not in the recycle bin.`);
      upns.claim(id, record.attributes);
      records.set(id, record);
      log(id, { kind: 'restored' });
    },
    hardDelete(id) {
      const record = known(id);
      if (record.removed === 'deleted') throw new Error(`The ${type.noun} ${id} is gone already.`);
      upns.release(id, record.attributes);
      records.set(id, { ...record, removed: 'deleted' });
      log(id, { kind: 'removed', reason: 'deleted' });
    },
    reappear(id) {
      liveRecord(id);
      log(id, { kind: 'restored' });
    },
    get(id) {
      const record = records.get(id);
      return record === undefined ? undefined : late.view(record, 'delta');
    },
    findLive(idOrUpn) {
      const record = records.get(idOrUpn) ?? records.get(upns.ownerOf(idOrUpn) ?? '');
      return record === undefined || record.removed !== undefined ? undefined : late.view(record, 'read');
    },
    live() {
      return [...records.values()]
        .filter((record) => record.removed === undefined)
        .map((record) => ({ ...record.attributes, id: record.id }));
    },
    size: () => ids.length,
    at: (ordinal) => late.view(known(ids[ordinal] ?? ''), 'delta'),
    head() {
      for (const { id, names } of late.due()) {
        const { removed, attributes } = known(id);
        if (removed === undefined) log(id, { kind: 'updated', values: pick(attributes, names) });
      }
      return history.length;
    },
    changes: (from, to) => history.slice(from, to),
  };
}

interface EditParts {
  readonly type: ObjectType;
  readonly records: Map<string, UserRecord>;
  readonly liveRecord: (id: string) => UserRecord;
  readonly upns: UpnIndex;
  readonly late: LateWrites;
  readonly log: (id: string, detail: ChangeDetail) => void;
}

function createEdits({
  type,
  records,
  liveRecord,
  upns,
  late,
  log,
}: EditParts): Pick<DirectoryStore, 'update' | 'write'> {
  return {
    update(id, attributes) {
      const record = liveRecord(id);
      const values = differences(record.attributes, definedOnly(type, attributes));
      if (Object.keys(values).length === 0) return;
      const merged = { ...record.attributes, ...values };
      upns.move(id, record.attributes, merged);
      records.set(id, { ...record, attributes: merged });
      late.forget(id, Object.keys(values));
      log(id, { kind: 'updated', values });
    },
    write(id, attributes, delays) {
      const record = liveRecord(id);
      const wanted = withParts(record.attributes, definedOnly(type, attributes));
      const values = differences(record.attributes, wanted);
      const names = Object.keys(values);
      if (names.length === 0) return;
      records.set(id, { ...record, attributes: { ...record.attributes, ...values } });
      if (delays.oldFirst) log(id, { kind: 'updated', values: pick(late.view(record, 'delta').attributes, names) });
      late.add(record, names, delays);
    },
  };
}

const PARTED = 'onPremisesExtensionAttributes';

// Extension attributes that a write does not mention stay; the parts of other objects are cleared.
function withParts(current: UserAttributes, wanted: UserAttributes): UserAttributes {
  const parts = wanted[PARTED];
  if (typeof parts !== 'object' || parts === null) return wanted;
  return { ...wanted, [PARTED]: { ...(current[PARTED] as UserAttributes | null | undefined), ...parts } };
}

// A misspelt attribute in a test would otherwise be a property that no client ever sees.
function definedOnly(type: ObjectType, attributes: UserAttributes): UserAttributes {
  const defined = Object.entries(attributes).filter(([name, value]) => {
    const exists = type.isTracked(name) || type.isOutsideMainStore(name);
    if (!exists) throw new Error(`A ${type.noun} has no property "${name}".`);
    if (name === 'id') throw new Error(`The id of a ${type.noun} cannot be changed.`);
    return value !== undefined;
  });
  return Object.fromEntries(defined);
}

function differences(current: UserAttributes, wanted: UserAttributes): UserAttributes {
  const changed = Object.entries(wanted).filter(
    ([name, value]) => JSON.stringify(current[name] ?? null) !== JSON.stringify(value),
  );
  return Object.fromEntries(changed);
}

/** These properties as the history has them: what was never set is null. */
function pick(attributes: UserAttributes, names: readonly string[]): UserAttributes {
  return Object.fromEntries(names.map((name) => [name, attributes[name] ?? null]));
}
