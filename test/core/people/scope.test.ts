import fc from 'fast-check';
import type { Filter } from '../../../src/core/config/sync-config.ts';
import type { Attributes, AttributeValue } from '../../../src/core/people/person.ts';
import { definitelyOutOfScope, evaluateFilter, judgeScope } from '../../../src/core/people/scope.ts';
import { aConfig, aPerson } from '../../support/people.ts';

const NOW = Date.UTC(2026, 2, 10, 12);
const SALES: Filter = { attribute: 'department', equals: 'Sales' };
const SYDNEY: Filter = { attribute: 'city', equals: 'Sydney' };

function evaluate(filter: Filter, attributes: Attributes, missing: 'null' | 'unknown'): boolean | 'unknown' {
  return evaluateFilter(filter, (path) => attributes[path], NOW, missing);
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

describe('judgeScope', () => {
  it('takes an enabled member whom the filters take', () => {
    expect(judgeScope(aPerson(), aConfig({ filters: SALES }), NOW)).toEqual({ inScope: true });
  });

  it('reads attributes by path', () => {
    const filters: Filter = { attribute: 'employeeOrgData.costCenter', equals: 42 };
    const person = aPerson({ employeeOrgData: { costCenter: '42' } });

    expect(judgeScope(person, aConfig({ filters }), NOW)).toEqual({ inScope: true });
  });

  it.each(['soft-deleted', 'deleted'] as const)('calls somebody %s deleted before anything else', (presence) => {
    const person = aPerson({ accountEnabled: false, userType: 'Guest', department: 'HR' }, { presence });

    expect(judgeScope(person, aConfig({ filters: SALES }), NOW)).toEqual({
      inScope: false,
      cause: 'deleted',
      reason: 'not-in-scope',
    });
  });

  it('calls a disabled guest disabled', () => {
    const person = aPerson({ accountEnabled: false, userType: 'Guest', department: 'HR' });

    expect(judgeScope(person, aConfig({ filters: SALES }), NOW)).toEqual({
      inScope: false,
      cause: 'disabled',
      reason: 'disabled',
    });
  });

  it.each(['Guest', 'guest ', 'GUEST'])('leaves out a guest written "%s"', (userType) => {
    const person = aPerson({ userType, department: 'HR' });

    expect(judgeScope(person, aConfig({ filters: SALES }), NOW)).toEqual({
      inScope: false,
      cause: 'outOfScope',
      reason: 'guest',
    });
  });

  it('leaves out whom the filters do not take', () => {
    expect(judgeScope(aPerson({ department: 'HR' }), aConfig({ filters: SALES }), NOW)).toEqual({
      inScope: false,
      cause: 'outOfScope',
      reason: 'not-in-scope',
    });
  });

  it('takes guests and disabled people when the configuration asks for them', () => {
    const config = aConfig({ people: { users: { guests: true, disabled: true } } });

    expect(judgeScope(aPerson({ accountEnabled: false, userType: 'Guest' }), config, NOW)).toEqual({ inScope: true });
  });

  it.each<[string, Attributes]>([
    ['null', { accountEnabled: null, userType: null }],
    ['not mentioned', {}],
  ])('counts somebody as enabled and a member when both are %s', (_name, attributes) => {
    const filters: Filter = {
      all: [
        { attribute: 'accountEnabled', equals: true },
        { attribute: 'userType', equals: 'Member' },
      ],
    };

    expect(judgeScope({ id: '1', presence: 'present', attributes }, aConfig({ filters }), NOW)).toEqual({
      inScope: true,
    });
  });
});

describe('definitelyOutOfScope', () => {
  const config = aConfig({ filters: { all: [SALES, { attribute: 'accountEnabled', equals: true }] } });

  it.each<[Attributes, boolean]>([
    [{}, false],
    [{ mobilePhone: '+61491570156' }, false],
    [{ department: 'Sales' }, false],
    [{ department: 'HR' }, true],
    [{ department: null }, true],
    [{ accountEnabled: false }, true],
    [{ accountEnabled: null }, false],
    [{ accountEnabled: null, department: 'Sales' }, false],
    [{ userType: 'Guest' }, true],
    [{ userType: null, department: 'Sales', accountEnabled: true }, false],
  ])('judges the entry %j as %j', (attributes, expected) => {
    expect(definitelyOutOfScope(attributes, config, NOW)).toBe(expected);
  });

  it.each<[Filter]>([[{ attribute: 'userType', equals: 'Guest' }], [{ attribute: 'accountEnabled', equals: false }]])(
    'does not take what an entry leaves out for an ordinary member: %j',
    (filters) => {
      const everybody = aConfig({ filters, people: { users: { guests: true, disabled: true } } });

      expect(definitelyOutOfScope({ department: 'Sales' }, everybody, NOW)).toBe(false);
      expect(definitelyOutOfScope({ userType: null, accountEnabled: null }, everybody, NOW)).toBe(true);
    },
  );

  it('agrees with the judgement of every person it rules out', () => {
    const attributes = fc.record(
      {
        department: fc.constantFrom('Sales', 'HR', null),
        accountEnabled: fc.constantFrom(true, false, null),
        userType: fc.constantFrom('Member', 'Guest', null),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(attributes, attributes, (entry, rest) => {
        fc.pre(definitelyOutOfScope(entry, config, NOW));

        const person = { id: '1', presence: 'present' as const, attributes: { ...rest, ...entry } };

        expect(judgeScope(person, config, NOW).inScope).toBe(false);
      }),
    );
  });
});
