import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Built {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly outfile: string;
}

const folders: string[] = [];

function build(files: Readonly<Record<string, string>>): Built {
  const folder = mkdtempSync(join(tmpdir(), 'build-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const outfile = join(folder, 'main.js');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['scripts/build.ts', '--entry', join(folder, 'entry.ts'), '--outfile', outfile],
    { encoding: 'utf8' },
  );
  return { status, stdout, stderr, outfile };
}

describe('scripts/build.ts', () => {
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

  it('bundles to CommonJS, keeps names and loads a dynamic import when it is called', async () => {
    const built = build({
      'log.ts': `export const log = ['start'];`,
      'later.ts': `import { log } from './log.ts'; log.push('later');`,
      'entry.ts': `
        export { log } from './log.ts';
        export class PlainError extends Error {}
        export const load = () => import('./later.ts');`,
    });
    const app = createRequire(built.outfile)(built.outfile) as {
      readonly log: string[];
      readonly PlainError: { readonly name: string };
      load(): Promise<unknown>;
    };
    const before = [...app.log];

    await app.load();

    expect(built).toMatchObject({ status: 0, stderr: '' });
    expect(built.stdout).toMatch(/main\.js: \d+ kB in \d+ ms\n$/);
    expect([before, app.log]).toEqual([['start'], ['start', 'later']]);
    expect(app.PlainError.name).toBe('PlainError');
    expect(readFileSync(built.outfile, 'utf8')).toMatch(/sourceMappingURL=main\.js\.map\n$/);
  });

  it('leaves the module that only the worker has to the worker', () => {
    const built = build({ 'entry.ts': `export const core = () => require('@azure/functions-core');` });

    expect(built.status).toBe(0);
    expect(readFileSync(built.outfile, 'utf8')).toContain('require("@azure/functions-core")');
  });

  it.each([
    ['an error', `import './nowhere.ts';`, 'Could not resolve'],
    ['a mere warning', `export const twice = { key: 1, key: 2 };`, 'Duplicate key'],
  ])('fails on %s', (_, entry, message) => {
    const built = build({ 'entry.ts': entry });

    expect(built.status).toBe(1);
    expect(built.stderr).toContain(message);
  });
});
