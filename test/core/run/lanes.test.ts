import fc from 'fast-check';
import { RowConflict } from '../../../src/core/ports.ts';
import {
  batchesOf,
  findLane,
  hasLaneEnded,
  haveLanesEnded,
  laneCount,
  laneMessage,
  openLanes,
  readLanes,
  replaceLane,
  type Lane,
} from '../../../src/core/run/lanes.ts';
import { anEngine, aRun, messagesOf, type TestEngine } from '../../support/run.ts';

function aLane(changes: Partial<Lane> = {}): Lane {
  return { wave: 0, index: 0, cursor: 0, attempts: 0, waitedMs: 0, calls: { graph: 0, messagemedia: 0 }, ...changes };
}

/** Moves a lane's cursor as its worker would. */
async function move(engine: TestEngine, runId: string, wave: number, index: number, cursor: number): Promise<void> {
  const held = await findLane(engine, runId, wave, index);
  if (held === undefined) throw new Error('There is no such lane.');
  await replaceLane(engine, runId, held, { ...held.lane, cursor });
}

const cursorsOf = (lanes: readonly Lane[]): number[] => lanes.map(({ cursor }) => cursor);

describe('batchesOf', () => {
  const run = aRun({ batchCount: 3, waves: { '2': [0, 2] } });

  it.each([
    ['all of them for planning', 0, [0, 1, 2]],
    ['those of the wave', 2, [0, 2]],
    ['none for a wave without work', 1, []],
  ])('is %s', (_name, wave, batches) => {
    expect(batchesOf(run, wave)).toEqual(batches);
  });
});

describe('laneCount', () => {
  it.each([
    [4, 10, 4],
    [4, 3, 3],
    [4, 0, 0],
  ])('of %d lanes and %d batches is %d', (lanes, batchCount, count) => {
    expect(laneCount(aRun({ lanes, batchCount }), 0)).toBe(count);
  });
});

describe('hasLaneEnded', () => {
  it.each([
    [2, false],
    [3, true],
    [6, true],
  ])('at cursor %d of 3 batches: %j', (cursor, hasEnded) => {
    expect(hasLaneEnded(aRun({ batchCount: 3 }), aLane({ cursor }))).toBe(hasEnded);
  });
});

describe('the lanes of a wave', () => {
  it('own every batch exactly once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(40), (lanes, batchCount) => {
        const run = aRun({ lanes, batchCount });

        const owned: number[] = [];
        for (let index = 0; index < laneCount(run, 0); index += 1)
          for (let cursor = index; !hasLaneEnded(run, aLane({ cursor })); cursor += run.lanes) owned.push(cursor);

        expect(owned.toSorted((a, b) => a - b)).toEqual(batchesOf(run, 0));
      }),
    );
  });
});

describe('laneMessage', () => {
  it('is a reference and nothing else', () => {
    const lane = aLane({ wave: 2, index: 1, cursor: 5, claim: { nonce: 'nonce-1', until: 9 } });

    expect(laneMessage(aRun({ runId: 'r1' }), lane)).toEqual({
      v: 1,
      runId: 'r1',
      lane: { wave: 2, index: 1, cursor: 5 },
    });
  });

  it('names the claim that it waited for', () => {
    expect(laneMessage(aRun(), aLane(), 'nonce-1').waitedFor).toBe('nonce-1');
  });
});

describe('openLanes', () => {
  const run = aRun({ runId: 'r1', lanes: 2, batchCount: 3, waves: { '2': [1] } });

  it('makes the lanes of the wave and sends each its message', async () => {
    const engine = anEngine();

    await openLanes(engine, run, 0);

    expect(await readLanes(engine, run, 0)).toEqual([aLane(), aLane({ index: 1, cursor: 1 })]);
    expect(messagesOf(engine, 'sync-batches')).toEqual([
      { v: 1, runId: 'r1', lane: { wave: 0, index: 0, cursor: 0 } },
      { v: 1, runId: 'r1', lane: { wave: 0, index: 1, cursor: 1 } },
    ]);
  });

  it('makes no lane that would have nothing to do', async () => {
    const engine = anEngine();

    await openLanes(engine, run, 2);
    await openLanes(engine, run, 1);

    expect(engine.tables.rows('parts').map(({ key }) => key)).toEqual(['lane-2-0']);
    expect(messagesOf(engine, 'sync-batches')).toHaveLength(1);
  });

  it('leaves lanes where they are when it is repeated, and calls those that have not ended', async () => {
    const engine = anEngine();
    await openLanes(engine, run, 0);
    await move(engine, 'r1', 0, 0, 2);
    await move(engine, 'r1', 0, 1, 3);
    const before = messagesOf(engine, 'sync-batches').length;

    await openLanes(engine, run, 0);

    expect(cursorsOf(await readLanes(engine, run, 0))).toEqual([2, 3]);
    expect(messagesOf(engine, 'sync-batches').slice(before)).toEqual([
      { v: 1, runId: 'r1', lane: { wave: 0, index: 0, cursor: 2 } },
    ]);
  });

  it.each([
    ['before its row', 'before parts.write'],
    ['between row and message', 'after parts.write'],
    ['before its message', 'before sync-batches.send'],
  ])('makes good for a crash %s', async (_name, effect) => {
    let crashes = 1;
    const engine = anEngine({
      onEffect: (reached) => {
        if (reached === effect && crashes-- > 0) throw new Error('crash');
      },
    });
    await expect(openLanes(engine, run, 0)).rejects.toThrow('crash');

    await openLanes(engine, run, 0);

    expect(cursorsOf(await readLanes(engine, run, 0))).toEqual([0, 1]);
    expect(messagesOf(engine, 'sync-batches').map(({ lane }) => lane?.index)).toEqual([0, 1]);
  });

  it('passes on what goes wrong with the tables', async () => {
    const engine = anEngine({ onEffect: () => Promise.reject(new Error('The table is away.')) });

    await expect(openLanes(engine, run, 0)).rejects.toThrow('away');
  });

  it('calls a lane that vanished after its insert was refused from its start', async () => {
    const engine = anEngine();
    const parts = {
      ...engine.tables.parts,
      get: () => Promise.resolve(undefined),
      write: () => Promise.reject(new RowConflict('lane-2-0')),
    };

    await openLanes({ ...engine, tables: { ...engine.tables, parts } }, run, 2);

    expect(messagesOf(engine, 'sync-batches').map(({ lane }) => lane?.cursor)).toEqual([0]);
  });
});

describe('replaceLane', () => {
  it('lets only one of two workers change a lane', async () => {
    const engine = anEngine();
    await openLanes(engine, aRun({ runId: 'r1', batchCount: 1 }), 0);
    const read = await findLane(engine, 'r1', 0, 0);
    if (read === undefined) throw new Error('There is no lane.');

    const won = await replaceLane(engine, 'r1', read, { ...read.lane, claim: { nonce: 'a', until: 1 } });

    await expect(replaceLane(engine, 'r1', read, read.lane)).rejects.toThrow(RowConflict);
    expect(await findLane(engine, 'r1', 0, 0)).toEqual(won);
  });
});

describe('findLane', () => {
  it('finds none before the wave is opened', async () => {
    expect(await findLane(anEngine(), 'r1', 0, 0)).toBeUndefined();
  });
});

describe('haveLanesEnded', () => {
  const run = aRun({ runId: 'r1', lanes: 2, batchCount: 2, waves: { '2': [0, 1] } });

  it('is true of a wave without batches', async () => {
    expect(await haveLanesEnded(anEngine(), run, 1)).toBe(true);
  });

  it('is false as long as a lane was not made', async () => {
    const engine = anEngine();
    await openLanes(engine, { ...run, waves: { '2': [0] } }, 2);
    await move(engine, 'r1', 2, 0, 2);

    expect(await haveLanesEnded(engine, run, 2)).toBe(false);
  });

  it('is true when every lane reached its end, and not before', async () => {
    const engine = anEngine();
    await openLanes(engine, run, 2);

    await move(engine, 'r1', 2, 0, 2);
    const early = await haveLanesEnded(engine, run, 2);
    await move(engine, 'r1', 2, 1, 3);

    expect(early).toBe(false);
    expect(await haveLanesEnded(engine, run, 2)).toBe(true);
  });

  it('does not take the end of planning for the end of applying', async () => {
    const engine = anEngine();
    await openLanes(engine, run, 0);
    await move(engine, 'r1', 0, 0, 2);
    await move(engine, 'r1', 0, 1, 3);

    expect(await haveLanesEnded(engine, run, 0)).toBe(true);
    expect(await haveLanesEnded(engine, run, 2)).toBe(false);
  });
});
