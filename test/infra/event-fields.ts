import { EVENTS } from '../../src/core/events.ts';

const ALWAYS = ['event', 'level'];

/** The fields that the events of these names have, by the catalogue; undefined when one of them is not in it. */
export function fieldsOf(events: readonly string[]): ReadonlySet<string> | undefined {
  const kinds = events.map((name) => Object.entries(EVENTS).find(([known]) => known === name)?.[1]);
  if (kinds.some((kind) => kind === undefined)) return undefined;
  return new Set([...ALWAYS, ...kinds.flatMap((kind) => Object.keys(kind?.fields.shape ?? {}))]);
}
