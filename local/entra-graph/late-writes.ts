import type { UserRecord } from './directory-store.ts';

/** Who looks: a delta query, or a read of one object. */
export type Sight = 'delta' | 'read';

/** How long what an app wrote stays unseen, and whether the delta query shows the old value once more in between. */
export interface WriteDelays {
  readonly deltaMs: number;
  readonly readMs: number;
  readonly oldFirst: boolean;
}

interface LateValue {
  /** Undefined: it had never been set. */
  readonly before: unknown;
  readonly seenAt: Readonly<Record<Sight, number>>;
  isTold: boolean;
}

export interface LateWrites {
  /** The record before the write, and what it changes. */
  add(record: UserRecord, names: readonly string[], delays: WriteDelays): void;
  /** Somebody else set these since: there is nothing left to hide. */
  forget(id: string, names: readonly string[]): void;
  /** The record as it is shown at the moment. */
  view(record: UserRecord, sight: Sight): UserRecord;
  /** What delta queries may show from now on; told once. */
  due(): readonly { readonly id: string; readonly names: readonly string[] }[];
}

/** Writes that were accepted and are not shown everywhere yet. */
export function createLateWrites(now: () => number): LateWrites {
  const unseen = new Map<string, Map<string, LateValue>>();
  return {
    add(record, names, { deltaMs, readMs }) {
      const values = unseen.get(record.id) ?? new Map<string, LateValue>();
      unseen.set(record.id, values);
      const seenAt = { delta: now() + deltaMs, read: now() + readMs };
      for (const name of names) {
        // A second write before the first was shown: what is shown until then is what was there before both.
        const known = values.get(name);
        values.set(name, {
          before: known === undefined ? record.attributes[name] : known.before,
          seenAt,
          isTold: false,
        });
      }
    },
    forget(id, names) {
      for (const name of names) unseen.get(id)?.delete(name);
    },
    view(record, sight) {
      if (unseen.size === 0) return record;
      const hidden = [...(unseen.get(record.id) ?? [])].filter(([, { seenAt }]) => seenAt[sight] > now());
      if (hidden.length === 0) return record;
      const attributes = { ...record.attributes };
      for (const [name, { before }] of hidden) {
        if (before === undefined) delete attributes[name];
        else attributes[name] = before;
      }
      return { ...record, attributes };
    },
    due() {
      const told = [...unseen].map(([id, values]) => ({ id, names: tellDue(values, now()) }));
      return told.filter(({ names }) => names.length > 0);
    },
  };
}

function tellDue(values: Map<string, LateValue>, nowMs: number): readonly string[] {
  const names: string[] = [];
  for (const [name, value] of values) {
    if (!value.isTold && value.seenAt.delta <= nowMs) {
      value.isTold = true;
      names.push(name);
    }
    if (value.isTold && value.seenAt.read <= nowMs) values.delete(name);
  }
  return names;
}
