import { blocksOf, readText, sectionOf, tableRows } from './markdown.ts';

const readme = readText('README.md');
const { scripts } = JSON.parse(readText('package.json')) as { readonly scripts: Readonly<Record<string, string>> };

describe('README.md', () => {
  it.each(['npm ci && npm run demo', 'npm ci && npm test'])('gives the command on one line: %s', (command) => {
    const lines = blocksOf(readme).flatMap(({ body }) => body.split('\n'));

    expect(lines).toContain(command);
  });

  it('publishes the sample that everything is tried with', () => {
    const sample = blocksOf(readme).find(({ language }) => language === 'json');

    expect(JSON.parse(sample!.body)).toEqual({
      sync: {
        direction: 'one-way',
        source: 'entra-id',
        target: 'messagemedia',
        schedule: '0 6 * * *',
        mapping: { displayName: 'contact_name', mobilePhone: 'phone_number', mail: 'email', department: 'group' },
        filters: { department: ['Sales', 'Support'], accountEnabled: true },
      },
    });
  });

  it('names the permission that the directory asks for', () => {
    expect(sectionOf(readme, 'What it needs')).toContain('`User.Read.All`');
  });

  it('promises the calls that docs/performance.md promises', () => {
    const cases = (text: string, heading: string) =>
      tableRows(sectionOf(text, heading)).map(([name, graph]) => [name, graph]);

    const promised = cases(readText('docs/performance.md'), 'The call contract');

    expect(promised).toEqual(expect.arrayContaining(cases(readme, 'What it costs in calls')));
  });
});

describe('commands in the documents', () => {
  it.each(['README.md', 'CONTRIBUTING.md', 'docs/performance.md', 'SECURITY.md'])('exist: %s', (path) => {
    const named = [...readText(path).matchAll(/npm run ([a-z:-]+)/g)].map((match) => match[1]!);

    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

describe('docs/performance.md', () => {
  it('gives what was measured with its date and machine', () => {
    expect(sectionOf(readText('docs/performance.md'), 'Measured')).toMatch(/^\d{4}-\d{2}-\d{2}, .*cores.*Node 24/m);
  });
});
