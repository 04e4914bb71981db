import type { AttributeValue } from '../../../src/core/people/person.ts';
import { valueState, type ValueState } from '../../../src/core/people/value-state.ts';

describe('valueState', () => {
  it.each<[AttributeValue | undefined, 'null' | 'unknown', ValueState]>([
    [undefined, 'null', 'never-set'],
    [undefined, 'unknown', 'omitted'],
    [null, 'null', 'unset'],
    [null, 'unknown', 'unset'],
    ['', 'null', 'empty'],
    [' \u00a0', 'unknown', 'empty'],
    [[], 'null', 'empty'],
    [[null, ' '], 'null', 'empty'],
    [{}, 'null', 'empty'],
    ['x', 'null', 'set'],
    [false, 'unknown', 'set'],
    [0, 'null', 'set'],
    [['', 'x'], 'null', 'set'],
  ])('calls %j (%s) %s', (value, missing, state) => {
    expect(valueState(value, missing)).toBe(state);
  });
});
