import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { startHostProcess, type HostProcess } from '../../local/functions-host/host-process.ts';
import { createApiClient } from '../../local/stack/api-client.ts';
import { localAppSettings } from '../../local/stack/app-settings.ts';
import { startSurroundings, type Surroundings } from '../../local/stack/surroundings.ts';
import { sampleDirectory } from '../../local/entra-graph/sample-directory.ts';
import { zipArchive } from '../../scripts/package/zip-archive.ts';
import { runScript } from './run-script.ts';

const FILES = ['host.json', 'main.js', 'main.js.map', 'package.json', 'sync.config.json'];

/** The files of an archive, read as an unpacker does: from the directory at its end. */
function unzip(archive: Buffer): ReadonlyMap<string, Buffer> {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  const files = new Map<string, Buffer>();
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    const nameLength = archive.readUInt16LE(at + 28);
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength);
    const local = archive.readUInt32LE(at + 42);
    const data = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    files.set(name, inflateRawSync(archive.subarray(data, data + archive.readUInt32LE(at + 20))));
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return files;
}

const hashOf = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');

describe('zipArchive', () => {
  it('holds every file as it is, whatever the order it was given in', () => {
    const files = [
      { name: 'b.txt', content: Buffer.from('ä'.repeat(5000)) },
      { name: 'a/empty', content: Buffer.alloc(0) },
    ];

    const archive = zipArchive(files);

    expect([...unzip(archive)].map(([name, content]) => [name, content.toString()])).toEqual([
      ['a/empty', ''],
      ['b.txt', 'ä'.repeat(5000)],
    ]);
    expect(zipArchive(files.toReversed()).equals(archive)).toBe(true);
  });
});

describe('npm run package', () => {
  let folder: string;
  let first: Awaited<ReturnType<typeof pack>>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'package-'));
    first = await pack('one', await build('one'));
  }, 60_000);

  afterAll(() => rmSync(folder, { recursive: true }));

  /** Answers the path of a bundle that was just made from the sources. */
  async function build(name: string): Promise<string> {
    const bundle = join(folder, name, 'main.js');
    const { code, stderr } = await runScript('scripts/build.ts', ['--outfile', bundle], process.env);
    expect([code, stderr]).toEqual([0, '']);
    return bundle;
  }

  async function pack(name: string, bundle: string, args: readonly string[] = []) {
    const paths = { folder: join(folder, name, 'package'), zip: join(folder, name, 'app.zip') };
    const packed = await runScript(
      'scripts/package.ts',
      ['--bundle', bundle, '--folder', paths.folder, '--zip', paths.zip, ...args],
      process.env,
    );
    return { packed, bundle, ...paths };
  }

  it('makes the same bytes of the same sources, and says how many', async () => {
    const second = await pack('two', await build('two'));

    expect([first.packed.code, first.packed.stderr]).toEqual([0, '']);
    expect(hashOf(first.zip)).toBe(hashOf(second.zip));
    expect(first.packed.stdout).toContain(`${Math.ceil(statSync(first.zip).size / 1024)} kB`);
    expect(statSync(first.zip).size).toBeLessThan(3 * 1024 * 1024);
  });

  it('packs the bundle, host.json, the configuration and a package.json that installs nothing', () => {
    const { folder: app, zip } = first;

    const packageJson = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8')) as Record<string, unknown>;
    expect(readdirSync(app).toSorted()).toEqual(FILES);
    expect([...unzip(readFileSync(zip))].map(([name]) => name)).toEqual(FILES);
    expect(
      unzip(readFileSync(zip))
        .get('main.js')
        ?.equals(readFileSync(join(app, 'main.js'))),
    ).toBe(true);
    expect(packageJson).toMatchObject({ main: 'main.js', private: true });
    expect(Object.keys(packageJson).filter((key) => /dependencies|scripts/i.test(key))).toEqual([]);
    expect(readFileSync(join(app, 'host.json'), 'utf8')).toBe(readFileSync('host.json', 'utf8'));
  });

  it('leaves nothing of an earlier package', async () => {
    writeFileSync(join(first.folder, 'local.settings.json'), '{}');

    await pack('one', first.bundle);

    expect(readdirSync(first.folder).toSorted()).toEqual(FILES);
  });

  it('refuses a configuration that the app would refuse, with its place', async () => {
    const config = join(folder, 'wrong.jsonc');
    writeFileSync(config, '{\n  "sync": { "schedule": "whenever", "mapping": { "mobilePhone": "phone_number" } }\n}');

    const { packed, zip } = await pack('wrong', first.bundle, ['--config', config]);

    expect(packed.code).toBe(1);
    expect(packed.stderr).toContain('wrong.jsonc:2:');
    expect(existsSync(zip)).toBe(false);
  });

  it('asks for the bundle when there is none', async () => {
    const { code, stderr } = await runScript('scripts/package.ts', ['--bundle', join(folder, 'none.js')], process.env);

    expect(code).toBe(1);
    expect(stderr).toContain('npm run build');
  });

  describe('the packaged folder, far from any node_modules', () => {
    let surroundings: Surroundings;
    let host: HostProcess;

    beforeAll(async () => {
      const { folder: app } = first;
      surroundings = await startSurroundings({ users: sampleDirectory({ size: 40 }) });
      const { azurite, neighbours } = surroundings;
      const settings = localAppSettings(neighbours.addresses, azurite.connectionString, { file: 'sync.config.json' });
      host = await startHostProcess({
        appFolder: app,
        settings: { ...settings, AzureWebJobsScriptRoot: app },
        localSettings: false,
        timers: 'manual',
      });
    }, 120_000);

    afterAll(async () => {
      await host?.stop();
      await surroundings?.stop();
    });

    it('runs with its own configuration, and holds the first plan until it is approved', async () => {
      const api = createApiClient(() => ({ baseUrl: `${host.origin}/api`, key: host.keys.host }));

      const run = await api.run({ mode: 'full' });

      expect(run.state).toBe('held');
      expect(run.holds.map(({ rule }) => rule)).toEqual(['first-run']);
      expect(run.counts['held']).toBeGreaterThan(5);
      expect(surroundings.neighbours.messageMedia.account.snapshot().contacts).toHaveLength(0);

      await api.approve(run.runId, run.planHash!);
      const [approval] = await api.listRuns();
      const applied = await api.waitForRun(approval!.runId);

      expect(applied.state).toBe('completed');
      expect(applied.counts['created']).toBe(run.counts['held']);
    }, 60_000);
  });
});
