import { allClausesOf } from './filter-tree.ts';
import type { SyncConfig } from './sync-config.ts';

/** A group whose members have to be known, and whether the members of groups inside it count. */
export interface GroupNeed {
  readonly groupId: string;
  readonly transitive: boolean;
}

/** Every group that the filters and the conditions of mapping rules name: each once, direct and transitive apart. */
export function groupsOf(config: Pick<SyncConfig, 'filters' | 'mapping'>): readonly GroupNeed[] {
  const needs = new Map<string, GroupNeed>();
  for (const clause of allClausesOf(config)) {
    if (!('memberOf' in clause)) continue;
    const need = { groupId: clause.memberOf.toLowerCase(), transitive: clause.transitive === true };
    needs.set(`${need.groupId} ${need.transitive}`, need);
  }
  return [...needs.values()];
}
