import { globSync, readFileSync } from 'node:fs';

const MARKS = globSync('src/**/*.ts').flatMap((file) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.includes('Stryker'))
    .map((line) => [file, line.trim()] as const),
);

describe('a mutant that no test can notice', () => {
  it.each(MARKS)('is of the pure code, one line, and has its reason: %s %s', (file, mark) => {
    expect(file).toMatch(/^src\/core\/(people|plan)\//);
    expect(mark).toMatch(/^\/\/ Stryker disable next-line [A-Z][A-Za-z,]+: \w.{10,}$/);
  });
});
