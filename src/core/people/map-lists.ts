import type { MappingRule, SyncConfig } from '../config/sync-config.ts';
import { isExcludedList } from './exclude.ts';
import { listKeyText, listName } from './list-names.ts';
import { firstAcceptable, underCondition, type MappingSubject, type RuleValue } from './rule-value.ts';

/** The list that one rule puts a person on; nothing where it gives none. */
export type MappedList = { readonly list?: string } | { readonly undecided: true };

/** What one `group` rule gives a person. Excluded lists are nobody's. */
export function mapList(
  rule: MappingRule,
  config: Pick<SyncConfig, 'lists' | 'exclude'>,
  subject: MappingSubject,
): MappedList {
  const found: RuleValue<string, undefined> = underCondition(rule, subject, () =>
    firstAcceptable(
      rule,
      subject,
      (text) => ({ value: listName(text, config.lists) }),
      () => undefined,
    ),
  );
  if (found.kind === 'undecided') return { undecided: true };
  if (found.kind !== 'value') return {};
  const isExcluded = isExcludedList(found.value, config);
  subject.note?.({ what: 'list', ...(isExcluded ? { limit: 'no excluded list' } : { output: found.value }) });
  return isExcluded ? {} : { list: found.value };
}

/** The lists a person belongs on, each once, in the order of the rules. */
export function mapLists(
  config: Pick<SyncConfig, 'lists' | 'exclude' | 'mapping'>,
  subject: MappingSubject,
): { readonly lists: readonly string[] } | { readonly undecided: true } {
  const byKey = new Map<string, string>();
  for (const rule of config.mapping.filter(({ to }) => to === 'group')) {
    const mapped = mapList(rule, config, subject);
    if ('undecided' in mapped) return mapped;
    const { list } = mapped;
    if (list !== undefined && !byKey.has(listKeyText(list))) byKey.set(listKeyText(list), list);
  }
  return { lists: [...byKey.values()] };
}
