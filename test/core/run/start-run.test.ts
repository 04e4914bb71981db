import fc from 'fast-check';
import type { SyncConfig } from '../../../src/core/config/sync-config.ts';
import type { Engine } from '../../../src/core/run/engine.ts';
import { fetchRun, insertRun, recentRuns } from '../../../src/core/run/run-rows.ts';
import { fullRunReason, startRun, STARTING_MS, type RunRequest } from '../../../src/core/run/start-run.ts';
import { changeState, readState, type SyncState } from '../../../src/core/run/state-row.ts';
import { aConfig } from '../../support/people.ts';
import { RUN_START } from '../../support/plan.ts';
import { anEngine, aRun, messagesOf, type TestEngine } from '../../support/run.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const DELTA: RunRequest = { mode: 'delta', dryRun: false, trigger: 'schedule' };
const RELATIVE_DATES: Partial<SyncConfig> = { filters: { attribute: 'employeeHireDate', before: 'now+14d' } };

type Token = NonNullable<SyncState['token']>;

function aState(changes: Partial<SyncState> = {}, token: Partial<Token> = {}): SyncState {
  return {
    generation: 1,
    pseudonymFingerprint: 'pseudonym-1',
    token: {
      links: { users: 'https://graph.microsoft.com/v1.0/users/delta?$deltatoken=1' },
      fingerprint: 'fingerprint-1',
      tenantId: '11111111-2222-4333-8444-555555555555',
      issuedAt: RUN_START,
      ...token,
    },
    ...changes,
  };
}

/** An engine whose sync has been running for a while. */
async function running(changes: Partial<SyncState> = {}): Promise<TestEngine> {
  const engine = anEngine();
  await changeState(engine, () => aState(changes));
  return engine;
}

/** Ends a run as the last phase does: its row and its lease. */
async function end(engine: Engine, runId: string): Promise<void> {
  const { tables, config } = engine;
  const { run, etag } = await fetchRun(engine, runId);
  const row = { key: runId, body: { ...run, phase: 'ended' } };
  await tables.runs.write(config.name, [{ kind: 'replace', row, etag }]);
  await changeState(engine, (state) => ({ ...state, lease: undefined }));
}

describe('fullRunReason', () => {
  it.each<[string | undefined, SyncState, Partial<SyncConfig>, number]>([
    [undefined, aState(), {}, 0],
    ['no-token', { generation: 0, pseudonymFingerprint: 'pseudonym-1' }, {}, 0],
    ['tenant-changed', aState({}, { tenantId: 'another' }), {}, 0],
    ['configuration-changed', aState({}, { fingerprint: 'another' }), {}, 0],
    [undefined, aState(), {}, 6.5 * DAY_MS],
    ['token-age', aState(), {}, 6.5 * DAY_MS + 1],
    ['list-missing', aState({ fullRunReason: { code: 'list-missing', at: RUN_START } }), {}, 0],
    ['relative-dates', aState(), RELATIVE_DATES, 0],
    [undefined, aState({ lastFullAt: RUN_START }), RELATIVE_DATES, DAY_MS],
    ['relative-dates', aState({ lastFullAt: RUN_START }), RELATIVE_DATES, DAY_MS + 1],
    [undefined, aState({ lastFullAt: RUN_START }), {}, DAY_MS + 1],
  ])('is %j for %j with %j after %d ms', (reason, state, config, afterMs) => {
    const engine = anEngine({ config: aConfig(config) });

    expect(fullRunReason(engine, state, RUN_START + afterMs)).toBe(reason);
  });
});

describe('startRun', () => {
  it('takes the lease, writes the run and calls for work', async () => {
    const engine = await running();

    const run = await startRun(engine, { ...DELTA, reason: 'asked for' });

    expect(run).toMatchObject({
      mode: 'delta',
      state: 'queued',
      phase: 'read',
      trigger: 'schedule',
      reason: 'asked for',
    });
    expect(run.startLinks?.['users']).toContain('$deltatoken=1');
    expect((await fetchRun(engine, run.runId)).run).toEqual(run);
    expect((await readState(engine)).lease).toEqual({ runId: run.runId, since: RUN_START });
    expect(messagesOf(engine, 'sync-runs')).toEqual([{ v: 1, runId: run.runId }]);
  });

  it.each<[string, RunRequest, string | undefined]>([
    ['there is no token, and says so', DELTA, 'no-token'],
    ['it was asked for', { ...DELTA, mode: 'full' }, undefined],
    ['there is no token, with the reason it was given', { ...DELTA, reason: 'asked for' }, 'asked for'],
  ])('reads everybody when %s', async (_name, request, reason) => {
    const run = await startRun(anEngine(), request);

    expect(run.mode).toBe('full');
    expect(run.reason).toBe(reason);
    expect(run).not.toHaveProperty('startLinks');
  });

  it('gives run ids that sort newest first', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 400 * DAY_MS }), { minLength: 1, maxLength: 8 }),
        async (gaps) => {
          const engine = anEngine();
          const started: string[] = [];
          for (const gap of gaps) {
            await engine.clock.advance(gap);
            const { runId } = await startRun(engine, DELTA);
            started.unshift(runId);
            await end(engine, runId);
          }

          const listed: string[] = [];
          for await (const run of recentRuns(engine)) listed.push(run.runId);

          expect(listed).toEqual(started);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('counts generations up, and never below the clock', async () => {
    const engine = anEngine();
    const first = await startRun(engine, DELTA);
    await end(engine, first.runId);
    const second = await startRun(engine, DELTA);

    expect(first.generation).toBe(RUN_START / 1_000);
    expect(second.generation).toBe(first.generation + 1);
  });

  it('refuses while a run is active, and names it', async () => {
    const engine = anEngine();
    const { runId } = await startRun(engine, DELTA);
    await engine.clock.advance(DAY_MS);

    await expect(startRun(engine, DELTA)).rejects.toMatchObject({ code: 'run-active', extras: { runId } });
    expect(messagesOf(engine, 'sync-runs')).toHaveLength(1);
  });

  it('takes the lease over from a run that has ended', async () => {
    const engine = await running({ lease: { runId: 'r-ended', since: RUN_START } });
    await insertRun(engine, aRun({ runId: 'r-ended', phase: 'ended' }));

    const { runId } = await startRun(engine, DELTA);

    expect((await readState(engine)).lease?.runId).toBe(runId);
  });

  it('waits a while for a starter that has taken the lease and written no run yet', async () => {
    const engine = await running({ lease: { runId: 'r-starting', since: RUN_START } });
    await engine.clock.advance(STARTING_MS - 1);

    await expect(startRun(engine, DELTA)).rejects.toMatchObject({ extras: { runId: 'r-starting' } });
    await engine.clock.advance(1);

    expect((await startRun(engine, DELTA)).state).toBe('queued');
  });

  it('lets one of two starters win', async () => {
    const engine = anEngine();

    const results = await Promise.allSettled([startRun(engine, DELTA), startRun(engine, DELTA)]);

    const lost = results.find((result) => result.status === 'rejected');
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    expect(lost?.reason).toMatchObject({ code: 'run-active' });
    expect(engine.tables.rows('runs')).toHaveLength(1);
  });

  it('leaves a waiting approval to a run that applies', async () => {
    const engine = await running({ approvalWaiting: true });
    const dry = await startRun(engine, { ...DELTA, dryRun: true });
    const afterDry = await readState(engine);
    await end(engine, dry.runId);

    await startRun(engine, DELTA);

    expect(afterDry.approvalWaiting).toBe(true);
    expect((await readState(engine)).approvalWaiting).toBeUndefined();
  });

  it('calls for a last run whose row was never finished', async () => {
    const last = aRun({ runId: 'r9-last', phase: 'close' });
    const engine = await running({ lastRun: { runId: last.runId, state: 'completed', finishedAt: RUN_START } });
    await insertRun(engine, last);

    const { runId } = await startRun(engine, DELTA);

    expect(messagesOf(engine, 'sync-runs').map((message) => message.runId)).toEqual([last.runId, runId]);
  });

  it('does not call for a last run that has ended', async () => {
    const last = aRun({ runId: 'r9-last', phase: 'ended' });
    const engine = await running({ lastRun: { runId: last.runId, state: 'completed', finishedAt: RUN_START } });
    await insertRun(engine, last);

    const { runId } = await startRun(engine, DELTA);

    expect(messagesOf(engine, 'sync-runs')).toEqual([{ v: 1, runId }]);
  });

  it.each([
    ['a run of the same id', (engine: TestEngine, runId: string) => insertRun(engine, aRun({ runId })), 'run-active'],
    ['tables that fail', () => Promise.reject(new Error('The table is away.')), undefined],
  ])('does not hide %s', async (_name, interfere, code) => {
    let isDone = false;
    const engine = anEngine({
      onEffect: async (effect) => {
        if (effect !== 'before runs.write' || isDone) return;
        isDone = true;
        await interfere(engine, (await readState(engine)).lease!.runId);
      },
    });

    const started = startRun(engine, DELTA);

    await expect(started).rejects.toMatchObject(code === undefined ? { message: 'The table is away.' } : { code });
    expect(messagesOf(engine, 'sync-runs')).toEqual([]);
  });
});
