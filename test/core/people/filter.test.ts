import fc from 'fast-check';
import type { Filter } from '../../../src/core/config/sync-config.ts';
import { evaluateFilter, MEMBERSHIP_UNKNOWN, type Verdict } from '../../../src/core/people/filter.ts';
import type { Attributes, AttributeValue } from '../../../src/core/people/person.ts';
import { aContext, BOARD, NOW, ON_CALL } from './mapping-context.ts';

const SALES: Filter = { attribute: 'department', equals: 'Sales' };
const SYDNEY: Filter = { attribute: 'city', equals: 'Sydney' };

function evaluate(filter: Filter, attributes: Attributes, missing: 'null' | 'unknown'): Verdict {
  return evaluateFilter(filter, {
    read: (path) => attributes[path],
    isMember: MEMBERSHIP_UNKNOWN,
    now: NOW,
    missing,
  });
}

describe('evaluateFilter', () => {
  it.each<[Filter, boolean]>([
    [{ all: [] }, true],
    [{ any: [] }, false],
    [{ all: [SALES, SYDNEY] }, false],
    [{ any: [SALES, SYDNEY] }, true],
    [{ not: SALES }, false],
    [{ not: { any: [SYDNEY, { not: SALES }] } }, true],
    [{ attribute: 'jobTitle', notEquals: 'Engineer' }, true],
    [{ attribute: 'jobTitle', equals: 'Engineer' }, false],
    [{ attribute: 'jobTitle', present: false }, true],
  ])('answers %j', (filter, expected) => {
    expect(evaluate(filter, { department: 'sales', city: 'Perth' }, 'null')).toBe(expected);
  });

  it.each<[Filter, boolean | 'unknown']>([
    [SYDNEY, 'unknown'],
    [{ not: SYDNEY }, 'unknown'],
    [{ attribute: 'city', notEquals: 'Sydney' }, 'unknown'],
    [{ attribute: 'city', present: false }, 'unknown'],
    [{ attribute: 'jobTitle', present: false }, true],
    [{ attribute: 'jobTitle', equals: 'Engineer' }, false],
    [{ all: [SALES, SYDNEY] }, 'unknown'],
    [{ all: [SYDNEY, { not: SALES }] }, false],
    [{ any: [SYDNEY, SALES] }, true],
    [{ any: [SYDNEY, { not: SALES }] }, 'unknown'],
  ])('answers %j of a sparse entry', (filter, expected) => {
    expect(evaluate(filter, { department: 'Sales', jobTitle: null }, 'unknown')).toBe(expected);
  });

  const names = ['a', 'b', 'c'];
  const values = fc.constantFrom<AttributeValue>('x', 'y', '', true, 3, null);
  const filters = fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { depthSize: 'small' },
      fc.record({ attribute: fc.constantFrom(...names), equals: fc.constantFrom('x', 'y', true, 3) }),
      fc.record({ attribute: fc.constantFrom(...names), notEquals: fc.constantFrom('x', 'y') }),
      fc.record({ attribute: fc.constantFrom(...names), present: fc.boolean() }),
      fc.record({ all: fc.array(tie('filter'), { maxLength: 3 }) }),
      fc.record({ any: fc.array(tie('filter'), { maxLength: 3 }) }),
      fc.record({ not: tie('filter') }),
    ),
  })).filter;

  it('never contradicts what a sparse entry settled, however it is completed', () => {
    const full = fc.record({ a: values, b: values, c: values });
    fc.assert(
      fc.property(filters, full, fc.subarray(names), (filter, attributes, mentioned) => {
        const sparse = Object.fromEntries(Object.entries(attributes).filter(([name]) => mentioned.includes(name)));

        const verdict = evaluate(filter, sparse, 'unknown');

        fc.pre(verdict !== 'unknown');
        expect(evaluate(filter, attributes, 'null')).toBe(verdict);
      }),
    );
  });

  it('always decides when nothing is missing', () => {
    const entries = fc.dictionary(fc.constantFrom(...names), values);
    fc.assert(
      fc.property(filters, entries, (filter, attributes) => {
        const verdict = evaluate(filter, attributes, 'null');

        expect(typeof verdict).toBe('boolean');
        expect(evaluate({ not: filter }, attributes, 'null')).toBe(!verdict);
      }),
    );
  });
});

describe('evaluateFilter, groups', () => {
  const { isMember } = aContext({ [ON_CALL]: true, [`${BOARD} transitive`]: true });

  function judge(filter: Filter, member = isMember): Verdict {
    return evaluateFilter(filter, { read: () => null, isMember: member, now: NOW, missing: 'null' });
  }

  it.each<[Filter, boolean]>([
    [{ memberOf: ON_CALL }, true],
    [{ memberOf: ON_CALL.toUpperCase() }, true],
    [{ memberOf: ON_CALL, transitive: true }, false],
    [{ memberOf: BOARD }, false],
    [{ memberOf: BOARD, transitive: false }, false],
    [{ memberOf: BOARD, transitive: true }, true],
    [{ not: { memberOf: ON_CALL } }, false],
    [{ any: [{ memberOf: BOARD }, { memberOf: ON_CALL }] }, true],
  ])('answers %j', (filter, expected) => {
    expect(judge(filter)).toBe(expected);
  });

  it.each<[Filter, Verdict]>([
    [{ memberOf: ON_CALL }, 'unknown'],
    [{ not: { memberOf: ON_CALL } }, 'unknown'],
    [{ all: [{ memberOf: ON_CALL }, SALES] }, false],
    [{ any: [{ memberOf: ON_CALL }, { not: SALES }] }, true],
  ])('leaves unknown what hangs on a membership that nobody could tell: %j', (filter, expected) => {
    expect(judge(filter, MEMBERSHIP_UNKNOWN)).toBe(expected);
  });
});
