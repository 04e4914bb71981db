import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { templateChecks, writeTemplates } from '../../scripts/infra/check-templates.ts';

/** A compiler that says what it is told, notes how it was called and formats by writing capitals. */
function compiler(folder: string, says: Readonly<Record<string, { out?: string; code?: number }>>): string {
  const path = join(folder, 'bicep');
  const lines = [
    `#!${process.execPath}`,
    `const fs = require('node:fs');`,
    `const args = process.argv.slice(2);`,
    `fs.appendFileSync(${JSON.stringify(join(folder, 'calls.txt'))}, JSON.stringify({ args, env: process.env }) + '\\n');`,
    `if (args[0] === 'format') {`,
    `  for (const file of fs.globSync(args[2])) fs.writeFileSync(file, fs.readFileSync(file, 'utf8').toUpperCase());`,
    `}`,
    `const says = ${JSON.stringify(says)}[args[0]] ?? {};`,
    `process.stdout.write(says.out ?? '');`,
    `process.exit(says.code ?? 0);`,
  ];
  writeFileSync(path, lines.join('\n'));
  chmodSync(path, 0o755);
  return path;
}

describe('templateChecks', () => {
  let folder: string;
  let templates: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'templates-'));
    templates = mkdtempSync(join(folder, 'infra-'));
    writeFileSync(join(templates, 'main.bicep'), 'FORMATTED');
    writeFileSync(join(templates, 'main.bicepparam'), 'FORMATTED');
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const calls = () =>
    readFileSync(join(folder, 'calls.txt'), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { readonly args: readonly string[]; readonly env: NodeJS.ProcessEnv });
  const run = (says: Parameters<typeof compiler>[1]) =>
    templateChecks(compiler(folder, says), templates).flatMap(({ name, problems }) =>
      problems().map((problem) => `${name}: ${problem}`),
    );

  it('find nothing when the compiler is silent', () => {
    expect(run({})).toEqual([]);
    expect(calls().map(({ args }) => args[0])).toEqual([
      'build',
      'lint',
      'lint',
      'lint',
      'format',
      'format',
      'snapshot',
      'snapshot',
    ]);
  });

  it('take a mere warning for a failure, though the compiler ends with 0', () => {
    const problems = run({ lint: { out: 'main.bicep(1,1) : Warning BCP037: no such property' } });

    expect(problems).toHaveLength(3);
    expect(problems[0]).toBe('lints: main.bicep: main.bicep(1,1) : Warning BCP037: no such property');
  });

  it('take a compiler that fails without a word for a failure', () => {
    expect(run({ build: { code: 3 } })).toEqual([expect.stringMatching(/^compiles: build .* ended with 3$/)]);
  });

  it('tell what a snapshot would change', () => {
    const problems = run({ snapshot: { out: '~ properties.allowSharedKeyAccess: false => true', code: 1 } });

    expect(problems).toEqual([
      'makes what its snapshot says: main.bicepparam: ~ properties.allowSharedKeyAccess: false => true',
      'makes what its snapshot says: private.bicepparam: ~ properties.allowSharedKeyAccess: false => true',
    ]);
  });

  it('name what is not formatted, and leave it as it is', () => {
    writeFileSync(join(templates, 'main.bicep'), 'loose');

    const problems = run({});

    expect(problems).toEqual([expect.stringContaining('main.bicep is not formatted')]);
    expect(readFileSync(join(templates, 'main.bicep'), 'utf8')).toBe('loose');
  });

  it('hand the compiler an invented place and no variable of this machine', () => {
    process.env['NETWORK_ACCESS'] = 'private';

    run({});

    delete process.env['NETWORK_ACCESS'];
    const { args, env } = calls().at(-1)!;
    expect(args.join(' ')).toContain('--resource-group rg-entra-sync --location australiaeast');
    expect(env).toMatchObject({ AZURE_ENV_NAME: 'production', ALERT_MAIL: 'operations@contoso.example' });
    expect(env).not.toHaveProperty('NETWORK_ACCESS');
  });

  it('format, and write snapshots whose outputs are sorted, where that is asked for', () => {
    writeFileSync(join(templates, 'main.bicep'), 'loose');

    const written = join(templates, 'main.snapshot.json');
    writeFileSync(written, '{"predictedResources": [], "outputs": {"B": "2", "A": "1"}}');

    const problems = writeTemplates(compiler(folder, {}), templates);

    expect(problems).toEqual([expect.stringContaining('private.snapshot.json was not written')]);
    expect(Object.keys((JSON.parse(readFileSync(written, 'utf8')) as { outputs: object }).outputs)).toEqual(['A', 'B']);
    expect(readFileSync(join(templates, 'main.bicep'), 'utf8')).toBe('LOOSE');
    expect(
      calls()
        .filter(({ args }) => args[0] === 'snapshot')
        .map(({ args }) => args[3]),
    ).toEqual(['overwrite', 'overwrite']);
  });
});
