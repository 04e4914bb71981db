import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

describe('the bundle of the command line', () => {
  it('is built without a word, and runs where there are no packages', () => {
    const folder = mkdtempSync(join(tmpdir(), 'cli-bundle-'));
    const bundle = join(folder, 'sync.js');
    copyFileSync('sync.config.sample.jsonc', join(folder, 'sync.config.json'));

    const built = spawnSync(
      process.execPath,
      ['scripts/build.ts', '--entry', 'src/cli/main.ts', '--outfile', bundle, '--quiet'],
      { encoding: 'utf8' },
    );
    const ran = spawnSync(process.execPath, [bundle, '--no-color', 'validate'], { cwd: folder, encoding: 'utf8' });
    rmSync(folder, { recursive: true });

    expect(built).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(ran.stdout).toContain('sync.config.json is valid.');
  });
});
