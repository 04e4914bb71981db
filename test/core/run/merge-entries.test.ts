import fc from 'fast-check';
import type { AttributeValue } from '../../../src/core/people/person.ts';
import {
  isSamePerson,
  mergeEntry,
  personFromNothing,
  personFromReading,
  personFromStored,
  removedPerson,
  type MergedEntry,
} from '../../../src/core/run/merge-entries.ts';
import type { PageEntry } from '../../../src/core/run/parts.ts';

type Values = Readonly<Record<string, AttributeValue>>;

const shown = (attributes: Values): PageEntry => ({ id: 'p', attributes });
const removed = (how: 'changed' | 'deleted'): PageEntry => ({ id: 'p', removed: how, attributes: {} });
const REDUCED: PageEntry = { id: 'p', reduced: true };
const SALES = shown({ department: 'Sales', displayName: 'Ada' });

function merge(...entries: readonly PageEntry[]): MergedEntry {
  return entries.reduce<MergedEntry | undefined>((merged, entry) => mergeEntry(merged, entry), undefined)!;
}

describe('mergeEntry', () => {
  it.each<[string, PageEntry[], Partial<MergedEntry>]>([
    ['one entry', [SALES], { patch: { department: 'Sales', displayName: 'Ada' } }],
    [
      'a later department, over an earlier one',
      [SALES, shown({ department: 'HR' })],
      { patch: { department: 'HR', displayName: 'Ada' } },
    ],
    ['a field each', [SALES, shown({ mail: 'a@example.com' })], { patch: { mail: 'a@example.com' } }],
    ['a value cleared later', [SALES, shown({ department: null })], { patch: { department: null } }],
    ['a value set after it was cleared', [shown({ department: null }), SALES], { patch: { department: 'Sales' } }],
    ['a removal', [removed('deleted')], { removed: 'deleted', patch: {} }],
    ['a removal after an entry', [SALES, removed('changed')], { removed: 'changed', patch: {} }],
    ['a second removal', [removed('changed'), removed('deleted')], { removed: 'deleted' }],
    ['an entry that cannot matter', [REDUCED], { reduced: true, patch: {} }],
    ['a removal after an entry that cannot matter', [REDUCED, removed('deleted')], { removed: 'deleted' }],
    ['a removal after an unclear one', [REDUCED, SALES, removed('deleted')], { removed: 'deleted' }],
  ])('is clear about %s', (_name, entries, expected) => {
    const merged = merge(...entries);

    expect(merged).toMatchObject({ id: 'p', unclear: false, reduced: expected.reduced ?? false, ...expected });
    expect(merged.removed).toBe(expected.removed);
  });

  it.each<[string, PageEntry[], Values]>([
    ['a sparse entry after one that cannot matter', [REDUCED, shown({ mail: null })], { mail: null }],
    ['an entry that cannot matter after another, whose values it overrules', [SALES, REDUCED], {}],
    ['two entries that cannot matter', [REDUCED, REDUCED], {}],
    ['somebody removed and back', [removed('changed'), SALES], { department: 'Sales', displayName: 'Ada' }],
    ['somebody shown, removed and back', [SALES, removed('changed'), shown({ mail: 'x' })], { mail: 'x' }],
    ['somebody removed and out of scope', [removed('changed'), REDUCED], {}],
    ['what follows', [REDUCED, SALES, shown({ department: 'HR' })], { department: 'HR', displayName: 'Ada' }],
  ])('leaves it to reading by id after %s', (_name, entries, patch) => {
    const merged = merge(...entries);

    expect(merged.unclear).toBe(true);
    expect(merged.patch).toEqual(patch);
    expect(merged.removed).toBeUndefined();
  });

  it('says the same of entries in one piece and in many', () => {
    const someValues = fc.dictionary(
      fc.constantFrom('a', 'b', 'c', 'd'),
      fc.constantFrom<AttributeValue>('x', 'y', null),
    );
    fc.assert(
      fc.property(fc.array(someValues, { minLength: 1 }), (parts) => {
        const inOne = Object.assign({}, ...parts) as Values;

        expect(merge(...parts.map(shown)).patch).toEqual(inOne);
      }),
    );
  });
});

describe('a person of a merged entry', () => {
  const merged = merge(shown({ department: 'Sales', mail: null, businessPhones: [] }));
  const stored = {
    id: 'p',
    presence: 'soft-deleted',
    attributes: { department: 'HR', mail: 'ada@example.com', displayName: 'Ada' },
  } as const;

  it('has only what was mentioned in a full round', () => {
    expect(personFromNothing(merged)).toEqual({
      id: 'p',
      presence: 'present',
      attributes: { department: 'Sales', businessPhones: [] },
    });
  });

  it('keeps what was omitted and loses what was cleared in an incremental round', () => {
    expect(personFromStored(stored, merged)).toEqual({
      id: 'p',
      presence: 'present',
      attributes: { department: 'Sales', displayName: 'Ada', businessPhones: [] },
    });
  });

  it('lays what the chain said over what was read by id', () => {
    const reading = { id: 'p', attributes: { department: 'HR', mail: 'ada@example.com', surname: null } };

    expect(personFromReading(reading, merged).attributes).toEqual({ department: 'Sales', businessPhones: [] });
    expect(personFromReading(reading, undefined).attributes).toEqual({ department: 'HR', mail: 'ada@example.com' });
  });

  it.each([
    ['changed', 'soft-deleted'],
    ['deleted', 'deleted'],
  ] as const)('keeps their values when they are removed: %s', (how, presence) => {
    expect(removedPerson({ ...stored, presence: 'present' }, how)).toEqual({ ...stored, presence });
  });
});

describe('isSamePerson', () => {
  const person = {
    id: 'p',
    presence: 'present',
    attributes: { a: 1, b: { c: ['x', 'y'], d: { e: null, f: true } } },
  } as const;

  it('ignores the order of attributes, at any depth', () => {
    const other = { ...person, attributes: { b: { d: { f: true, e: null }, c: ['x', 'y'] }, a: 1 } };

    expect(isSamePerson(person, other)).toBe(true);
  });

  it.each([
    ['presence', { ...person, presence: 'deleted' as const }],
    ['a value', { ...person, attributes: { ...person.attributes, a: 2 } }],
    ['a value more', { ...person, attributes: { ...person.attributes, z: 'z' } }],
    ['the order of a collection', { ...person, attributes: { a: 1, b: { ...person.attributes.b, c: ['y', 'x'] } } }],
  ])('sees a difference in %s', (_name, other) => {
    expect(isSamePerson(person, other)).toBe(false);
  });
});
