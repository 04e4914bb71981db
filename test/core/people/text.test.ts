import fc from 'fast-check';
import type { AttributeValue } from '../../../src/core/people/person.ts';
import { collapseBlanks, foldText, narrowWidth, scalarsOf, textOf, tidyText } from '../../../src/core/people/text.ts';

describe('scalarsOf', () => {
  it.each<[string, AttributeValue | undefined, readonly unknown[]]>([
    ['an attribute that was not mentioned', undefined, []],
    ['null', null, []],
    ['blank text', ' \u00a0', []],
    ['text', 'Sales', ['Sales']],
    ['false', false, [false]],
    ['zero', 0, [0]],
    ['a collection', ['', 'a', null, 'b'], ['a', 'b']],
    ['an object', { costCenter: '42' }, []],
    ['a collection of objects', [{ issuer: 'example.com' }], []],
  ])('reads %s', (_name, value, expected) => {
    expect(scalarsOf(value)).toEqual(expected);
  });
});

describe('textOf', () => {
  it.each<[AttributeValue | undefined, string]>([
    [undefined, ''],
    [{ costCenter: '42' }, ''],
    ['  Sales\u00a0', 'Sales'],
    ['Zoe\u0308', 'Zo\u00eb'],
    [true, 'true'],
    [42, '42'],
    [[' ', 'first@example.com', 'second@example.com'], 'first@example.com'],
  ])('reads %j as "%s"', (value, expected) => {
    expect(textOf(value)).toBe(expected);
  });
});

describe('foldText', () => {
  it.each([
    ['Sales', ' sALES\u00a0'],
    ['Zo\u00eb', 'ZOE\u0308'],
    ['\u01f0', 'J\u030c'],
    ['ΟΔΟΣ', 'οδος'],
  ])('makes one of "%s" and "%s"', (one, other) => {
    expect(foldText(one)).toBe(foldText(other));
  });

  it('changes nothing the second time, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(foldText(foldText(text))).toBe(foldText(text));
      }),
    );
  });
});

describe('tidyText', () => {
  it('composes and trims, and leaves what is inside alone', () => {
    expect(tidyText(' \u200fZoe\u0308  Example ')).toBe('\u200fZo\u00eb  Example');
  });
});

describe('collapseBlanks', () => {
  it('turns every run of blanks into one space', () => {
    expect(collapseBlanks('a \t\u00a0b\nc')).toBe('a b c');
  });
});

describe('narrowWidth', () => {
  it('turns full-width signs into ASCII and leaves others alone', () => {
    expect(narrowWidth('＋６１（４）ｘ é')).toBe('+61(4)x é');
  });
});
