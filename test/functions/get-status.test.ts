import { NeighbourError, SyncError } from '../../src/core/errors.ts';
import type { SyncStatus } from '../../src/core/run/read-status.ts';
import { StatusView } from '../../src/functions/api-schemas.ts';
import type { NeighbourHealth } from '../../src/functions/api-schemas.ts';
import { createGetStatus } from '../../src/functions/get-status.ts';
import { call, ENGINE, fakeServices, NOW } from './fake-services.ts';

const HOUR = 3_600_000;
const EMPTY: SyncStatus = {
  alerts: [],
  pending: {},
  held: 0,
  leaversKept: 0,
  schedule: { words: 'every day at 06:00 (UTC)', fullWords: 'on Sundays at 06:00 (UTC)', next: [NOW + 24 * HOUR] },
};
const HEALTHY: NeighbourHealth = {
  neighbour: 'storage',
  ok: true,
  latencyMs: 4,
  checkedAt: '2026-03-02T05:59:50.000Z',
  ageSeconds: 10,
};

describe('createGetStatus', () => {
  it('shows how the sync and its neighbours are doing', async () => {
    const status: SyncStatus = {
      ...EMPTY,
      lastSuccessAt: NOW - 2 * HOUR,
      lastRun: { runId: 'run-1', state: 'completed', finishedAt: NOW - 2 * HOUR },
      activeRunId: 'run-2',
      tokenIssuedAt: NOW - 2.26 * HOUR,
      pausedSince: NOW - HOUR,
      alerts: [{ name: 'removals-held', since: NOW - HOUR }],
      pending: { 'no-phone': 3 },
      held: 4,
      leaversKept: 5,
    };
    const credentialExpiries = async () => [
      { name: 'entra-client-secret', expiresAt: NOW + 30.5 * 24 * HOUR },
      { name: 'messagemedia-api-secret', expiresAt: NOW - HOUR },
    ];
    const services = fakeServices(
      { readStatus: async () => status },
      { neighbours: async () => [HEALTHY], engine: async () => ({ ...ENGINE, credentialExpiries }) },
    );

    const answer = await call(createGetStatus(services), { path: '/status' });

    expect(answer.status).toBe(200);
    expect(StatusView.strict().parse(answer.body)).toEqual({
      lastSuccessAt: '2026-03-02T04:00:00.000Z',
      lastRun: { runId: 'run-1', state: 'completed', finishedAt: '2026-03-02T04:00:00.000Z' },
      activeRunId: 'run-2',
      tokenAgeHours: 2.3,
      paused: true,
      pausedSince: '2026-03-02T05:00:00.000Z',
      alerts: [{ name: 'removals-held', since: '2026-03-02T05:00:00.000Z' }],
      credentials: [
        { name: 'entra-client-secret', expiresAt: '2026-04-01T18:00:00.000Z', daysLeft: 30 },
        { name: 'messagemedia-api-secret', expiresAt: '2026-03-02T05:00:00.000Z', daysLeft: -1 },
      ],
      pending: { 'no-phone': 3 },
      held: 4,
      leaversKept: 5,
      schedule: { ...EMPTY.schedule, next: ['2026-03-03T06:00:00.000Z'] },
      neighbours: [HEALTHY],
    });
  });

  it('shows a sync that has never run', async () => {
    const answer = await call(createGetStatus(fakeServices({ readStatus: async () => EMPTY })), { path: '/status' });

    const status = StatusView.strict().parse(answer.body);
    expect(status).toMatchObject({ paused: false, alerts: [], credentials: [] });
    expect(status).not.toHaveProperty('lastRun');
  });

  it('shows a run that has not finished', async () => {
    const status = { ...EMPTY, lastRun: { runId: 'run-1', state: 'running' } } as const;

    const answer = await call(createGetStatus(fakeServices({ readStatus: async () => status })), { path: '/status' });

    expect(answer.body['lastRun']).toEqual({ runId: 'run-1', state: 'running' });
  });

  it('answers 503 with every problem of an invalid configuration', async () => {
    const problems = [{ path: 'KEY_VAULT_URI', expected: 'an https address' }];
    const neighbours = async () => {
      throw new SyncError('configuration-invalid', 'The configuration has 1 problem.', { problems });
    };

    const answer = await call(createGetStatus(fakeServices({}, { neighbours })), { path: '/status' });

    expect(answer.status).toBe(503);
    expect(answer.body).toMatchObject({ code: 'configuration-invalid', problems });
  });

  it('answers 503 with the neighbours’ health when storage is down, even if it refuses us', async () => {
    const down: NeighbourHealth = { ...HEALTHY, ok: false, code: 'access-denied' };
    const readStatus = async () => {
      throw new NeighbourError('storage', 'access-denied', 'Storage refused to read a row.');
    };

    const answer = await call(createGetStatus(fakeServices({ readStatus }, { neighbours: async () => [down] })), {
      path: '/status',
    });

    expect(answer.status).toBe(503);
    expect(answer.body).toMatchObject({ code: 'neighbour-unavailable', neighbour: 'storage', neighbours: [down] });
  });

  it('answers 500 for a defect of ours', async () => {
    const readStatus = async () => {
      throw new RangeError('of a defect');
    };

    expect((await call(createGetStatus(fakeServices({ readStatus })), { path: '/status' })).status).toBe(500);
  });
});
