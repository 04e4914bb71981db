import { filterFindings } from './filter-rules.ts';
import { findingOf, isObject, type Finding } from './finding.ts';

interface RawRule {
  readonly path: readonly PropertyKey[];
  readonly rule: Readonly<Record<string, unknown>>;
}

const MAPPING_PATH = ['sync', 'mapping'];

/**
 * What no single key of the mapping shows: fields mapped twice or never, and combinations that can have no effect.
 * Takes the document as it stands, so that these problems are told together with every other.
 */
export function mappingFindings(mapping: unknown): readonly Finding[] {
  if (!Array.isArray(mapping) && !isObject(mapping)) return [];
  const rules = Array.isArray(mapping) ? longRules(mapping) : shortRules(mapping);
  return [...fieldFindings(rules), ...(Array.isArray(mapping) ? rules.flatMap(ruleFindings) : [])];
}

function longRules(mapping: readonly unknown[]): readonly RawRule[] {
  return mapping.flatMap((rule, index) => (isObject(rule) ? [{ path: [...MAPPING_PATH, index], rule }] : []));
}

function shortRules(mapping: Readonly<Record<string, unknown>>): readonly RawRule[] {
  return Object.entries(mapping).map(([from, to]) => ({ path: [...MAPPING_PATH, from], rule: { from, to } }));
}

function fieldFindings(rules: readonly RawRule[]): readonly Finding[] {
  const seen = new Set<unknown>();
  const repeated = rules.filter(({ rule }) => {
    const isRepeated = seen.has(rule['to']) && rule['to'] !== 'group';
    seen.add(rule['to']);
    return isRepeated && typeof rule['to'] === 'string';
  });
  const findings = repeated.map(({ path, rule }) =>
    findingOf(
      path,
      rule['to'],
      'a field that no other rule fills: only group may be mapped several times; see fallback',
    ),
  );
  if (seen.has('phone_number')) return findings;
  return [
    ...findings,
    { path: MAPPING_PATH, expected: 'a rule for phone_number: without a number nobody can be reached' },
  ];
}

function ruleFindings({ path, rule }: RawRule): readonly Finding[] {
  return [
    ...sourceFindings(path, rule),
    ...unusableKeys(path, rule),
    ...filterFindings(rule['when'], [...path, 'when']),
  ];
}

const SOURCES = ['from', 'template', 'constant'];

function sourceFindings(path: readonly PropertyKey[], rule: RawRule['rule']): readonly Finding[] {
  const given = SOURCES.filter((key) => key in rule);
  if (given.length === 1) return [];
  if (given.length > 1) return [{ path, expected: `only one of ${given.join(', ')}` }];
  return [{ path, expected: 'from (an attribute), template (a text with attributes) or constant (a text)' }];
}

function unusableKeys(path: readonly PropertyKey[], rule: RawRule['rule']): readonly Finding[] {
  const refuse = (key: string, expected: string): readonly Finding[] =>
    key in rule ? [findingOf([...path, key], rule[key], expected)] : [];
  if (NUMBERS.includes(rule['to'] as string)) return [...refuse('constant', SHARED), ...refuse('default', SHARED)];
  const { whenEmpty } = rule;
  return [
    ...('constant' in rule ? refuse('fallback', 'nothing: a constant needs no fallback') : []),
    ...('constant' in rule ? refuse('default', 'nothing: a constant needs no default') : []),
    ...(rule['to'] === 'date_of_birth' && whenEmpty === 'clear' ? refuse('whenEmpty', NO_EMPTY_DATE) : []),
  ];
}

const NUMBERS = ['phone_number', 'whatsapp_number'];
const SHARED = 'nothing: two people never share a number';
const NO_EMPTY_DATE = 'keep: MessageMedia has no way to empty a date of birth';
