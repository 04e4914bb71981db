import fc from 'fast-check';
import { RowConflict } from '../../../src/core/ports.ts';
import {
  changeRun,
  fetchRun,
  findRun,
  insertRun,
  ordinal,
  recentRuns,
  replaceRun,
  RUN_PREFIX,
} from '../../../src/core/run/run-rows.ts';
import type { RunRow } from '../../../src/core/run/run-row.ts';
import { RUN_START } from '../../support/plan.ts';
import { anEngine, aRun } from '../../support/run.ts';

describe('ordinal', () => {
  it('sorts as numbers do', () => {
    fc.assert(
      fc.property(fc.nat(999_999), fc.nat(999_999), (a, b) => {
        expect(ordinal(a) < ordinal(b)).toBe(a < b);
      }),
    );
  });
});

describe('insertRun', () => {
  it('stores the run, with what can be seen without reading it whole', async () => {
    const engine = anEngine();
    const run = aRun({ phase: 'plan', state: 'running' });

    await insertRun(engine, run);

    expect((await fetchRun(engine, run.runId)).run).toEqual(run);
    expect(engine.tables.rows('runs')).toMatchObject([
      { partition: 'default', facets: { state: 'running', phase: 'plan', createdAt: RUN_START } },
    ]);
  });

  it('never overwrites a run', async () => {
    const engine = anEngine();
    await insertRun(engine, aRun());

    await expect(insertRun(engine, aRun({ phase: 'ended' }))).rejects.toThrow(RowConflict);
  });
});

describe('fetchRun', () => {
  it('says when there is no such run', async () => {
    const engine = anEngine();

    await expect(fetchRun(engine, 'r1')).rejects.toMatchObject({ code: 'run-not-found' });
    expect(await findRun(engine, 'r1')).toBeUndefined();
  });
});

describe('replaceRun', () => {
  it('lets only one of two writers win', async () => {
    const engine = anEngine();
    await insertRun(engine, aRun());
    const read = await fetchRun(engine, aRun().runId);

    const won = await replaceRun(engine, read, { closeCursor: 1 });

    await expect(replaceRun(engine, read, { closeCursor: 2 })).rejects.toThrow(RowConflict);
    expect(await fetchRun(engine, aRun().runId)).toEqual(won);
  });
});

describe('changeRun', () => {
  /** An engine in which somebody else changes the run right before each of the first writes. */
  async function contested(conflicts: number): Promise<{ engine: ReturnType<typeof anEngine>; runId: string }> {
    let left = 0;
    const engine = anEngine({
      onEffect: async (effect) => {
        if (effect !== 'before runs.write' || left-- <= 0) return;
        const remaining = left;
        left = 0;
        const held = await fetchRun(engine, runId);
        await replaceRun(engine, held, { waitedMs: held.run.waitedMs + 1 });
        left = remaining;
      },
    });
    const { runId } = aRun();
    await insertRun(engine, aRun());
    left = conflicts;
    return { engine, runId };
  }
  const raise = (run: RunRow): Partial<RunRow> => ({ closeCursor: run.closeCursor + 1 });

  it('changes what stands, whoever else writes', async () => {
    const { engine, runId } = await contested(5);

    const run = await changeRun(engine, runId, raise);

    expect(run).toMatchObject({ closeCursor: 1, waitedMs: 5 });
    expect((await fetchRun(engine, runId)).run).toEqual(run);
  });

  it('gives up in the end', async () => {
    const { engine, runId } = await contested(1_000);

    await expect(changeRun(engine, runId, raise)).rejects.toThrow(RowConflict);
  });

  it('leaves the run as it is when there is nothing to change', async () => {
    const { engine, runId } = await contested(0);
    const before = await fetchRun(engine, runId);

    expect(await changeRun(engine, runId, () => undefined)).toEqual(before.run);
    expect(await fetchRun(engine, runId)).toEqual(before);
  });

  it('passes on what goes wrong with the tables', async () => {
    let isAway = false;
    const engine = anEngine({
      onEffect: () => {
        if (isAway) throw new Error('The table is away.');
      },
    });
    await insertRun(engine, aRun());

    await expect(
      changeRun(engine, aRun().runId, (run) => {
        isAway = true;
        return raise(run);
      }),
    ).rejects.toThrow('away');
  });
});

describe('recentRuns', () => {
  it('walks over all runs in key order, from the beginning or from behind one', async () => {
    const engine = anEngine();
    const ids = Array.from({ length: 205 }, (_, index) => `${RUN_PREFIX}${ordinal(index)}`);
    for (const runId of ids.toReversed()) await insertRun(engine, aRun({ runId }));
    const walk = async (after?: string): Promise<string[]> => {
      const seen: string[] = [];
      for await (const run of recentRuns(engine, after)) seen.push(run.runId);
      return seen;
    };

    expect(await walk()).toEqual(ids);
    expect(await walk(ids[150])).toEqual(ids.slice(151));
  });
});
