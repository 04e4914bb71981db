import type { MappingRule, SyncConfig } from '../config/sync-config.ts';
import { filterWords } from './filter-words.ts';
import { listKeyText } from './list-names.ts';
import { mapList } from './map-lists.ts';
import type { Person } from './person.ts';
import type { MappingContext } from './rule-value.ts';

export interface ListExplanation {
  readonly name: string;
  /** Which rule puts the person there: `mapping[3]: department`. */
  readonly because: string;
}

/** The lists a person belongs on, each once, and the first rule that puts the person there. */
export function explainLists(person: Person, config: SyncConfig, context: MappingContext): readonly ListExplanation[] {
  const byKey = new Map<string, ListExplanation>();
  for (const [index, rule] of config.mapping.entries()) {
    if (rule.to !== 'group') continue;
    const mapped = mapList(rule, config, { person, config, context });
    const name = 'list' in mapped ? mapped.list : undefined;
    if (name === undefined || byKey.has(listKeyText(name))) continue;
    byKey.set(listKeyText(name), { name, because: `mapping[${index}]: ${ruleWords(rule)}` });
  }
  return [...byKey.values()];
}

function ruleWords({ from, template, constant, when }: MappingRule): string {
  const source = from ?? template ?? `"${constant}"`;
  return when === undefined ? source : `${source}, when ${filterWords(when)}`;
}
