import fc from 'fast-check';
import { changesSomething, summarisePlan } from '../../../src/cli/plan/summarise-plan.ts';
import { OPERATION_KINDS, OUTCOMES } from '../../../src/core/plan/operation.ts';
import { aRecord, aSkip } from '../answers.ts';

describe('summarisePlan', () => {
  it('counts by department and operation, and by list', () => {
    const summary = summarisePlan([
      aRecord(1),
      aRecord(2, { operation: 'adopt' }),
      aRecord(3, { operation: 'update', lists: { add: [], remove: [] } }),
      aRecord(4, { operation: 'move', department: 'Support', lists: { add: ['Support'], remove: ['Sales'] } }),
      aRecord(5, {
        operation: 'remove',
        outcome: 'held',
        reason: 'held-removal',
        lists: { add: [], remove: ['Sales'] },
      }),
      aRecord(6, { operation: 'none', outcome: 'unchanged', lists: { add: [], remove: [] } }),
      aSkip(7, 'no-phone'),
    ]);

    expect(summary.departments).toMatchObject([
      { department: 'Sales', changes: { '+': 2, '~': 1, '-': 0, '↔': 0 }, held: 1, same: 1, out: 1 },
      { department: 'Support', changes: { '+': 0, '~': 0, '-': 0, '↔': 1 }, held: 0, same: 0, out: 0 },
    ]);
    expect(summary.totals).toEqual({ changes: { '+': 2, '~': 1, '-': 0, '↔': 1 }, held: 1, same: 1, out: 1 });
    expect(summary.lists).toEqual([
      { list: 'Sales', joins: 2, leaves: 2 },
      { list: 'Support', joins: 1, leaves: 0 },
    ]);
  });

  it('takes names that differ in case for one, shown with capitals', () => {
    const { departments, lists } = summarisePlan([
      aRecord(1, { department: 'sales', lists: { add: ['sales'], remove: [] } }),
      aRecord(2, { department: ' Sales ', lists: { add: ['Sales'], remove: [] } }),
      aRecord(3, { department: 'sales', lists: { add: ['sales'], remove: [] } }),
    ]);

    expect(departments).toMatchObject([{ department: 'Sales', changes: { '+': 3 } }]);
    expect(lists).toEqual([{ list: 'Sales', joins: 3, leaves: 0 }]);
  });

  it('groups people to whom the same happens: changes first, many before few', () => {
    const [sales] = summarisePlan([
      aSkip(1, 'no-phone'),
      aRecord(2, { words: 'Create one.' }),
      aRecord(3, { words: 'Create another.' }),
      aRecord(4, { words: 'Create another.' }),
      aRecord(5, { operation: 'remove', words: 'Take off.' }),
      aRecord(6, { operation: 'update', outcome: 'held', words: 'Update.' }),
    ]).departments;

    expect(sales?.groups.map(({ words, people }) => [words, people])).toEqual([
      ['Create another.', 2],
      ['Create one.', 1],
      ['Take off.', 1],
      ['Update.', 1],
      ['Left out.', 1],
    ]);
  });

  it('leaves out whoever would have been added and waits', () => {
    const summary = summarisePlan([aRecord(1, { outcome: 'skipped', reason: 'duplicate-phone' })]);

    expect(summary.totals).toMatchObject({ changes: { '+': 0 }, out: 1 });
  });

  it('counts everybody exactly once, whatever the records say', () => {
    const record = fc.record({
      operation: fc.constantFrom(...OPERATION_KINDS, 'of-a-newer-app', 'constructor'),
      outcome: fc.constantFrom(...OUTCOMES, 'planned' as const),
      department: fc.constantFrom('Sales', 'sales', '', 'Support'),
    });

    fc.assert(
      fc.property(fc.array(record), (changes) => {
        const { totals, departments } = summarisePlan(changes.map((change, n) => aRecord(n, change)));
        const sum = ({ changes: done, held, same, out }: typeof totals): number =>
          Object.values(done).reduce((all, one) => all + one, 0) + held + same + out;

        expect(sum(totals)).toBe(changes.length);
        expect(departments.reduce((all, one) => all + sum(one), 0)).toBe(changes.length);
      }),
    );
  });
});

describe('changesSomething', () => {
  it.each([
    ['a change', [aRecord(1)], true],
    ['something held', [aRecord(1, { operation: 'remove', outcome: 'held' })], true],
    ['nobody', [], false],
    [
      'people left out and people unchanged',
      [aSkip(1, 'no-phone'), aRecord(2, { operation: 'none', outcome: 'unchanged' })],
      false,
    ],
  ])('%s', (_name, records, changes) => {
    expect(changesSomething(summarisePlan(records))).toBe(changes);
  });
});
