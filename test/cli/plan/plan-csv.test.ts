import fc from 'fast-check';
import { csvLines } from '../../../src/cli/plan/plan-csv.ts';
import { userId } from '../../support/story-people.ts';
import { aRecord } from '../answers.ts';

/** Reads CSV (RFC 4180) without our code. */
function readCsv(text: string): string[][] {
  const cells = [...text.matchAll(/("(?:[^"]|"")*"|[^,\n]*)(,|\n)/g)];
  const rows: string[][] = [[]];
  for (const [, cell = '', end] of cells) {
    rows.at(-1)!.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end === '\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

describe('csvLines', () => {
  it('has a head and a row per person', () => {
    const fields = [
      { field: 'first_name', before: 'A…', after: 'B…' },
      { field: 'email', after: 'b…' },
    ];

    const lines = csvLines([aRecord(1, { fields, lists: { add: ['A', 'B'], remove: [] } })]);

    expect(lines).toEqual([
      'personId,department,operation,outcome,reason,words,fields,listsAdded,listsRemoved,contactIds,adoption',
      `${userId(1)},Sales,create,planned,,"Create a contact; add to ""Sales"".",first_name: A… → B…; email: b…,A; B,,,`,
    ]);
  });

  it('tells which values go to the directory, and which are left alone', () => {
    const fields = [
      { field: 'note', before: 'A…', after: 'B…', to: 'directory' as const },
      { field: 'email', before: 'a…', after: 'b…', leftAlone: true as const },
    ];

    const [, row = ''] = csvLines([aRecord(1, { fields })]);

    expect(row).toContain('note: A… → B… (to the directory); email: a… → b… (left alone)');
  });

  it.each(['=1+1', '+61', '-1', '@SUM(A1)', '\tcmd', '\rcmd'])('makes no formula of %j', (department) => {
    const rows = readCsv(`${csvLines([aRecord(1, { department })]).join('\n')}\n`);

    expect(rows[1]?.[1]).toBe(`'${department}`);
  });

  it('keeps every text apart from the guard, and lets none begin like a formula', () => {
    const text = fc.string({ unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '"', ',', "'", 'a', 'ü') });

    fc.assert(
      fc.property(text, text, (department, list) => {
        const lines = csvLines([aRecord(1, { department, lists: { add: [list], remove: [] } })]);
        const [, row = []] = readCsv(`${lines.join('\n')}\n`);

        expect(row).toHaveLength(11);
        expect(row.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
        expect([department, `'${department}`]).toContain(row[1]);
        expect([list, `'${list}`]).toContain(row[7]);
      }),
    );
  });
});
