import { SyncError } from '../../src/core/errors.ts';
import { createApproveRun } from '../../src/functions/approve-run.ts';
import { createRejectRun } from '../../src/functions/reject-run.ts';
import { aRun, call, fakeServices } from './fake-services.ts';

describe.each([
  ['approve', 'approveRun', createApproveRun],
  ['reject', 'rejectRun', createRejectRun],
] as const)('createDecideRun: %s', (verb, useCase, create) => {
  const target = { method: 'POST', path: `/runs/run-1/${verb}`, params: { runId: 'run-1' } } as const;

  it('decides the plan that was shown and answers where to follow the run', async () => {
    const decided: unknown[] = [];
    const services = fakeServices({
      [useCase]: async (_engine: unknown, runId: string, planHash: string) => void decided.push([runId, planHash]),
      readRun: async () => aRun({ state: 'held' }),
    });

    const answer = await call(create(services), { ...target, body: { planHash: 'hash-1' } });

    expect(decided).toEqual([['run-1', 'hash-1']]);
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({
      runId: 'run-1',
      state: 'held',
      statusUrl: 'https://sync.example.com/api/runs/run-1',
    });
  });

  it('answers 409 when the plan is another one', async () => {
    const services = fakeServices({
      [useCase]: async () => {
        throw new SyncError('plan-changed', 'The plan has another hash.');
      },
    });

    const answer = await call(create(services), { ...target, body: { planHash: 'hash-0' } });

    expect(answer.status).toBe(409);
    expect(answer.body['code']).toBe('plan-changed');
  });

  it.each([[{}], [{ planHash: '' }], [{ planHash: 7 }]])('refuses %j', async (body) => {
    const answer = await call(create(fakeServices()), { ...target, body });

    expect(answer.status).toBe(400);
    expect(answer.body['problems']).toEqual([expect.objectContaining({ path: 'planHash' })]);
  });
});
