import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// What lint cannot see: a clock behind a constructor or a call without arguments, and globals reached sideways.
const IMPURE = /\bnew Date\(\s*\)|(?<![\w.]|new )Date\(|\bglobalThis\b|\bimport\.meta\b/;

const impureLines = (text: string): string[] => text.split('\n').filter((line) => IMPURE.test(line));

describe('src/core', () => {
  it('has no clock and reaches no globals', () => {
    const files = globSync('src/core/**/*.ts', { cwd: process.cwd() });

    const found = files.flatMap((file) =>
      impureLines(readFileSync(join(process.cwd(), file), 'utf8')).map((line) => `${file}: ${line.trim()}`),
    );

    expect(files.length).toBeGreaterThan(10);
    expect(found).toEqual([]);
  });

  it.each(['new Date()', 'const now = Date();', 'globalThis.fetch(url)'])('would be told of %s', (line) => {
    expect(impureLines(line)).toEqual([line]);
  });

  it.each(['new Date(ms)', 'parseDate(text)', 'Date.parse(text)', 'new Date(Date.UTC(2026, 0, 1))'])(
    'may say %s',
    (line) => {
      expect(impureLines(line)).toEqual([]);
    },
  );
});
