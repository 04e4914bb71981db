import fc from 'fast-check';
import { explainField } from '../../../src/core/people/explain-field.ts';
import { explainLists } from '../../../src/core/people/explain-lists.ts';
import { explainPhone } from '../../../src/core/people/explain-phone.ts';
import { explainFilter, explainScope } from '../../../src/core/people/explain-scope.ts';
import { evaluateFilter } from '../../../src/core/people/filter.ts';
import { listKeyText } from '../../../src/core/people/list-names.ts';
import { mapPerson, type MappedPerson } from '../../../src/core/people/map-person.ts';
import { definitelyOutOfScope, judgeScope, subjectOf } from '../../../src/core/people/scope.ts';
import { aPerson } from '../../support/people.ts';
import { aConfig } from '../config/configuration.ts';
import { accepts, ATTRIBUTES, configs, contexts, people } from './arbitraries.ts';
import { aContext } from './mapping-context.ts';

const RUNS = { numRuns: 400 };

/** What the contact gets, whatever the order in which it is listed. */
function contents(mapped: MappedPerson): object {
  const invalid = mapped.invalid.map(({ field, limit }) => `${field}: ${limit}`).toSorted();
  if (!mapped.reachable) return { reason: mapped.reason, invalid };
  const { lists, onCreate, ...desired } = mapped.desired;
  return { ...desired, lists: lists.map(listKeyText).toSorted(), onCreate: onCreate.toSorted(), invalid };
}

describe('mapping any person by any valid configuration', () => {
  it('has an outcome, and never tells a value of the directory as a limit', () => {
    fc.assert(
      fc.property(people, configs, contexts, (person, config, context) => {
        const mapped = mapPerson(person, config, context);

        for (const { limit } of mapped.invalid) expect(limit).toMatch(/^(?:a |an |at most |the |shorter)/);
        if (!mapped.reachable) return;
        expect(mapped.desired.phone).toMatch(/^\+\d{4,15}$/);
        expect(mapped.desired.whatsapp ?? '').toMatch(/^(?:\+\d{4,15})?$/);
        for (const text of mapped.desired.lists) expect(text.trim()).not.toBe('');
        for (const text of Object.values(mapped.desired.fields)) expect(text).toBe(text.normalize('NFC').trim());
      }),
      RUNS,
    );
  });

  it('does not hang on the order of attributes or rules', () => {
    fc.assert(
      fc.property(people, configs, contexts, (person, config, context) => {
        const attributes = Object.fromEntries(Object.entries(person.attributes).toReversed());
        const reversed = { ...config, mapping: config.mapping.toReversed() };

        expect(mapPerson({ ...person, attributes }, config, context)).toEqual(mapPerson(person, config, context));
        expect(contents(mapPerson(person, reversed, context))).toEqual(contents(mapPerson(person, config, context)));
      }),
      RUNS,
    );
  });

  it('says the same the second time, and of a configuration that was stored and read', () => {
    fc.assert(
      fc.property(people, configs, contexts, (person, config, context) => {
        const once = mapPerson(person, config, context);
        const stored = JSON.parse(JSON.stringify(config)) as typeof config;

        expect(mapPerson(person, config, context)).toEqual(once);
        expect(mapPerson(person, stored, context)).toEqual(once);
      }),
      RUNS,
    );
  });

  it('changes nothing about a number that it gave itself', () => {
    const numbers = fc.constantFrom(
      '0491 570 156',
      '+61 (0)491-570 157',
      '0044 7400 123456',
      '(201) 555-0123',
      '02 5550 0156',
    );
    const alone = [{ to: 'phone_number', from: 'mobilePhone' }];
    fc.assert(
      fc.property(numbers, fc.constantFrom('AU', 'US', null), accepts, (mobilePhone, usageLocation, accept) => {
        const config = aConfig({ mapping: alone, phone: { accept } });
        const mapped = mapPerson(aPerson({ mobilePhone, usageLocation }), config, aContext());
        fc.pre(mapped.reachable);

        const again = aPerson({ mobilePhone: mapped.desired.phone, usageLocation });

        expect(mapPerson(again, config, aContext())).toEqual(mapped);
      }),
      RUNS,
    );
  });

  it('is drawn from everything that can happen', () => {
    const drawn = fc.sample(fc.tuple(people, configs, contexts), { numRuns: 3000, seed: 1 });

    const outcomes = drawn.map(([person, config, context]) => mapPerson(person, config, context));
    const scopes = drawn.map(([person, config, context]) => judgeScope(person, config, context));

    const reached = outcomes.filter(({ reachable }) => reachable);
    const reasons = outcomes.map((one) => (one.reachable ? 'reached' : one.reason));
    const limits = new Set(outcomes.flatMap(({ invalid }) => invalid.map(({ limit }) => limit)));
    expect(reached.length).toBeGreaterThan(200);
    expect(new Set(reasons)).toEqual(
      new Set(['reached', 'no-phone', 'bad-phone', 'not-mobile', 'excluded', 'service-unavailable']),
    );
    expect(limits.size).toBeGreaterThan(4);
    expect(new Set(scopes.map((scope) => (scope.inScope ? 'in' : scope.reason)))).toEqual(
      new Set(['in', 'not-in-scope', 'disabled', 'guest', 'excluded', 'service-unavailable']),
    );
  });
});

describe('explaining any person by any valid configuration', () => {
  it('says of the scope what the decision says', () => {
    fc.assert(
      fc.property(people, configs, contexts, (person, config, context) => {
        const { clauses, decidedBy, ...judgement } = explainScope(person, config, context);

        expect(judgement).toEqual(judgeScope(person, config, context));
        const decisive = clauses.find(({ path }) => path === decidedBy);
        expect(decisive?.holds).toEqual(judgement.inScope ? undefined : expect.not.stringMatching(/^true$/));
        expect(decisive?.holds).not.toBe(true);
      }),
      RUNS,
    );
  });

  it('gives every part of a filter the verdict that it has by itself', () => {
    fc.assert(
      fc.property(people, configs, contexts, (person, config, context) => {
        const subject = subjectOf(person, context);
        const [whole, ...parts] = explainFilter(config.filters, 'filters', subject);

        expect(whole.holds).toBe(evaluateFilter(config.filters, subject));
        expect(parts.every(({ path, expected }) => path.startsWith('filters.') && expected !== '')).toBe(true);
      }),
      RUNS,
    );
  });

  it('rules out by one entry nobody whom the whole person would bring in', () => {
    fc.assert(
      fc.property(people, configs, contexts, fc.subarray([...ATTRIBUTES]), (person, config, context, omitted) => {
        const entry = Object.fromEntries(
          Object.entries(person.attributes).filter(([name]) => !(omitted as string[]).includes(name)),
        );
        fc.pre(definitelyOutOfScope(entry, config, context));

        expect(judgeScope(person, config, context).inScope).toBe(false);
      }),
      RUNS,
    );
  });

  it('says of every rule, number and list what the mapping does', () => {
    fc.assert(
      fc.property(people, configs, contexts, (person, config, context) => {
        const mapped = mapPerson(person, config, context);
        const explained = config.mapping.map((rule) => explainField(rule, person, config, context));
        const phone = explainPhone(person, config, context);
        const undecided = explained.some((one) => one.undecided === true);

        expect(phone.reason).toBe(
          mapped.reachable || (undecided && phone.e164 !== undefined) ? undefined : mapped.reason,
        );
        const rejected = explained.filter(({ to }) => to !== 'phone_number').flatMap((one) => one.rejected ?? []);
        expect(mapped.invalid.toSorted(byField)).toEqual(rejected.toSorted(byField));
        if (!mapped.reachable) return;

        expect(undecided).toBe(false);
        expect(phone.e164).toBe(mapped.desired.phone);
        expect(explainLists(person, config, context).map(({ name }) => name)).toEqual(mapped.desired.lists);
        // The parts of a name win over the whole one: laid on last.
        const ordered = explained.toSorted((a, b) => Number(b.to === 'contact_name') - Number(a.to === 'contact_name'));
        const {
          list: _list,
          phone: said,
          whatsapp,
          ...fields
        } = Object.assign({}, ...ordered.map(({ value }) => value));
        expect(fields).toEqual(mapped.desired.fields);
        expect([said, whatsapp]).toEqual([mapped.desired.phone, mapped.desired.whatsapp]);
      }),
      RUNS,
    );
  });

  it('shows the steps from the directory to the value', () => {
    fc.assert(
      fc.property(people, configs, contexts, (person, config, context) => {
        for (const rule of config.mapping) {
          const { steps, value } = explainField(rule, person, config, context);
          const given = Object.values(value ?? {}).filter((text) => text !== '');
          const shown = steps.flatMap(({ output }) => output ?? []);

          expect(given.filter((text) => !shown.includes(text))).toEqual([]);
        }
      }),
      RUNS,
    );
  });
});

function byField(left: { readonly field: string }, right: { readonly field: string }): number {
  return left.field < right.field ? -1 : 1;
}
