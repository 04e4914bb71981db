import type { PersonRecord } from '../api/answers.ts';

const HEAD = [
  'personId',
  'department',
  'operation',
  'outcome',
  'reason',
  'words',
  'fields',
  'listsAdded',
  'listsRemoved',
  'contactIds',
  'adoption',
] as const;

/** Records as CSV (RFC 4180), a line each under a head; lines do not carry their ends. Safe to open in a spreadsheet. */
export function csvLines(records: readonly PersonRecord[]): readonly string[] {
  return [HEAD.join(','), ...records.map(rowOf)];
}

function rowOf(record: PersonRecord): string {
  const { personId, department, operation, outcome, reason = '', words, fields, lists } = record;
  const { contactIds = [], adoption = '' } = record;
  const changes = fields.map(({ field, before, after, to, leftAlone }) => {
    const values = before === undefined ? after : `${before} → ${after}`;
    const where = leftAlone === true ? ' (left alone)' : to === undefined ? '' : ' (to the directory)';
    return `${field}: ${values}${where}`;
  });
  const cells = [personId, department, operation, outcome, reason, words, changes.join('; ')];
  return [...cells, lists.add.join('; '), lists.remove.join('; '), contactIds.join('; '), adoption]
    .map(cellOf)
    .join(',');
}

/** A cell that a spreadsheet would take for a formula begins with an apostrophe: a department may be called `=1+1`. */
function cellOf(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
