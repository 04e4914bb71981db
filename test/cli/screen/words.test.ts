import { counted, grouped, listed, percent, shown } from '../../../src/cli/screen/words.ts';

describe('words', () => {
  it.each([
    [0, '0 people'],
    [1, '1 person'],
    [12_000, '12,000 people'],
  ])('counts %d', (number, text) => {
    expect(counted(number, 'person', 'people')).toBe(text);
  });

  it('makes a plural of one word', () => {
    expect([counted(1, 'record'), counted(2, 'record'), grouped(1_234_567)]).toEqual([
      '1 record',
      '2 records',
      '1,234,567',
    ]);
  });

  it.each([
    [[], ''],
    [['a'], 'a'],
    [['a', 'b'], 'a and b'],
    [['a', 'b', 'c'], 'a, b and c'],
  ])('lists %j', (words, text) => {
    expect(listed(words)).toBe(text);
  });

  it.each([
    [11, 100, '11 %'],
    [0, 100, '0 %'],
    [1, 1000, 'less than 1 %'],
    [999, 1000, 'more than 99 %'],
    [5, 5, '100 %'],
  ])('gives the share of %d in %d', (part, whole, text) => {
    expect(percent(part, whole)).toBe(text);
  });

  it.each([
    ['text', 'text'],
    [undefined, '–'],
    [['a', 1], '["a",1]'],
    [false, 'false'],
  ])('shows %j in one line', (value, text) => {
    expect(shown(value)).toBe(text);
  });
});
