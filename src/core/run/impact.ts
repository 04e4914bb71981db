import { selectOf } from '../config/attributes.ts';
import type { SyncConfig } from '../config/sync-config.ts';
import { mapPerson } from '../people/map-person.ts';
import type { Person } from '../people/person.ts';
import { judgeScope } from '../people/scope.ts';
import { updateContactFor } from '../plan/diff-person.ts';
import type { Wanted } from '../plan/diff-person.ts';
import type { KnownLists, Link } from '../plan/link.ts';
import type { Digest } from '../ports.ts';
import { memberOf } from './memberships.ts';
import { wantedOf } from './plan-batch.ts';

export const IMPACTS = ['entering', 'leaving', 'rewritten'] as const;
/** What a change of the configuration does to one person, whatever the directory did meanwhile. */
export type Impact = (typeof IMPACTS)[number];
export type ImpactCounts = Readonly<Record<Impact, number>>;

/** A person before the new reading, and as read now. */
export interface Seen {
  /** Absent: never seen, or out of scope then. */
  readonly before: Person | undefined;
  readonly now: Person;
  readonly link: Link | undefined;
  readonly groups: readonly string[];
}

/** Two configurations to compare, and what both are asked with. */
export interface Comparison {
  readonly former: SyncConfig;
  readonly current: SyncConfig;
  /** Attributes that only the current one asks for. */
  readonly added: ReadonlySet<string>;
  readonly now: number;
  readonly digest: Digest;
  readonly knownLists: KnownLists;
}

/** Attributes that one configuration asks the directory for, and the other did not. */
export function addedAttributes(former: SyncConfig, current: SyncConfig): ReadonlySet<string> {
  const asked = new Set(selectOf(former));
  return new Set(selectOf(current).filter((name) => !asked.has(name)));
}

/** What a configuration makes of a person: a contact, none, or nobody can tell. */
type Verdict = Wanted | 'none' | 'unknown';

/**
 * What the change from one configuration to the other does to a person as last seen. Of somebody who was never seen
 * the reading of now is taken: whom the former configuration would have taken too is a joiner of the directory.
 */
export function impactOf(seen: Seen, comparison: Comparison): Impact | undefined {
  const person = lastSeen(seen, comparison);
  const after = verdictOf(person, seen, comparison.current, comparison);
  if (after === 'unknown') return undefined;
  const before = verdictOf(person, seen, comparison.former, comparison);
  const link = seen.link?.left === undefined ? seen.link : undefined;
  const wasWanted = before === 'unknown' ? link !== undefined : before !== 'none';
  if (after === 'none') return link !== undefined && wasWanted ? 'leaving' : undefined;
  if (link === undefined) return wasWanted ? undefined : 'entering';
  return isRewritten(link, before, after, comparison) ? 'rewritten' : undefined;
}

/** Attributes that nobody asked for before were not empty for that: they count as they are now. */
function lastSeen({ before, now }: Seen, { added }: Comparison): Person {
  if (before === undefined) return now;
  const fresh = Object.entries(now.attributes).filter(([name]) => added.has(name));
  const attributes = { ...before.attributes, ...Object.fromEntries(fresh) };
  const manager = before.manager ?? (added.has('manager') ? now.manager : undefined);
  return { ...before, attributes, ...(manager === undefined ? {} : { manager }) };
}

function verdictOf(
  person: Person,
  { groups }: Seen,
  config: SyncConfig,
  { current, now, digest }: Comparison,
): Verdict {
  // Only the groups of the current configuration were read: of others nobody can tell who is in them.
  const context = { now, isMember: memberOf(groups, current), digest };
  const scope = judgeScope(person, config, context);
  if (!scope.inScope) return scope.reason === 'service-unavailable' ? 'unknown' : 'none';
  const mapped = mapPerson(person, config, context);
  if (mapped.reachable) return wantedOf({ digest }, mapped.desired);
  return mapped.reason === 'service-unavailable' ? 'unknown' : 'none';
}

/** Whether the new configuration asks for other changes of the contact than the former one would have. */
function isRewritten(link: Link, before: Verdict, after: Wanted, { knownLists }: Comparison): boolean {
  const changes = changesFor(link, after, knownLists);
  if (changes === NO_CHANGES) return false;
  return typeof before === 'string' || changes !== changesFor(link, before, knownLists);
}

const NO_CHANGES = JSON.stringify([[], [], []]);

function changesFor(link: Link, wanted: Wanted, knownLists: KnownLists): string {
  const { fields, lists } = updateContactFor(wanted, link, knownLists, []);
  const keys = (refs: typeof lists.add) => refs.map(({ key }) => key).toSorted();
  return JSON.stringify([fields.map(({ field, after }) => [field, after]), keys(lists.add), keys(lists.remove)]);
}
