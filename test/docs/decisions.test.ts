import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { codesIn, readText, sectionOf, tableRows } from './markdown.ts';

const RECORDS = globSync('docs/adr/0*.md', { cwd: process.cwd() }).toSorted();

/** Given with the task, and so without a row that argues for them. */
const GIVEN = [
  '@azure/data-tables',
  '@azure/functions',
  '@azure/identity',
  '@azure/keyvault-secrets',
  '@azure/storage-queue',
  '@microsoft/microsoft-graph-client',
  'jest',
  'typescript',
  'zod',
];

interface PackageJson {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

describe('docs/adr', () => {
  it('is numbered without a gap', () => {
    const numbers = RECORDS.map((path) => Number(basename(path).slice(0, 4)));

    expect(numbers.length).toBeGreaterThan(10);
    expect(numbers).toEqual(numbers.map((_number, index) => index + 1));
  });

  it.each(RECORDS.map((path) => [path]))('gives number, status, context, decision and consequences: %s', (path) => {
    const text = readText(path);
    const parts = ['Context', 'Decision', 'Consequences'].map((heading) => sectionOf(text, heading).trim());

    expect(text).toMatch(new RegExp(`^# ${Number(basename(path).slice(0, 4))}\\. `));
    expect(text).toContain('\nStatus: ');
    expect(parts.filter((part) => part.length < 80)).toEqual([]);
  });

  it.each(RECORDS.map((path) => [path]))('fits on a page: %s', (path) => {
    expect(readText(path).split(/\s+/).length).toBeLessThan(900);
  });

  it('lists every record by its title', () => {
    const rows = tableRows(readText('docs/adr/README.md'));

    const titles = RECORDS.map((path) => {
      const [, number, title] = /^# (\d+)\. (.*)$/m.exec(readText(path))!;
      return [`[${number}](${basename(path)})`, title];
    });

    expect(rows).toEqual(titles);
  });
});

describe('docs/adr/0015-packages.md', () => {
  it('argues for every package that was not given, and for no other', () => {
    const { dependencies, devDependencies } = JSON.parse(readText('package.json')) as PackageJson;
    const used = Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !GIVEN.includes(name));

    const argued = tableRows(sectionOf(readText('docs/adr/0015-packages.md'), 'Decision')).flatMap((row) =>
      codesIn(row[0]),
    );

    expect(argued.toSorted()).toEqual(used.toSorted());
  });
});
