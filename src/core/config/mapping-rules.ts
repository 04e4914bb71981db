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
  return [...sourceFindings(path, rule), ...unusableKeys(path, rule)];
}

function sourceFindings(path: readonly PropertyKey[], rule: RawRule['rule']): readonly Finding[] {
  if ('template' in rule) return [];
  if ('from' in rule && 'constant' in rule) return [{ path, expected: 'either from or constant, not both' }];
  if ('from' in rule || 'constant' in rule) return [];
  return [{ path, expected: 'from (an attribute) or constant (a text)' }];
}

function unusableKeys(path: readonly PropertyKey[], rule: RawRule['rule']): readonly Finding[] {
  const findings: Finding[] = [];
  const refuse = (key: string, expected: string): void => {
    if (key in rule) findings.push(findingOf([...path, key], rule[key], expected));
  };
  if (rule['to'] === 'phone_number') {
    refuse('constant', 'nothing: two people never share a number');
    refuse('default', 'nothing: two people never share a number');
  }
  if ('constant' in rule) refuse('fallback', 'nothing: a constant needs no fallback');
  if ('constant' in rule && rule['to'] !== 'phone_number') refuse('default', 'nothing: a constant needs no default');
  if (rule['to'] === 'date_of_birth' && rule['whenEmpty'] === 'clear')
    refuse('whenEmpty', 'keep: MessageMedia has no way to empty a date of birth');
  return findings;
}
