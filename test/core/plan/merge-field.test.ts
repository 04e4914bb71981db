import fc from 'fast-check';
import type { Conflict, Owner } from '../../../src/core/config/sync-config.ts';
import type { FieldPolicy } from '../../../src/core/config/field-policies.ts';
import { mergeField } from '../../../src/core/plan/merge-field.ts';
import type { FieldStates, Merge } from '../../../src/core/plan/merge-field.ts';

const OWNERS: readonly Owner[] = ['directory', 'messaging', 'either'];
const CONFLICTS: readonly Conflict[] = ['directory', 'messaging', 'report'];

function aPolicy(changes: Partial<FieldPolicy> = {}): FieldPolicy {
  return { owner: 'directory', conflict: 'directory', drift: 'repair', clears: false, ...changes };
}

/** What happened to one side since the base, and what it has now. */
const SIDES = { unchanged: 'old', changed: undefined, cleared: '' } as const;
type Side = keyof typeof SIDES;

function statesOf(here: string, there: string): FieldStates {
  return { base: 'old', directory: SIDES[here as Side] ?? 'here', messaging: SIDES[there as Side] ?? 'there' };
}

function shown(merge: Merge): string {
  if (merge.kind === 'push' || merge.kind === 'pull') {
    return `${merge.kind} "${merge.value}"${merge.overwrites ? ' over a change' : ''}`;
  }
  return merge.kind === 'agreed' ? `agreed "${merge.value}"` : merge.kind;
}

/** Directory and contact since the base; then what comes of it by owner. */
type Row = readonly [here: Side, there: Side, ...expected: string[]];

/** The columns: owner directory, messaging, and either with each conflict rule. */
const TABLE: readonly Row[] = [
  ['unchanged', 'unchanged', 'none', 'none', 'none', 'none', 'none'],
  ['changed', 'unchanged', 'push "here"', 'pull "old" over a change', 'push "here"', 'push "here"', 'push "here"'],
  ['unchanged', 'changed', 'push "old" over a change', 'pull "there"', 'pull "there"', 'pull "there"', 'pull "there"'],
  [
    'changed',
    'changed',
    'push "here" over a change',
    'pull "there" over a change',
    'push "here" over a change',
    'pull "there" over a change',
    'report',
  ],
];

/** The same where an emptied value empties the other side. */
const CLEARING: readonly Row[] = [
  ['cleared', 'unchanged', 'push ""', 'pull "old" over a change', 'push ""', 'push ""', 'push ""'],
  ['unchanged', 'cleared', 'push "old" over a change', 'pull ""', 'pull ""', 'pull ""', 'pull ""'],
  [
    'cleared',
    'changed',
    'push "" over a change',
    'pull "there" over a change',
    'push "" over a change',
    'pull "there" over a change',
    'report',
  ],
  [
    'changed',
    'cleared',
    'push "here" over a change',
    'pull "" over a change',
    'push "here" over a change',
    'pull "" over a change',
    'report',
  ],
  ['cleared', 'cleared', 'agreed ""', 'agreed ""', 'agreed ""', 'agreed ""', 'agreed ""'],
];

/** And where it is left alone: an emptied value is no change, and never travels. */
const KEEPING: readonly Row[] = [
  ['cleared', 'unchanged', 'none', 'pull "old" over a change', 'none', 'none', 'none'],
  ['unchanged', 'cleared', 'push "old" over a change', 'none', 'none', 'none', 'none'],
  [
    'cleared',
    'changed',
    'none',
    'pull "there" over a change',
    'pull "there" over a change',
    'pull "there" over a change',
    'pull "there" over a change',
  ],
  [
    'changed',
    'cleared',
    'push "here" over a change',
    'none',
    'push "here" over a change',
    'push "here" over a change',
    'push "here" over a change',
  ],
  ['cleared', 'cleared', 'agreed ""', 'agreed ""', 'agreed ""', 'agreed ""', 'agreed ""'],
];

const POLICIES = [
  { owner: 'directory' },
  { owner: 'messaging' },
  { owner: 'either', conflict: 'directory' },
  { owner: 'either', conflict: 'messaging' },
  { owner: 'either', conflict: 'report' },
] as const;

describe('mergeField', () => {
  it.each([...TABLE, ...KEEPING])('keeps what is emptied: directory %s, contact %s', (here, there, ...expected) => {
    expect(POLICIES.map((policy) => shown(mergeField(statesOf(here, there), aPolicy(policy))))).toEqual(expected);
  });

  it.each([...TABLE, ...CLEARING])('clears: directory %s, contact %s', (here, there, ...expected) => {
    const merged = POLICIES.map((policy) => mergeField(statesOf(here, there), aPolicy({ ...policy, clears: true })));

    expect(merged.map(shown)).toEqual(expected);
  });

  it('tells an edit on the side that does not own the field, and leaves it, where drift is reported', () => {
    const drift = 'report' as const;

    expect(mergeField(statesOf('unchanged', 'changed'), aPolicy({ drift })).kind).toBe('report');
    expect(mergeField(statesOf('changed', 'unchanged'), aPolicy({ drift, owner: 'messaging' })).kind).toBe('report');
    expect(mergeField(statesOf('changed', 'changed'), aPolicy({ drift })).kind).toBe('push');
    expect(mergeField(statesOf('unchanged', 'changed'), aPolicy({ drift, owner: 'either' })).kind).toBe('pull');
  });

  it('moves the base to what both sides came to by themselves', () => {
    expect(mergeField({ base: 'old', directory: 'new', messaging: ' new ' }, aPolicy())).toEqual({
      kind: 'agreed',
      value: 'new',
    });
  });

  it.each([
    ['', 'x', 'directory', 'none'],
    ['x', '', 'directory', 'push "x"'],
    ['x', 'y', 'directory', 'push "x" over a change'],
    ['', 'x', 'messaging', 'pull "x"'],
    ['x', '', 'messaging', 'push "x"'],
    ['x', 'y', 'messaging', 'pull "y" over a change'],
    ['', 'x', 'either', 'pull "x"'],
    ['x', '', 'either', 'push "x"'],
    ['x', 'y', 'either', 'push "x" over a change'],
    ['x', 'x', 'either', 'agreed "x"'],
    ['', '', 'either', 'none'],
  ] as const)(
    'fills what was never synchronised: directory "%s", contact "%s", owner %s',
    (here, there, owner, expected) => {
      const states = { base: undefined, directory: here, messaging: there };

      expect(shown(mergeField(states, aPolicy({ owner })))).toBe(expected);
    },
  );

  it('never lets a contact without a value empty the directory before they were synchronised', () => {
    const states = { base: undefined, directory: 'x', messaging: '' };

    expect(mergeField(states, aPolicy({ owner: 'messaging', clears: true })).kind).toBe('push');
    expect(mergeField(states, aPolicy({ owner: 'either', clears: true })).kind).toBe('push');
  });

  const someText = fc.constantFrom('', 'a', 'b', 'c');
  const someStates = fc.record({
    base: fc.option(someText, { nil: undefined }),
    directory: someText,
    messaging: someText,
  });
  const somePolicy = fc.record({
    owner: fc.constantFrom(...OWNERS),
    conflict: fc.constantFrom(...CONFLICTS),
    drift: fc.constantFrom('repair' as const, 'report' as const),
    clears: fc.boolean(),
  });

  it('finds nothing to do once its value stands on both sides and in the base', () => {
    fc.assert(
      fc.property(someStates, somePolicy, (states, policy) => {
        const merge = mergeField(states, policy);
        if (merge.kind === 'none' || merge.kind === 'report') return;
        const after = { base: merge.value, directory: merge.value, messaging: merge.value };

        expect(mergeField(after, policy)).toEqual({ kind: 'none' });
      }),
    );
  });

  it('never makes up a value, and never empties a side whose rule keeps', () => {
    fc.assert(
      fc.property(someStates, somePolicy, (states, policy) => {
        const merge = mergeField(states, policy);
        if (merge.kind === 'push') expect(merge.value).toBe(states.directory);
        if (merge.kind === 'pull') expect(merge.value).toBe(states.messaging);
        if ((merge.kind === 'push' || merge.kind === 'pull') && !policy.clears) expect(merge.value).not.toBe('');
      }),
    );
  });

  it('never writes to the side that owns the field, but to fill what it never had', () => {
    fc.assert(
      fc.property(someStates, somePolicy, (states, policy) => {
        const { kind } = mergeField(states, policy);
        if (policy.owner === 'directory') expect(kind).not.toBe('pull');
        if (policy.owner === 'messaging' && kind === 'push')
          expect(states).toMatchObject({ base: undefined, messaging: '' });
      }),
    );
  });
});
