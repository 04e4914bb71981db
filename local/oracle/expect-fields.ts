import type { OracleConfig, OracleField, OracleRule } from './oracle-config.ts';
import { meetsFilter } from './oracle-filter.ts';
import { transformTexts } from './oracle-transform.ts';
import { textAt, textsAt } from './oracle-user.ts';
import type { OracleUser, OracleWorld } from './oracle-user.ts';

const NATIVE_BY_TARGET: Readonly<Record<string, string>> = {
  first_name: 'firstName',
  last_name: 'lastName',
  alias: 'alias',
  country: 'country',
  state: 'state',
  location: 'location',
  note: 'note',
  date_of_birth: 'dateOfBirth',
};

const EMAIL: OracleField = { type: 'EMAIL', maxLength: 255 };

const HOLDS: Readonly<Record<string, (text: string) => boolean>> = {
  DATE: isDay,
  EMAIL: (text) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text),
  NUMBER: (text) => /^[+-]?\d+(\.\d+)?$/.test(text),
  PHONE: (text) => /^\+[1-9]\d{6,14}$/.test(text),
  TEXT: () => true,
};

/** What the mapping gives a user's contact. `''`: emptied. Absent: whatever stands there may stay. */
export function fieldsOf(user: OracleUser, config: OracleConfig, world: OracleWorld): Record<string, string> {
  const written = config.rules.filter(({ to }) => !['phone_number', 'whatsapp_number', 'group'].includes(to));
  // The first or the last name alone wins over the whole one.
  const ordered = written.toSorted((a, b) => Number(b.to === 'contact_name') - Number(a.to === 'contact_name'));
  const fields: Record<string, string> = {};
  for (const rule of ordered) {
    const given = fieldsByRule(rule, user, config, world);
    if (rule.apply !== 'on-create') Object.assign(fields, given);
    // What came later in the contact's life may have changed a field that is filled only once.
    else for (const field of Object.keys(given)) delete fields[field];
  }
  return fields;
}

/** A rule's texts in the order in which they are tried, after the transforms, without those that came to nothing. */
export function acceptableTexts(rule: OracleRule, user: OracleUser, world: OracleWorld): readonly string[] {
  if (rule.when !== undefined && !meetsFilter(rule.when, user, world)) return [];
  if (rule.constant !== undefined) return [tidy(rule.constant)];
  const template = rule.template === undefined ? [] : [fillTemplate(rule.template, user, world)];
  const paths = [...(rule.from === undefined ? [] : [rule.from]), ...(rule.fallback ?? [])];
  const drawn = [...template, ...paths.map((path) => textsAt(user, path, world))];
  const texts = drawn.map((one) => transformTexts(one, rule.transform ?? [], user)[0] ?? '').map(tidy);
  return [...texts, ...(rule.default === undefined ? [] : [tidy(rule.default)])].filter((text) => text !== '');
}

function fieldsByRule(rule: OracleRule, user: OracleUser, config: OracleConfig, world: OracleWorld): object {
  const found = rule.to === 'contact_name' ? nameOf(rule, user, world) : textOf(rule, user, config, world);
  if (found !== undefined) return found;
  if (rule.whenEmpty !== 'clear' || rule.to === 'date_of_birth') return {};
  return rule.to === 'contact_name' ? { firstName: '', lastName: '' } : { [fieldName(rule.to)]: '' };
}

/** The first text that the field can hold; nothing at all when there was one, and none fitted. */
function textOf(rule: OracleRule, user: OracleUser, config: OracleConfig, world: OracleWorld): object | undefined {
  const texts = acceptableTexts(rule, user, world);
  if (texts.length === 0) return undefined;
  const field = fieldName(rule.to);
  const shape =
    rule.to === 'email' ? EMAIL : field.startsWith('custom:') ? (config.custom[rule.to.slice(7)] ?? {}) : undefined;
  const fitting = texts.find((text) => fits(text, rule.to, shape));
  if (fitting === undefined) return {};
  const isDate = rule.to === 'date_of_birth' || shape?.type === 'DATE';
  return { [field]: isDate ? fitting.slice(0, 10) : fitting };
}

function fits(text: string, to: string, shape: OracleField | undefined): boolean {
  if (to === 'date_of_birth') return isDay(text);
  if (shape === undefined) return true;
  const holds = HOLDS[shape.type ?? 'TEXT'];
  if (holds === undefined) throw new Error(`The oracle does not know the type "${shape.type}".`);
  const length = shape.type === 'DATE' ? 10 : text.length;
  return holds(text) && length <= (shape.maxLength ?? 255);
}

/** The directory's own division of a display name where it has one; else the whole name is the first name. */
function nameOf(rule: OracleRule, user: OracleUser, world: OracleWorld): object | undefined {
  if (rule.when !== undefined && !meetsFilter(rule.when, user, world)) return undefined;
  const [firstName, lastName] = ['givenName', 'surname'].map((path) => textAt(user, path, world).replace(/\s+/g, ' '));
  const isPlain = rule.from === 'displayName' && (rule.transform ?? []).length === 0;
  if (isPlain && `${firstName}${lastName}` !== '') return { firstName, lastName };
  const [whole] = acceptableTexts(rule, user, world);
  return whole === undefined ? undefined : { firstName: whole.replace(/\s+/g, ' '), lastName: '' };
}

function fillTemplate(template: string, user: OracleUser, world: OracleWorld): readonly string[] {
  let isWhole = true;
  const text = template.replaceAll(/\{\{|\}\}|\{([^{}]*)\}/g, (token, path: string | undefined) => {
    if (path === undefined) return token.slice(1);
    const part = textAt(user, path.trim(), world);
    if (part === '') isWhole = false;
    return part;
  });
  return isWhole ? [text] : [];
}

function fieldName(to: string): string {
  if (to === 'email') return 'custom:email';
  if (to.startsWith('custom.')) return to.replace('.', ':');
  const native = NATIVE_BY_TARGET[to];
  if (native === undefined) throw new Error(`The oracle does not know the field "${to}".`);
  return native;
}

function tidy(text: string): string {
  return text.normalize('NFC').trim();
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d($|T)/i.test(text)) return false;
  const day = new Date(`${text.slice(0, 10)}T00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text.slice(0, 10));
}
