import { SyncError } from '../../src/core/errors.ts';
import { RunView } from '../../src/functions/api-schemas.ts';
import { createGetRun } from '../../src/functions/get-run.ts';
import { aRun, call, fakeServices, NOW } from './fake-services.ts';

describe('createGetRun', () => {
  it('shows a run with its times in ISO 8601, as its schema says', async () => {
    const run = aRun({
      state: 'held',
      phase: 'ended',
      reason: 'office move',
      startedAt: NOW + 1000,
      finishedAt: NOW + 61_000,
      planHash: 'hash-1',
      holds: [{ rule: 'max-removals', operations: 250, limit: 200, recent: 10, members: 900 }],
      decision: { kind: 'approved', at: NOW + 90_000 },
      error: { code: 'access-denied', message: 'Refused.' },
    });

    const answer = await call(createGetRun(fakeServices({ readRun: async () => run })), {
      path: '/runs/run-1',
      params: { runId: 'run-1' },
    });

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(RunView.strict().parse(answer.body));
    expect(answer.body).toMatchObject({
      runId: 'run-1',
      createdAt: '2026-03-02T06:00:00.000Z',
      startedAt: '2026-03-02T06:00:01.000Z',
      finishedAt: '2026-03-02T06:01:01.000Z',
      decision: { kind: 'approved', at: '2026-03-02T06:01:30.000Z' },
      holds: [{ rule: 'max-removals', operations: 250 }],
    });
  });

  it('keeps the configuration and the inner workings to itself', async () => {
    const run = aRun({
      claim: { nonce: 'internal-nonce', until: NOW },
      startLinks: { users: 'https://graph.example.com/internal' },
    });

    const { body } = await call(createGetRun(fakeServices({ readRun: async () => run })), {
      path: '/runs/run-1',
      params: { runId: 'run-1' },
    });

    expect(JSON.stringify(body)).not.toContain('internal');
  });

  it('answers 404 for a run that is not there', async () => {
    const readRun = async () => {
      throw new SyncError('run-not-found', 'There is no run run-9.');
    };

    const answer = await call(createGetRun(fakeServices({ readRun })), {
      path: '/runs/run-9',
      params: { runId: 'run-9' },
    });

    expect(answer.status).toBe(404);
  });

  it('answers 404 when the route names no run', async () => {
    expect((await call(createGetRun(fakeServices()), { path: '/runs/' })).status).toBe(404);
  });

  it.each([['a b'], ['../state'], ['x'.repeat(65)], ['']])(
    'answers 404 for an id like %j without asking',
    async (runId) => {
      const answer = await call(createGetRun(fakeServices()), { path: '/runs/x', params: { runId } });

      expect(answer.status).toBe(404);
      expect(answer.body['code']).toBe('run-not-found');
    },
  );
});
