import type { Clause, MappedField, MappingStep, ReadNumber, TriedNumber } from '../api/answers.ts';
import { tableLines } from './look.ts';
import type { Look } from './look.ts';
import { shown } from './words.ts';

/** How the number of a person was read: every text that was tried, and in which country. */
export function numberLines({ region, regionFrom, reason, tried }: ReadNumber): readonly string[] {
  const where = region === undefined ? 'no country is known' : `read as in ${region}, by ${regionFrom ?? 'the app'}`;
  if (tried.length === 0) return [`none (${reason ?? 'no-phone'})`];
  return tried.map((one) => `${one.input} → ${readingOf(one)}; ${where}`);
}

function readingOf({ e164, type, country, reason }: TriedNumber): string {
  if (e164 === undefined) return `not usable (${reason ?? 'bad-phone'})`;
  const kind = [type, country].filter((part) => part !== undefined).join(', ');
  return `${e164}${kind === '' ? '' : ` (${kind})`}${reason === undefined ? '' : `, not usable (${reason})`}`;
}

/** Each rule with its steps and what it came to. */
export function mappingLines(mapping: readonly MappedField[], look: Look): readonly string[] {
  if (mapping.length === 0) return [];
  const rows = mapping.map((field) => [
    field.to,
    [...(field.when ?? []).map(conditionText), ...field.steps.map(stepText), resultText(field)].join('\n'),
  ]);
  return ['', look.paint.bold('Mapping'), ...tableLines([{ title: '' }, { title: '', fills: true }], rows, look)];
}

function conditionText({ path, expected, value, holds }: Clause): string {
  const verdict = holds === 'unknown' ? 'nobody can tell' : holds ? 'holds' : 'does not hold';
  return `${path} ${expected}: ${shown(value)}, ${verdict}`;
}

function stepText({ what, input, output, state, limit }: MappingStep): string {
  const values = [input, output ?? state].filter((value) => value !== undefined).map(shown);
  const refused = limit === undefined ? '' : ` (has to be ${limit})`;
  return `${what}${values.length === 0 ? '' : `: ${values.join(' → ')}`}${refused}`;
}

function resultText({ value, rejected, undecided }: MappedField): string {
  if (rejected !== undefined) return `= refused: ${rejected.field} has to be ${rejected.limit}`;
  if (undecided === true) return '= undecided: a membership decides that nobody can tell';
  if (value === undefined) return '= no value';
  return `= ${Object.entries(value)
    .map(([field, text]) => `${field}: ${text}`)
    .join(', ')}`;
}
