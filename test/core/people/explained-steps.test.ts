import { explainField } from '../../../src/core/people/explain-field.ts';
import { filterWords } from '../../../src/core/people/filter-words.ts';
import { aConfig, aPerson, aRule } from '../../support/people.ts';
import { aContext } from './mapping-context.ts';

describe('the steps of an explanation', () => {
  const stepsOf = (rule: Parameters<typeof aRule>[1]): readonly object[] => {
    const person = aPerson({ city: 'Perth', otherMails: ['a@example.com', 'b@example.com'] });
    return explainField(aRule('note', rule), person, aConfig(), aContext()).steps;
  };

  it.each<[string, Parameters<typeof aRule>[1], object]>([
    ['a constant', { constant: 'Staff' }, { what: 'constant', output: 'Staff' }],
    ['a default', { default: 'None' }, { what: 'default', output: 'None' }],
    ['a template', { template: 'in {city}' }, { what: 'template in {city}', output: 'in Perth' }],
    [
      'several values',
      { from: 'otherMails' },
      { what: 'from otherMails', output: ['a@example.com', 'b@example.com'], state: 'set' },
    ],
  ])('name %s', (_name, rule, step) => {
    expect(stepsOf(rule)[0]).toStrictEqual(step);
  });

  it('name a transform without a limit where it has kept to it', () => {
    expect(stepsOf({ from: 'city', transform: [{ name: 'upper' }] })[1]).toStrictEqual({
      what: 'transform upper',
      input: 'Perth',
      output: 'PERTH',
    });
  });

  it('say two comparisons in one sentence', () => {
    expect(filterWords({ attribute: 'employeeId', startsWith: 'A', endsWith: 'Z' })).toBe(
      'employeeId starts with "A" and ends with "Z"',
    );
  });
});
