import type { Clause, Filter, SyncConfig } from './sync-config.ts';

/** Every clause that decides anything: who is in scope, and when a mapping rule counts. */
export function allClausesOf(config: Pick<SyncConfig, 'filters' | 'mapping'>): readonly Clause[] {
  const conditions = config.mapping.flatMap(({ when }) => (when === undefined ? [] : [when]));
  return [config.filters, ...conditions].flatMap(clausesOf);
}

/** The leaves of a filter, in the order in which they are written. */
function clausesOf(filter: Filter): readonly Clause[] {
  if ('all' in filter) return filter.all.flatMap(clausesOf);
  if ('any' in filter) return filter.any.flatMap(clausesOf);
  if ('not' in filter) return clausesOf(filter.not);
  return [filter];
}
