import { SyncError } from '../../../src/core/errors.ts';
import { RowConflict } from '../../../src/core/ports.ts';
import type { RowChange } from '../../../src/core/ports.ts';
import type { Engine } from '../../../src/core/run/engine.ts';
import { CHANGES_A_WRITE, packWrites, raiseFence, withFence } from '../../../src/core/run/fence.ts';
import { anEngine } from '../../support/run.ts';
import type { TestEngine } from '../../support/run.ts';

const OLDER = { runId: 'r2-older', generation: 7 };
const NEWER = { runId: 'r1-newer', generation: 8 };
const CLAIM_LOST = { name: 'SyncError', code: 'claim-lost' };

function insert(key: string): RowChange {
  return { kind: 'insert', row: { key } };
}

function write(engine: Engine, ...changes: readonly RowChange[]): Promise<string[]> {
  return engine.tables.people.write('default', changes);
}

function keysOf(engine: TestEngine): readonly string[] {
  return engine.tables.rows('people').map(({ key }) => key);
}

/** The engine whose writes to the people go through `onWrite`, which does them or does not. */
function through(
  engine: TestEngine,
  onWrite: (changes: readonly RowChange[], write: () => Promise<string[]>) => Promise<string[]>,
): Engine {
  const { people } = engine.tables;
  const table = {
    ...people,
    write: (partition: string, changes: readonly RowChange[]) =>
      onWrite(changes, () => people.write(partition, changes)),
  };
  return { ...engine, tables: { ...engine.tables, people: table } };
}

describe('withFence', () => {
  it('writes as the table does, and answers the etags of what was asked for', async () => {
    const engine = anEngine();

    const etags = await write(withFence(engine, OLDER), insert('person:ada'), insert('phone:1'));

    const rows = await engine.tables.people.getMany('default', ['person:ada', 'phone:1']);
    expect([...rows.values()].map(({ etag }) => etag)).toEqual(etags);
  });

  it('refuses a row of an older run that a newer one has deleted', async () => {
    const engine = anEngine();
    const [older, newer] = [withFence(engine, OLDER), withFence(engine, NEWER)];
    await write(older, insert('person:ada'));
    await write(newer, { kind: 'delete', key: 'person:ada' });

    const late = write(older, insert('person:ada'), insert('phone:1'));

    await expect(late).rejects.toMatchObject(CLAIM_LOST);
    expect(keysOf(engine)).toEqual(['fence', 'fence:r1-newer']);
  });

  it.each<[string, RowChange]>([
    ['a put', { kind: 'put', row: { key: 'contact:1' } }],
    ['a deletion', { kind: 'delete', key: 'contact:1' }],
  ])('refuses %s that names no version, of an older run', async (_what, change) => {
    const engine = anEngine();
    await write(withFence(engine, NEWER), insert('contact:1'));
    const before = engine.tables.rows('people');

    await expect(write(withFence(engine, OLDER), change)).rejects.toMatchObject(CLAIM_LOST);

    expect(engine.tables.rows('people')).toEqual(before);
  });

  it('lets workers of one run raise the fence at the same time', async () => {
    const engine = anEngine();

    const keys = ['person:1', 'person:2', 'person:3', 'person:4'];
    await Promise.all(keys.map((key) => write(withFence(engine, OLDER), insert(key))));

    expect(keysOf(engine)).toEqual(['fence', 'fence:r2-older', ...keys]);
  });

  it('passes a conflict in another row on', async () => {
    const engine = anEngine();
    await write(engine, insert('person:ada'));

    const again = write(withFence(engine, OLDER), insert('person:ada'));

    await expect(again).rejects.toBeInstanceOf(RowConflict);
    await expect(again).rejects.toMatchObject({ key: 'person:ada' });
  });

  it('tries again when storage refuses the fence although it stands', async () => {
    const engine = anEngine();
    await raiseFence(engine, OLDER);
    let refusals = 3;
    const moody = through(engine, (changes, act) =>
      changes.length > 1 && refusals-- > 0 ? Promise.reject(new RowConflict('fence:r2-older')) : act(),
    );

    await write(withFence(moody, OLDER), insert('person:ada'));

    expect(keysOf(engine)).toContain('person:ada');
  });

  it('takes it for trouble of storage when that goes on', async () => {
    const engine = anEngine();
    await raiseFence(engine, OLDER);
    let tries = 0;
    const stubborn = through(engine, () => {
      tries += 1;
      return Promise.reject(new RowConflict('fence:r2-older'));
    });

    const written = write(withFence(stubborn, OLDER), insert('person:ada'));

    await expect(written).rejects.toMatchObject({ neighbour: 'storage', failure: 'conflict' });
    expect(tries).toBe(5);
  });
});

describe('raiseFence', () => {
  it('leaves one fence, the newest writer’s, and who has it', async () => {
    const engine = anEngine();
    await raiseFence(engine, OLDER);
    await raiseFence(engine, NEWER);
    await raiseFence(engine, NEWER);

    expect(keysOf(engine)).toEqual(['fence', 'fence:r1-newer']);
    expect((await engine.tables.people.get('default', 'fence'))?.body).toEqual(NEWER);
  });

  it('is not for a writer that a newer one has followed', async () => {
    const engine = anEngine();
    await raiseFence(engine, NEWER);

    await expect(raiseFence(engine, OLDER)).rejects.toThrow(SyncError);
    await expect(raiseFence(engine, OLDER)).rejects.toMatchObject(CLAIM_LOST);

    expect(keysOf(engine)).toEqual(['fence', 'fence:r1-newer']);
  });

  it('is not for a writer that stood still while it raised its own, either', async () => {
    const engine = anEngine();
    const late = through(engine, async (_changes, act) => {
      await raiseFence(engine, NEWER);
      return act();
    });

    await expect(raiseFence(late, OLDER)).rejects.toMatchObject(CLAIM_LOST);

    expect(keysOf(engine)).toEqual(['fence', 'fence:r1-newer']);
  });

  it('passes on what storage has to say', async () => {
    const engine = anEngine();
    const down = through(engine, () => Promise.reject(new Error('storage is down')));

    await expect(raiseFence(down, OLDER)).rejects.toThrow('storage is down');
  });
});

describe('packWrites', () => {
  const groups = (count: number, size: number): RowChange[][] =>
    Array.from({ length: count }, (_, group) => Array.from({ length: size }, (__, row) => insert(`${group}-${row}`)));

  it.each([
    [0, 3, []],
    [1, 3, [3]],
    [1, 0, [0]],
    [33, 3, [99]],
    [34, 3, [99, 3]],
    [99, 1, [99]],
    [100, 1, [99, 1]],
    [67, 3, [99, 99, 3]],
  ])('packs %d groups of %d changes whole and in order: %j', (count, size, expected) => {
    const given = groups(count, size);

    const writes = packWrites(given, (changes) => changes);

    expect(writes.map((packed) => packed.flat().length)).toEqual(expected);
    expect(writes.flat()).toEqual(given);
  });

  it('leaves room for the fence in every write', async () => {
    const engine = anEngine();
    const full = groups(1, CHANGES_A_WRITE)[0]!;

    await expect(write(withFence(engine, OLDER), ...full)).resolves.toHaveLength(CHANGES_A_WRITE);
    await expect(write(withFence(engine, OLDER), ...full, insert('one-more'))).rejects.toThrow(RangeError);
  });
});
