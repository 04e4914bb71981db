import { SyncError } from '../../src/core/errors.ts';
import { createCancelRun } from '../../src/functions/cancel-run.ts';
import { aRun, call, fakeServices } from './fake-services.ts';

const TARGET = { method: 'POST', path: '/runs/run-1/cancel', params: { runId: 'run-1' } } as const;

describe('createCancelRun', () => {
  it('asks the run to end and answers where to follow it', async () => {
    const cancelled: string[] = [];
    const services = fakeServices({
      cancelRun: async (_engine, runId) => {
        cancelled.push(runId);
        return aRun({ state: 'running' });
      },
    });

    const answer = await call(createCancelRun(services), TARGET);

    expect(cancelled).toEqual(['run-1']);
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({
      runId: 'run-1',
      state: 'running',
      statusUrl: 'https://sync.example.com/api/runs/run-1',
    });
    expect(answer.headers).toMatchObject({ location: 'https://sync.example.com/api/runs/run-1', 'retry-after': '5' });
  });

  it('answers 404 for a run that is not there', async () => {
    const services = fakeServices({
      cancelRun: async () => {
        throw new SyncError('run-not-found', 'There is no run with this id.');
      },
    });

    expect((await call(createCancelRun(services), TARGET)).status).toBe(404);
  });

  it.each(['../run', 'x'.repeat(65), 'run 1', '+61491570156'])('asks for no run whose id is %j', async (runId) => {
    const answer = await call(createCancelRun(fakeServices()), { ...TARGET, params: { runId } });

    expect(answer.status).toBe(404);
    expect(JSON.stringify([answer.body, answer.lines])).not.toContain('491570156');
  });

  it('takes nothing but an empty body', async () => {
    const answer = await call(createCancelRun(fakeServices()), { ...TARGET, body: { force: true } });

    expect(answer.status).toBe(400);
    expect(answer.body['problems']).toEqual([{ path: 'force', message: 'is not known here' }]);
  });
});
