import type { AttributeKind } from './attribute-table.ts';
import { checkAttribute } from './attributes.ts';
import { findingOf, isObject, type Finding } from './finding.ts';
import { isFullForm, OPERATORS } from './schema-filter.ts';

type Path = readonly PropertyKey[];
type Node = Readonly<Record<string, unknown>>;

const VALUE_OPERATORS = ['equals', 'in', 'notEquals'];
const DATE_OPERATORS = ['before', 'after'];

/**
 * What no single key of a filter shows: comparisons without exactly one operator, and values that the attribute
 * can never hold, which would silently put everybody out of scope. Takes the document as it stands.
 */
export function filterFindings(filters: unknown, path: Path): readonly Finding[] {
  if (!isObject(filters)) return [];
  return isFullForm(filters) ? fullFindings(filters, path) : shortFindings(filters, path);
}

function shortFindings(filters: Node, path: Path): readonly Finding[] {
  return Object.entries(filters).flatMap(([attribute, value]) => {
    const kind = kindOf(attribute);
    return kind === undefined ? [] : valueFindings(kind, value, [...path, attribute]);
  });
}

function fullFindings(filter: unknown, path: Path): readonly Finding[] {
  if (!isObject(filter)) return [];
  const groups = ['all', 'any'].flatMap((key) => {
    const members = filter[key];
    return Array.isArray(members)
      ? members.flatMap((member, index) => fullFindings(member, [...path, key, index]))
      : [];
  });
  return [...groups, ...fullFindings(filter['not'], [...path, 'not']), ...comparisonFindings(filter, path)];
}

function comparisonFindings(filter: Node, path: Path): readonly Finding[] {
  const { attribute } = filter;
  if (typeof attribute !== 'string') return [];
  const given = Object.keys(filter).filter((key) => OPERATORS.includes(key));
  const kind = kindOf(attribute);
  const operators =
    kind === undefined
      ? []
      : given.flatMap((operator) => operatorFindings(kind, operator, filter[operator], [...path, operator]));
  if (given.length === 1) return operators;
  return [{ path, expected: `exactly one of ${OPERATORS.join(', ')}` }, ...operators];
}

/** Whether an operator with this operand can ever hold for an attribute of a kind. */
export function operatorFindings(
  kind: AttributeKind,
  operator: string,
  value: unknown,
  path: Path,
): readonly Finding[] {
  if (operator === 'present' || kind === 'open' || !OPERATORS.includes(operator)) return [];
  if (VALUE_OPERATORS.includes(operator)) return valueFindings(kind, value, path);
  if (kind === 'boolean')
    return [findingOf(path, operator, 'equals or present: the attribute is true or false', { atKey: true })];
  if (kind === 'date' && !DATE_OPERATORS.includes(operator))
    return [findingOf(path, operator, 'before, after or present: the attribute is a date', { atKey: true })];
  return [];
}

function valueFindings(kind: AttributeKind, value: unknown, path: Path): readonly Finding[] {
  if (Array.isArray(value)) return value.flatMap((entry, index) => valueFindings(kind, entry, [...path, index]));
  if (!['string', 'number', 'boolean'].includes(typeof value)) return [];
  if (kind === 'date')
    return [findingOf(path, value, 'before, after or present in the full form: the attribute is a date')];
  if (kind === 'boolean' && !/^(?:true|false)$/i.test(String(value).trim()))
    return [findingOf(path, value, 'true or false')];
  if (kind === 'text' && typeof value === 'boolean')
    return [findingOf(path, value, 'text: the attribute is not true or false')];
  return [];
}

function kindOf(attribute: string): AttributeKind | undefined {
  const check = checkAttribute(attribute);
  return check.ok ? check.kind : undefined;
}
