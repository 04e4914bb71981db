import type { Comparison } from '../../../src/core/config/sync-config.ts';
import { compareValue } from '../../../src/core/people/compare.ts';
import type { AttributeValue } from '../../../src/core/people/person.ts';

const NOW = Date.UTC(2026, 2, 10, 12);

type Row = [comparison: Omit<Comparison, 'attribute'>, value: AttributeValue | undefined, expected: boolean];

function compare(comparison: Omit<Comparison, 'attribute'>, value: AttributeValue | undefined): boolean {
  return compareValue({ attribute: 'any', ...comparison }, value, NOW);
}

describe('compareValue', () => {
  it.each<Row>([
    [{ equals: 'Sales' }, ' sALES ', true],
    [{ equals: ' sales' }, 'Sales', true],
    [{ equals: 'Zoë' }, 'ZOE\u0308', true],
    [{ equals: 'Sales' }, 'Sales EU', false],
    [{ equals: 'Sales', matchCase: true }, 'Sales', true],
    [{ equals: 'Sales', matchCase: true }, 'sales', false],
    [{ equals: 'Sales', matchCase: true }, 'Sales ', false],
    [{ equals: 'Zo\u00eb', matchCase: true }, 'Zoe\u0308', true],
    [{ equals: 'Sales', matchCase: false }, 'sales', true],
    [{ equals: true }, true, true],
    [{ equals: true }, false, false],
    [{ equals: true }, 'TRUE', true],
    [{ equals: 42 }, 42, true],
    [{ equals: 42 }, '42', true],
    [{ equals: 0 }, 0, true],
    [{ in: ['Sales', 'Support'] }, 'support', true],
    [{ in: ['Sales', 'Support'] }, 'HR', false],
    [{ in: [] }, 'HR', false],
    [{ equals: 'undefined' }, 'undefined', true],
    [{ notEquals: 'Sales' }, 'HR', true],
    [{ notEquals: 'Sales' }, 'sales', false],
    [{ startsWith: 'sa' }, 'Sales', true],
    [{ startsWith: 'al' }, 'Sales', false],
    [{ endsWith: '@EXAMPLE.com' }, 'ada@example.com ', true],
    [{ endsWith: '@example.org' }, 'ada@example.com', false],
    [{ contains: 'LE' }, 'Sales', true],
    [{ contains: 'xy' }, 'Sales', false],
    [{ contains: '4' }, 42, true],
  ])('compares text: %j with %j is %j', (comparison, value, expected) => {
    expect(compare(comparison, value)).toBe(expected);
  });

  it.each<Row>([
    [{ greaterThan: 3 }, 4, true],
    [{ greaterThan: 3 }, 3, false],
    [{ greaterThan: 3 }, '10', true],
    [{ lessThan: 3 }, ' -2.5 ', true],
    [{ greaterThan: 1.2 }, '1.25', true],
    [{ lessThan: 3 }, 3, false],
    [{ lessThan: 3 }, 'two', false],
    [{ lessThan: 3 }, '0x1', false],
    [{ lessThan: 3 }, true, false],
  ])('compares numbers: %j with %j is %j', (comparison, value, expected) => {
    expect(compare(comparison, value)).toBe(expected);
  });

  it.each<Row>([
    [{ before: '2026-01-01' }, '2025-12-31T23:59:59Z', true],
    [{ before: '2026-01-01' }, '2026-01-01', false],
    [{ after: '2026-01-01' }, '2026-01-02', true],
    [{ after: '2026-01-01' }, '2026-01-01', false],
    [{ before: 'now' }, '2026-03-10T11:59:59Z', true],
    [{ after: 'now' }, '2026-03-10T12:00:01Z', true],
    [{ before: 'now+14d' }, '2026-03-24T11:00:00Z', true],
    [{ before: 'now+14d' }, '2026-03-24T13:00:00Z', false],
    [{ after: 'now-2d' }, '2026-03-08T13:00:00Z', true],
    [{ after: 'now-2d' }, '2026-03-08T11:00:00Z', false],
    [{ after: 'now-2d' }, 'soon', false],
    [{ before: 'never' }, '2026-03-08', false],
    [{ after: '2026-01-01', before: '2026-02-01' }, '2026-01-15', true],
    [{ after: '2026-01-01', before: '2026-02-01' }, '2026-02-15', false],
  ])('compares dates: %j with %j is %j', (comparison, value, expected) => {
    expect(compare(comparison, value)).toBe(expected);
  });

  it.each<Row>([
    [{ equals: 'b@example.com' }, ['a@example.com', 'B@example.com'], true],
    [{ equals: 'c@example.com' }, ['a@example.com', 'b@example.com'], false],
    [{ notEquals: 'b@example.com' }, ['a@example.com', 'b@example.com'], false],
    [{ notEquals: 'c@example.com' }, ['a@example.com', 'b@example.com'], true],
    [{ present: true }, [null, 'a'], true],
    [{ present: true }, [null, ' '], false],
  ])('lets one element of a collection do: %j with %j is %j', (comparison, value, expected) => {
    expect(compare(comparison, value)).toBe(expected);
  });

  it.each<Row>([
    [{ present: true }, 'x', true],
    [{ present: false }, 'x', false],
    [{ present: true }, false, true],
    [{ present: true }, 0, true],
    [{ present: true }, { costCenter: '42' }, true],
    [{ present: true }, { costCenter: null }, false],
  ])('tells presence: %j with %j is %j', (comparison, value, expected) => {
    expect(compare(comparison, value)).toBe(expected);
  });

  describe.each([[undefined], [null], [''], [' '], [[]], [[null]]])('of the empty value %j', (value) => {
    it.each<Omit<Comparison, 'attribute'>>([
      { equals: '' },
      { equals: 'null' },
      { in: ['', 'undefined'] },
      { startsWith: '' },
      { endsWith: '' },
      { contains: '' },
      { greaterThan: -1 },
      { lessThan: 1 },
      { before: 'now' },
      { after: '1970-01-01' },
      { present: true },
    ])('is false for %j', (comparison) => {
      expect(compare(comparison, value)).toBe(false);
    });

    it.each<Omit<Comparison, 'attribute'>>([{ notEquals: 'x' }, { notEquals: '' }, { present: false }])(
      'is true for %j',
      (comparison) => {
        expect(compare(comparison, value)).toBe(true);
      },
    );
  });
});
