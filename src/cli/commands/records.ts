import type { PersonRecord } from '../api/answers.ts';
import type { Command, Given } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { csvLines } from '../plan/plan-csv.ts';
import { Refusal } from '../refusal.ts';
import { wrapped } from '../screen/look.ts';
import type { Look } from '../screen/look.ts';
import { counted, listed } from '../screen/words.ts';

/** On a screen; `--csv` and `--json` have everybody. */
const SHOWN = 50;

export const recordsCommand: Command = {
  name: 'records',
  arguments: [{ name: '<run>', description: 'id of the run' }],
  summary: 'show what a run did, or would do, person by person',
  options: [
    {
      flags: '--outcome <outcome>',
      description: 'only planned, done, unchanged, skipped, held, rejected, failed or superseded',
    },
    {
      flags: '--operation <operation>',
      description: 'only create, adopt, update, move, remove, restore, none or skip',
    },
    { flags: '--department <name>', description: 'only people of this department' },
    {
      flags: '--adoption <kind>',
      description: 'only linkable, ambiguous, unmanaged or orphaned, as `adopt` found it',
    },
    {
      flags: '--impact <impact>',
      description: 'only entering, leaving or rewritten by a change of the configuration',
    },
    { flags: '--limit <number>', description: `so many at most (${SHOWN}; all with --csv and --json)` },
    { flags: '--reveal', description: 'show values instead of masks' },
    { flags: '--csv', description: 'as CSV, safe to open in a spreadsheet' },
  ],
  async run({ api, given, look }) {
    const csv = given.flag('csv');
    const atMost = limitOf(given) ?? (csv || given.flag('json') ? Number.POSITIVE_INFINITY : SHOWN);
    const records = await api().listRecords(given.argument(0)!, { ...filterOf(given), atMost: atMost + 1 });
    const items = records.slice(0, atMost);
    const hasMore = records.length > items.length;
    return {
      exit: EXIT.ok,
      json: { items, hasMore },
      lines: csv ? csvLines(items) : [...recordLines(items, look), '', summaryLine(items, hasMore)],
    };
  },
};

function filterOf(given: Given): Readonly<Record<string, string | boolean>> {
  const names = ['outcome', 'operation', 'department', 'adoption', 'impact'] as const;
  const texts = names.map((name) => [name, given.text(name)] as const).filter(([, value]) => value !== undefined);
  return { ...(Object.fromEntries(texts) as Record<string, string>), reveal: given.flag('reveal') };
}

function limitOf(given: Given): number | undefined {
  const text = given.text('limit');
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new Refusal(EXIT.usage, 'usage', '--limit has to be a whole number from 1.');
}

function summaryLine(items: readonly PersonRecord[], hasMore: boolean): string {
  if (items.length === 0) return 'No records.';
  return hasMore
    ? `The first ${counted(items.length, 'record')}; there are more.`
    : `${counted(items.length, 'record')}.`;
}

/** Each person with what happened, in words, and the fields below. */
export function recordLines(records: readonly PersonRecord[], look: Look): readonly string[] {
  return records.flatMap((record) => [
    headOf(record, look),
    ...wrapped(record.words, look, 4),
    ...contactLines(record, look),
    ...fieldLines(record, look),
  ]);
}

/** A contact that is nobody's and carries no id has none but its own. */
function headOf({ personId, contactIds, ...record }: PersonRecord, { paint }: Look): string {
  const { department, operation, outcome, reason } = record;
  const parts = [department, operation, reason === undefined ? outcome : `${outcome} (${reason})`];
  const name = personId === '' ? `contact ${contactIds?.join(', ')}` : personId;
  return `  ${paint.bold(name)}  ${parts.filter((part) => part !== '').join(' · ')}`;
}

function contactLines({ personId, contactIds = [] }: PersonRecord, look: Look): readonly string[] {
  if (personId === '' || contactIds.length === 0) return [];
  return wrapped(`${contactIds.length === 1 ? 'contact' : 'contacts'} ${listed(contactIds)}`, look, 4);
}

function fieldLines({ fields }: PersonRecord, look: Look): readonly string[] {
  const width = Math.max(0, ...fields.map(({ field }) => field.length));
  return fields.map((change) => {
    const { field, before, after } = change;
    const values = before === undefined ? quoted(after) : `${quoted(before)} → ${quoted(after)}`;
    return `    ${look.paint.dim(field.padEnd(width))}  ${values}${whereText(change)}`;
  });
}

/** Where a value goes, when it is not to the contact. */
function whereText({ to, leftAlone }: PersonRecord['fields'][number]): string {
  if (leftAlone === true) return ' (left alone)';
  return to === 'directory' ? ' (to the directory)' : '';
}

function quoted(value: string): string {
  return value === '' ? '(empty)' : value;
}
