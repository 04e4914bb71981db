import { stripVTControlCharacters } from 'node:util';
import { createLook, marked, tableLines, wrapped } from '../../../src/cli/screen/look.ts';

const PLAIN = createLook(false, 80);
const COLUMNS = [{ title: 'Name' }, { title: 'Count', align: 'right' }, { title: 'Words', fills: true }] as const;

describe('tableLines', () => {
  it('lines columns up, numbers to the right, without ends of blanks', () => {
    const lines = tableLines(
      COLUMNS,
      [
        ['Sales', '1', 'a'],
        ['Support', '12', 'b'],
      ],
      PLAIN,
    );

    expect(lines).toEqual(['  Name     Count  Words', '  Sales        1  a', '  Support     12  b']);
  });

  it('breaks the column that fills between words, and stays within the width', () => {
    const lines = tableLines(COLUMNS, [['Sales', '1', 'word '.repeat(40).trim()]], PLAIN);

    expect(lines.length).toBeGreaterThan(3);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.join(' ').match(/word/g)).toHaveLength(40);
  });

  it('has no head when no column has a title', () => {
    expect(tableLines([{ title: '' }, { title: '' }], [['a', 'b']], PLAIN)).toEqual(['  a  b']);
  });

  it('lines up with colours as without', () => {
    const look = createLook(true, 80);

    const lines = tableLines(
      [{ title: '' }, { title: '' }],
      [
        [look.paint.red('✖'), 'a'],
        ['long', 'b'],
      ],
      look,
    );

    expect(lines[0]).not.toBe(stripVTControlCharacters(lines[0]!));
    expect(lines.map(stripVTControlCharacters)).toEqual(['  ✖     a', '  long  b']);
  });

  it('lines up names of wide characters', () => {
    const [first = '', second = ''] = tableLines(
      [{ title: '' }, { title: '' }],
      [
        ['営業部', 'a'],
        ['Sales1', 'b'],
      ],
      PLAIN,
    );

    // Three characters of double width take as much room as six.
    expect([first.indexOf('a'), second.indexOf('b')]).toEqual([7, 10]);
  });
});

describe('wrapped', () => {
  it('breaks between words, every line indented', () => {
    const lines = wrapped('one two three four five six', { width: 24 }, 4);

    expect(lines).toEqual(['    one two three four', '    five six']);
  });

  it('leaves a word whole that is longer than the line', () => {
    expect(wrapped(`a ${'x'.repeat(40)}`, { width: 24 }, 2)).toEqual(['  a', `  ${'x'.repeat(40)}`]);
  });
});

describe('marked', () => {
  it('puts a mark before the first line only', () => {
    expect(marked('▲', 'one two three four five six', { width: 22 })).toEqual(['▲ one two three four', '  five six']);
  });
});
