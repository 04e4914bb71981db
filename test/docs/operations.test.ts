import { globSync } from 'node:fs';
import { REASON_CODES, SYNC_ERRORS } from '../../src/core/errors.ts';
import { ALERT_NAMES, ALERTS, EVENT_NAMES, EVENTS } from '../../src/core/events.ts';
import { COUNT_NAMES } from '../../src/core/run/run-row.ts';
import { RunView } from '../../src/functions/api-schemas.ts';
import { HTTP_ROUTES } from '../../src/functions/http-routes.ts';
import { PROBLEMS } from '../../src/functions/problem.ts';
import { readText, rowsByCode, tableRows, sectionOf, codesIn } from './markdown.ts';

const operations = readText('docs/operations.md');

/** Fields in a cell of the table: by name, or by one of the words for several. */
function fieldsTold(cell: string): readonly string[] {
  const groups: Readonly<Record<string, readonly string[]>> = {
    'all outcomes': COUNT_NAMES.filter((name) => name !== 'read' && name !== 'inScope'),
    'all counts': COUNT_NAMES,
    'what is known of the error': Object.keys(EVENTS['tick.failed'].fields.shape),
  };
  const named = Object.entries(groups).flatMap(([words, fields]) => (cell.includes(words) ? fields : []));
  return [...codesIn(cell), ...named].toSorted();
}

function levelInWords(level: (typeof EVENTS)[keyof typeof EVENTS]['level']): string {
  if (typeof level === 'string') return level;
  return level.of === 'alert' ? 'that of the alert' : 'info, error when failed';
}

describe('docs/operations.md', () => {
  it('explains every error code, and no other', () => {
    const rows = rowsByCode(operations, 'Error codes');

    expect([...rows.keys()].toSorted()).toEqual(Object.keys(SYNC_ERRORS).toSorted());
  });

  it.each(Object.entries(PROBLEMS))(
    'says how %s is answered, who acts, and whether it mends itself',
    (code, problem) => {
      const { audience, retryable } = SYNC_ERRORS[code as keyof typeof SYNC_ERRORS];

      const [, status, who, mends, cause, cure] = rowsByCode(operations, 'Error codes').get(code) ?? [];

      expect({ status, who, mends }).toEqual({
        status: String(problem.status),
        who: audience,
        mends: retryable ? 'yes' : 'no',
      });
      expect(cause?.length).toBeGreaterThan(20);
      expect(cure?.length).toBeGreaterThan(10);
    },
  );

  it('explains every reason code, and no other', () => {
    const rows = rowsByCode(operations, 'Reason codes');

    expect([...rows.keys()].toSorted()).toEqual([...REASON_CODES].toSorted());
  });

  it.each(REASON_CODES.map((code) => [code]))('gives the outcome, cause and cure of %s', (code) => {
    const [, outcome, cause, cure] = rowsByCode(operations, 'Reason codes').get(code) ?? [];

    expect(outcome).toMatch(/skipped|held|rejected|failed|superseded/);
    expect(cause?.length).toBeGreaterThan(15);
    expect(cure?.length).toBeGreaterThan(10);
  });

  it('explains every event of the catalogue, at its level and with all its fields, and no other', () => {
    const rows = rowsByCode(operations, 'Events');

    const told = [...rows].map(([name, cells]) => [name, { level: cells[1], fields: fieldsTold(cells[3]!) }] as const);
    const known = Object.entries(EVENTS).map(([name, { level, fields }]) => {
      const own = Object.keys(fields.shape).filter((field) => field !== 'runId');
      return [name, { level: levelInWords(level), fields: own.toSorted() }] as const;
    });

    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(known));
  });

  it('knows every event that is logged, and nothing is in the catalogue that is not', () => {
    const logged = globSync('src/**/*.ts', { exclude: ['src/core/events.ts'] })
      .map(readText)
      .join('\n');

    expect(EVENT_NAMES.filter((name) => !logged.includes(`'${name}'`) && !name.startsWith('alert.'))).toEqual([]);
  });

  it('explains every alert, at its level, and what to do', () => {
    const rows = rowsByCode(operations, 'Alerts');

    expect([...rows.keys()].toSorted()).toEqual([...ALERT_NAMES].toSorted());
    for (const [alert, [, level, begins, cure]] of rows) {
      expect(level).toBe(ALERTS[alert as keyof typeof ALERTS]);
      expect([begins!.length > 30, cure!.length > 8]).toEqual([true, true]);
    }
  });

  it('explains every state of a run', () => {
    const rows = rowsByCode(operations, 'Run states');

    expect([...rows.keys()].toSorted()).toEqual([...RunView.shape.state.options].toSorted());
  });

  it('explains every rule that holds', () => {
    const rows = rowsByCode(operations, 'Hold rules');

    expect([...rows.keys()].toSorted()).toEqual([...RunView.shape.holds.element.shape.rule.options].toSorted());
  });

  it('explains every reason for which a delta run becomes a full one', () => {
    const source = readText('src/core/run/start-run.ts');
    const body = source.slice(source.indexOf('function fullRunReason'), source.indexOf('function newRun('));
    const stored =
      /interface FullRunReason \{\s*readonly code: ([^;]+);/.exec(readText('src/core/run/state-row.ts'))?.[1] ?? '';
    const named = [...`${body} ${stored}`.matchAll(/'([a-z]+(?:-[a-z]+)+)'/g)].map((match) => match[1]!);
    const reasons = [...new Set(named)];

    const rows = rowsByCode(operations, 'Why a run became a full one');

    expect(reasons.length).toBeGreaterThan(4);
    expect([...rows.keys()].toSorted()).toEqual([...new Set(reasons)].toSorted());
  });

  it('lists every call of the API', () => {
    const calls = tableRows(sectionOf(operations, 'The HTTP API')).flatMap((row) => codesIn(row[0]));

    expect(calls.toSorted()).toEqual(
      Object.values(HTTP_ROUTES)
        .map(({ method, route }) => `${method} /api/${route}`)
        .toSorted(),
    );
  });
});
