import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { startAzurite, type Azurite } from '../../local/azurite.ts';
import { createTables } from '../../src/adapters/storage/table-store.ts';

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function answers({ blobUrl, queueUrl, tableUrl }: Azurite): Promise<string[]> {
  const responses = await Promise.all([blobUrl, queueUrl, tableUrl].map((url) => fetch(`${url}?comp=list`)));
  return responses.map(({ headers }) => String(headers.get('server')?.split('/')[0]));
}

describe('startAzurite', () => {
  it('starts as many as are asked for, each with blobs, queues and tables that answer', async () => {
    const [one, two] = await Promise.all([startAzurite(), startAzurite()]);

    expect(await answers(one)).toEqual(['Azurite-Blob', 'Azurite-Queue', 'Azurite-Table']);
    expect(await answers(two)).toEqual(['Azurite-Blob', 'Azurite-Queue', 'Azurite-Table']);
    expect(one.connectionString).not.toBe(two.connectionString);

    await Promise.all([one.stop(), two.stop()]);
  }, 120_000);

  it('ends its process, and does not mind being stopped twice', async () => {
    const azurite = await startAzurite();

    await azurite.stop();
    await azurite.stop();

    expect(isRunning(Number(azurite.pid))).toBe(false);
  }, 120_000);

  it('keeps what was written in its folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'azurite-'));
    const first = await startAzurite({ folder });
    const tables = createTables({ connectionString: first.connectionString });
    await tables.ensure();
    await tables.state.write('p', [{ kind: 'insert', row: { key: 'kept', body: 1 } }]);
    await first.stop();

    const second = await startAzurite({ folder });
    const kept = await createTables({ connectionString: second.connectionString }).state.get('p', 'kept');

    expect(kept?.body).toBe(1);
    await second.stop();
    await rm(folder, { recursive: true });
  }, 120_000);

  it('does not outlive a parent that is killed', async () => {
    const script = `import('./local/azurite.ts').then(async ({ startAzurite }) => console.log((await startAzurite()).pid) ?? setInterval(() => {}, 1000))`;
    const parent = spawn(process.execPath, ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = await new Promise<number>((resolve) =>
      parent.stdout.once('data', (printed: Buffer) => resolve(Number(printed))),
    );
    const ranBefore = isRunning(pid);

    parent.kill('SIGKILL');
    for (let tries = 0; tries < 100 && isRunning(pid); tries++) await delay(100);

    expect([ranBefore, isRunning(pid)]).toEqual([true, false]);
  }, 120_000);

  it('says what Azurite printed when it cannot start', async () => {
    await expect(startAzurite({ folder: '/dev/null/not-a-folder' })).rejects.toThrow(
      /ended with code 1 before it listened.*not-a-folder/s,
    );
  }, 120_000);
});
