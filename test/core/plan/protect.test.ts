import fc from 'fast-check';
import type { Protection } from '../../../src/core/config/sync-config.ts';
import type { Operation } from '../../../src/core/plan/operation.ts';
import {
  holdFirstPlan,
  protectPlan,
  type Distrust,
  type Members,
  type ProtectedPlan,
} from '../../../src/core/plan/protect.ts';
import { NOTHING_APPLIED, tally, weigh, type Applied, type Weighed } from '../../../src/core/plan/weigh.ts';
import { aConfig } from '../../support/people.ts';
import { aList, anOperation, someLists } from '../../support/plan.ts';

const LIMITS: Protection = aConfig().protection;
const SALES = aList('Sales');
const SUPPORT = aList('Support');

function aWeight(changes: Partial<Weighed> = {}): Weighed {
  const { isRemoval = false, isLeaver = isRemoval } = changes;
  return { personId: 'ada', isUpdate: false, leaves: [], clears: [], ...changes, isLeaver, isRemoval };
}

/** So many people of one kind, with ids of their own. */
function many(count: number, weight: Partial<Weighed>, name = 'person'): Weighed[] {
  return Array.from({ length: count }, (_, index) => aWeight({ ...weight, personId: `${name}-${index}` }));
}
const leavers = (count: number, leaves: Weighed['leaves'] = []): Weighed[] =>
  many(count, { isRemoval: true, leaves }, 'leaver');
const updated = (count: number): Weighed[] => many(count, { isUpdate: true }, 'updated');

interface Setting {
  readonly recent?: Partial<Applied>;
  readonly members?: number;
  readonly perList?: Members['perList'];
  readonly planned?: number;
  readonly joined?: readonly string[];
  readonly distrust?: Distrust | undefined;
  readonly limits?: Partial<Protection>;
}

function judge(weighed: readonly Weighed[], setting: Setting = {}): ProtectedPlan {
  const { recent, members = 100, perList = {}, planned = 0, joined = [], distrust, limits } = setting;
  return protectPlan(
    weighed,
    {
      recent: { ...NOTHING_APPLIED, ...recent },
      members: { total: members, perList },
      plannedPeople: planned,
      joined: new Set(joined),
      distrust,
    },
    { ...LIMITS, ...limits },
  );
}

const rules = ({ holds }: ProtectedPlan): string[] =>
  holds.map(({ rule, list, field }) => [rule, list, field].filter(Boolean).join(' '));
const cleared = (count: number, ...clears: string[]): Weighed[] => many(count, { isUpdate: true, clears }, 'cleared');

describe('weigh', () => {
  const fields: Operation['fields'] = [{ field: 'note', after: 'new' }];

  it.each<[string, Partial<Operation>, Partial<Weighed> | undefined]>([
    ['a creation', { kind: 'create', fields }, undefined],
    ['an adoption that overwrites nothing', { kind: 'adopt', fields }, undefined],
    ['an adoption that overwrites', { kind: 'adopt', fields, overwrites: true }, { isUpdate: true }],
    ['an update', { kind: 'update', fields }, { isUpdate: true }],
    ['an update without values', { kind: 'update' }, undefined],
    ['a restoration with values', { kind: 'restore', fields }, { isUpdate: true }],
    ['a restoration without values', { kind: 'restore' }, undefined],
    [
      'an update that takes a value away',
      { kind: 'update', fields: [{ field: 'note', before: 'old', after: '' }] },
      { isUpdate: true, clears: ['note'] },
    ],
    [
      'an update that clears what was empty or unknown',
      {
        kind: 'update',
        fields: [
          { field: 'note', before: '', after: '' },
          { field: 'alias', after: '' },
        ],
      },
      { isUpdate: true },
    ],
    ['a move onto a list', { kind: 'move', lists: { add: [SALES], remove: [] } }, undefined],
    ['a move off a list', { kind: 'move', lists: { add: [], remove: [SALES] } }, { leaves: [SALES] }],
    ['a move with values', { kind: 'move', fields }, { isUpdate: true }],
    ['a removal from no list', { kind: 'remove' }, { isRemoval: true }],
    ['a removal', { kind: 'remove', lists: { add: [], remove: [SALES] } }, { isRemoval: true, leaves: [SALES] }],
    ['a leaver who is kept', { kind: 'remove', action: 'keep' }, { isLeaver: true }],
    ['a restoration that has nothing to overwrite', { kind: 'restore', overwrites: true }, undefined],
    ['nothing', { kind: 'none' }, undefined],
    ['somebody left out', { kind: 'skip' }, undefined],
  ])('of %s', (_name, operation, expected) => {
    const weight = expected === undefined ? undefined : aWeight(expected);

    expect(weigh(anOperation({ personId: 'ada', ...operation }))).toEqual(weight);
  });
});

describe('weigh, for a directory of any size', () => {
  it('takes no memory for what nobody loses', () => {
    const [one, other] = [['note'], ['alias']].map(([field]) =>
      weigh(anOperation({ kind: 'update', fields: [{ field: field!, after: 'new' }] })),
    );

    expect(one!.clears).toBe(other!.clears);
  });
});

describe('tally', () => {
  it('counts people by what the limits count', () => {
    const weighed = [
      aWeight({ isRemoval: true, leaves: [SALES, SUPPORT] }),
      aWeight({ isUpdate: true, leaves: [SALES] }),
      aWeight({ isUpdate: true }),
    ];

    expect(tally(weighed)).toEqual({ removals: 1, updates: 2, perList: { sales: 2, support: 1 } });
  });

  it('counts the values that are taken away by field', () => {
    const weighed = [
      aWeight({ isUpdate: true, clears: ['note', 'alias'] }),
      aWeight({ isUpdate: true, clears: ['note'] }),
    ];

    expect(tally(weighed).clears).toEqual({ note: 2, alias: 1 });
  });

  it('counts nothing in nothing', () => {
    expect(tally([])).toEqual(NOTHING_APPLIED);
  });
});

describe('protectPlan', () => {
  it.each<[string, Weighed[], Setting, string[]]>([
    ['11 of 100 leave', leavers(11), {}, []],
    ['20 of 100 leave', leavers(20), {}, []],
    ['21 of 100 leave', leavers(21), {}, ['removal-share']],
    ['200 of 5,000 leave', leavers(200), { members: 5_000 }, []],
    ['201 of 5,000 leave', leavers(201), { members: 5_000 }, ['max-removals']],
    ['the floor of 10 leave, who are all', leavers(10), { members: 10 }, []],
    ['11 leave, who are all', leavers(11), { members: 11 }, ['removal-share']],
    ['3 leave after 198 in 24 hours', leavers(3), { members: 5_000, recent: { removals: 198 } }, ['max-removals']],
    ['2 leave after 198 in 24 hours', leavers(2), { members: 5_000, recent: { removals: 198 } }, []],
    ['1 of 100 leaves after 20 in 24 hours', leavers(1), { recent: { removals: 20 } }, ['removal-share']],
    ['nobody leaves after 500 in 24 hours', updated(1), { recent: { removals: 500 } }, []],
    ['nobody is updated after 500 in 24 hours', leavers(1), { recent: { updates: 500 } }, []],
    ['1 leaves and the directory was empty', leavers(1), { distrust: 'empty-directory' }, ['empty-directory']],
    ['1 leaves and the tenant is another one', leavers(1), { distrust: 'tenant-changed' }, ['tenant-changed']],
    ['201 leave and the directory was empty', leavers(201), { distrust: 'empty-directory' }, ['empty-directory']],
    ['nobody leaves and the directory was empty', updated(1), { distrust: 'empty-directory' }, []],
    ['50 of 100 are updated', updated(50), {}, []],
    ['51 of 100 are updated', updated(51), {}, ['update-share']],
    ['1 of 100 is updated after 50 in 24 hours', updated(1), { recent: { updates: 50 } }, ['update-share']],
    ['the floor of 10 are updated, who are all', updated(10), { members: 10 }, []],
    ['300 of 600 planned are updated in a first run', updated(300), { members: 0, planned: 600 }, []],
    ['301 of 600 planned are updated in a first run', updated(301), { members: 0, planned: 600 }, ['update-share']],
    ['a limit of none, and 1 leaves', leavers(1), { limits: { maxRemovals: 0 } }, ['max-removals']],
    ['a floor of none, and 21 of 100 leave', leavers(21), { limits: { floor: 0 } }, ['removal-share']],
    ['10 of 100 leave a list', leavers(10, [SALES]), { members: 999, perList: { sales: 90 } }, []],
    ['11 of 110 leave a list', leavers(11, [SALES]), { members: 999, perList: { sales: 110 } }, []],
    ['11 of 109 leave a list', leavers(11, [SALES]), { members: 999, perList: { sales: 109 } }, ['list-share Sales']],
    ['11 leave a list nobody was on', leavers(11, [SALES]), { members: 999 }, ['list-share Sales']],
    [
      '1 leaves a list after 11 in 24 hours',
      leavers(1, [SALES]),
      { recent: { perList: { sales: 11, support: 99 } }, perList: { sales: 100 } },
      ['list-share Sales'],
    ],
    ['2 of 2 leave a list', leavers(2, [SALES]), { perList: { sales: 2 } }, ['list-emptied Sales']],
    ['9 of 9 leave a list', leavers(9, [SALES]), { perList: { sales: 9 } }, ['list-emptied Sales']],
    ['2 leave a list that had nobody', leavers(2, [SALES]), { recent: { perList: { sales: 5 } } }, []],
    ['9 of 10 leave a list', leavers(9, [SALES]), { perList: { sales: 10 } }, []],
    ['1 leaves a list of one', leavers(1, [SALES]), { perList: { sales: 1 } }, []],
    [
      'the last one leaves a list that had two yesterday',
      leavers(1, [SALES]),
      { perList: { sales: 1 }, recent: { perList: { sales: 1 } } },
      ['list-emptied Sales'],
    ],
    [
      '2 of 2 leave a list and somebody joins it',
      leavers(2, [SALES]),
      { perList: { sales: 2 }, joined: ['sales'] },
      [],
    ],
    ['20 of 100 lose a value', cleared(20, 'note'), {}, []],
    ['21 of 100 lose a value', cleared(21, 'note'), {}, ['field-clears note']],
    ['10 of 10 lose a value', cleared(10, 'note'), { members: 10 }, []],
    ['21 of 100 lose two values', cleared(21, 'note', 'alias'), {}, ['field-clears note', 'field-clears alias']],
    ['15 lose one value and 15 another', [...cleared(15, 'note'), ...cleared(15, 'alias')], {}, []],
    [
      '1 loses a value after 20 in 24 hours',
      cleared(1, 'note'),
      { recent: { clears: { note: 20 } } },
      ['field-clears note'],
    ],
    ['1 leaves and a canary is missing', leavers(1), { distrust: 'canary-missing' }, ['canary-missing']],
    ['1 leaves and far fewer were shown', leavers(1), { distrust: 'count-deviation' }, ['count-deviation']],
    [
      '11 leave two lists, one of them large',
      leavers(11, [SALES, SUPPORT]),
      { members: 999, perList: { sales: 999, support: 20 } },
      ['list-share Support'],
    ],
  ])('when %s', (_name, weighed, setting, expected) => {
    const judged = judge(weighed, setting);

    expect(rules(judged)).toEqual(expected);
    expect(judged.held.size > 0).toBe(expected.length > 0);
  });

  it('holds nothing of a plan within the limits', () => {
    expect(judge([...leavers(5, [SALES]), ...updated(10)], { perList: { sales: 100 } })).toEqual({
      holds: [],
      held: new Map(),
    });
  });

  it('says what a hold was measured against', () => {
    const judged = judge([...leavers(21), ...updated(41)], { recent: { removals: 3, updates: 11 } });

    expect(judged.holds).toEqual([
      { rule: 'removal-share', operations: 21, limit: 0.2, recent: 3, members: 100 },
      { rule: 'update-share', operations: 41, limit: 0.5, recent: 11, members: 100 },
    ]);
  });

  it.each(['constructor', '__proto__', 'toString'])('protects a list that is called "%s"', (name) => {
    const leaves = [{ key: name, name }];

    expect(rules(judge(leavers(11, leaves), { members: 999 }))).toEqual([`list-share ${name}`]);
    expect(tally(leavers(11, leaves)).perList).toEqual(Object.fromEntries([[name, 11]]));
  });

  it('measures a list against its own members and history', () => {
    const perList = { sales: 50, support: 4 };

    const judged = judge(leavers(12, [SALES]), { members: 999, recent: { perList: { sales: 2 } }, perList });

    expect(judged.holds).toEqual([
      { rule: 'list-share', list: 'Sales', operations: 12, limit: 0.1, recent: 2, members: 50 },
    ]);
  });

  it('holds leavers and movers of a list alone, and lets updates and other removals flow', () => {
    const movers = many(8, { leaves: [SALES] }, 'mover');
    const others = [...updated(5), ...many(3, { isRemoval: true, leaves: [SUPPORT] }, 'other')];

    const judged = judge([...leavers(8, [SALES]), ...movers, ...others], { perList: { sales: 100, support: 100 } });

    expect(rules(judged)).toEqual(['list-share Sales']);
    expect([...judged.held.values()].filter(({ reason }) => reason === 'held-removal')).toHaveLength(8);
    expect([...judged.held.values()].filter(({ reason }) => reason === 'held-change')).toHaveLength(8);
    expect([...judged.held.keys()].every((id) => /^(?:leaver|mover)/.test(id))).toBe(true);
  });

  it.each<[string, Weighed[], Setting, object]>([
    ['removals', leavers(21), {}, { rule: 'removal-share', reason: 'held-removal' }],
    ['removals after a bad reading', leavers(1), { distrust: 'empty-directory' }, { rule: 'empty-directory' }],
    [
      'leavers who are kept, after a bad reading',
      many(2, { isLeaver: true }),
      { distrust: 'tenant-changed' },
      { rule: 'tenant-changed', reason: 'held-removal' },
    ],
    ['updates', updated(51), {}, { rule: 'update-share', reason: 'held-change' }],
    ['cleared values', cleared(21, 'note'), {}, { rule: 'field-clears', field: 'note', reason: 'held-change' }],
  ])('says of everybody which rule holds them: %s', (_name, weighed, setting, by) => {
    const { held } = judge(weighed, setting);

    expect([...held.values()]).toEqual(weighed.map(() => expect.objectContaining(by) as object));
  });

  it('holds somebody whom two rules hold once', () => {
    const both = many(60, { isUpdate: true, leaves: [SALES, SUPPORT] });

    const judged = judge(both, { perList: { sales: 60, support: 60 } });

    expect(rules(judged)).toEqual(['list-share Sales', 'list-share Support', 'update-share']);
    const by = { rule: 'list-share', list: SALES, reason: 'held-change' };
    expect([...judged.held]).toEqual(both.map(({ personId }) => [personId, by]));
  });

  const someWeighed = fc
    .array(fc.record({ kind: fc.constantFrom('removal', 'update', 'move'), leaves: someLists }), { maxLength: 30 })
    .map((people) =>
      people.map(({ kind, leaves }, index) =>
        aWeight({ personId: `p${index}`, isRemoval: kind === 'removal', isUpdate: kind === 'update', leaves }),
      ),
    );
  const someSetting = fc.record({
    members: fc.nat(60),
    planned: fc.nat(60),
    distrust: fc.constantFrom<Distrust | undefined>(undefined, 'empty-directory', 'tenant-changed'),
    perList: fc.dictionary(fc.constantFrom('sales', 'support', 'finance', 'legal'), fc.nat(60)),
    recent: fc.record({
      removals: fc.nat(30),
      updates: fc.nat(30),
      perList: fc.dictionary(fc.constantFrom('sales', 'support'), fc.nat(30)),
    }),
    limits: fc.record({
      floor: fc.nat(12),
      maxRemovals: fc.nat(30),
      maxRemovalShare: fc.constantFrom(0, 0.1, 0.5, 1),
      perListShare: fc.constantFrom(0, 0.1, 0.5, 1),
      maxUpdateShare: fc.constantFrom(0, 0.1, 0.5, 1),
    }),
  });

  it('never releases what it holds because more is to be removed', () => {
    fc.assert(
      fc.property(someWeighed, someSetting, fc.nat(20), someLists, (weighed, setting, count, leaves) => {
        const before = judge(weighed, setting);

        const after = judge([...weighed, ...leavers(count, leaves)], setting);

        const changed = [...before.held].filter(([id, { reason }]) => after.held.get(id)?.reason !== reason);
        expect(changed).toEqual([]);
      }),
    );
  });

  it('never holds less after more was applied in the last 24 hours', () => {
    fc.assert(
      fc.property(someWeighed, someSetting, fc.nat(30), (weighed, setting, more) => {
        const { recent } = setting;
        const before = judge(weighed, setting);

        const busier = { ...recent, removals: recent.removals + more, updates: recent.updates + more };
        const after = judge(weighed, { ...setting, recent: busier });

        expect([...before.held.keys()].filter((id) => !after.held.has(id))).toEqual([]);
      }),
    );
  });

  it('lets go ahead only what stays within every limit', () => {
    fc.assert(
      fc.property(someWeighed, someSetting, (weighed, setting) => {
        const { held } = judge(weighed, setting);
        const going = tally(weighed.filter(({ personId }) => !held.has(personId)));
        const { limits, recent, members, perList, planned } = setting;
        const isWithin = (count: number, lately: number, share: number, base: number): boolean =>
          count === 0 || count + lately <= limits.floor || count + lately <= share * base;

        expect(setting.distrust !== undefined && going.removals > 0).toBe(false);
        expect(going.removals === 0 || going.removals + recent.removals <= limits.maxRemovals).toBe(true);
        expect(isWithin(going.removals, recent.removals, limits.maxRemovalShare, members)).toBe(true);
        expect(isWithin(going.updates, recent.updates, limits.maxUpdateShare, members || planned)).toBe(true);
        for (const [key, count] of Object.entries(going.perList)) {
          expect(isWithin(count, recent.perList[key] ?? 0, limits.perListShare, perList[key] ?? 0)).toBe(true);
        }
      }),
    );
  });

  it('lets any number of people stop being looked after, by a reading that is believed', () => {
    expect(judge(many(300, { isLeaver: true })).held.size).toBe(0);
  });

  it('holds removals as removals and everything else as changes', () => {
    fc.assert(
      fc.property(someWeighed, someSetting, (weighed, setting) => {
        const { held } = judge(weighed, setting);

        for (const { personId, isRemoval } of weighed) {
          const reason = held.get(personId)?.reason;
          if (reason !== undefined) expect(reason).toBe(isRemoval ? 'held-removal' : 'held-change');
        }
      }),
    );
  });
});

describe('holdFirstPlan', () => {
  it('holds everybody whom the plan would touch', () => {
    const { holds, held } = holdFirstPlan(['ada', 'bob']);

    expect(holds).toEqual([{ rule: 'first-run', operations: 2, limit: 0, recent: 0, members: 0 }]);
    expect([...held]).toEqual(['ada', 'bob'].map((id) => [id, { rule: 'first-run', reason: 'held-change' }]));
  });

  it('holds nothing of a plan that touches nobody', () => {
    expect(holdFirstPlan([])).toEqual({ holds: [], held: new Map() });
  });
});
