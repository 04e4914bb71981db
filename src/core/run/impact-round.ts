import type { SyncConfig } from '../config/sync-config.ts';
import type { Engine } from './engine.ts';
import { addedAttributes, IMPACTS, impactOf } from './impact.ts';
import type { Comparison, Impact, ImpactCounts } from './impact.ts';
import { knownLists } from './list-rows.ts';
import type { BatchPart } from './parts.ts';
import type { PersonRow } from './person-rows.ts';
import { recentRuns } from './run-rows.ts';
import type { RunWork } from './run-work.ts';

export interface WithImpact {
  readonly batches: readonly BatchPart[];
  /** Absent where the configuration is the same, or the former one is not known any more. */
  readonly impact?: ImpactCounts;
}

/** In the first full run after a change of the configuration: notes what the change itself does to each person. */
export async function noteImpact(
  { engine, run, guard }: RunWork,
  batches: readonly BatchPart[],
  stored: ReadonlyMap<string, PersonRow>,
): Promise<WithImpact> {
  const { changedFrom, createdAt: now } = run();
  const former = changedFrom === undefined ? undefined : await formerConfig(engine, changedFrom);
  if (former === undefined) return { batches };
  const { config: current, digest } = engine;
  const added = addedAttributes(former, current);
  const comparison: Comparison = { former, current, added, now, digest, knownLists: await knownLists(engine) };
  const counts: Record<Impact, number> = { entering: 0, leaving: 0, rewritten: 0 };
  const noted: BatchPart[] = [];
  for (const batch of batches) {
    // Planning everybody twice takes seconds: the claim is renewed, and others get their turn.
    await guard.ensure();
    const people = batch.people.map((member) => {
      const { person, link, groups = [] } = member;
      const before = stored.get(person.id)?.person;
      const impact = member.unread === true ? undefined : impactOf({ before, now: person, link, groups }, comparison);
      if (impact === undefined) return member;
      counts[impact] += 1;
      return { ...member, impact };
    });
    noted.push({ ...batch, people });
  }
  return { batches: noted, impact: counts };
}

/** The configuration with this fingerprint, from the newest run that has it; one of an older version is not comparable. */
async function formerConfig(engine: Engine, fingerprint: string): Promise<SyncConfig | undefined> {
  for await (const { fingerprint: found, config } of recentRuns(engine)) {
    if (found === fingerprint) return SHAPE.every((key) => Object.hasOwn(config, key)) ? config : undefined;
  }
  return undefined;
}

/** What every configuration has by now, and those of earlier versions had not. */
const SHAPE = [
  'people',
  'mapping',
  'filters',
  'exclude',
  'custom',
  'phone',
  'lists',
] as const satisfies readonly (keyof SyncConfig)[];

/** Whether any person is concerned at all. */
export function hasImpact(impact: ImpactCounts | undefined): boolean {
  return impact !== undefined && IMPACTS.some((kind) => impact[kind] > 0);
}
