import { SyncError } from '../../src/core/errors.ts';
import { createAdoptAccount } from '../../src/functions/adopt-account.ts';
import { aRun, call, fakeServices } from './fake-services.ts';

function adopting() {
  const asked: unknown[] = [];
  const handler = createAdoptAccount(
    fakeServices({
      adoptAccount: async (_engine, request) => {
        asked.push(request);
        return aRun({ runId: 'run-9' });
      },
    }),
  );
  return { handler, asked };
}

describe('createAdoptAccount', () => {
  it.each([
    [undefined, { dryRun: false }],
    [
      { dryRun: true, reason: 'first day' },
      { dryRun: true, reason: 'first day' },
    ],
  ])('starts a run for %j and answers where to follow it', async (body, request) => {
    const { handler, asked } = adopting();

    const answer = await call(handler, { method: 'POST', path: '/adopt?code=secret-key', body });

    expect(asked).toEqual([request]);
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({
      runId: 'run-9',
      state: 'queued',
      statusUrl: 'https://sync.example.com/api/runs/run-9',
    });
  });

  it('refuses what it does not know', async () => {
    const { handler, asked } = adopting();

    const answer = await call(handler, { method: 'POST', path: '/adopt', body: { dryRun: 1, mode: 'full' } });

    expect(asked).toEqual([]);
    expect(answer.status).toBe(400);
    expect(answer.body['problems']).toEqual([
      { path: 'dryRun', message: expect.stringContaining('boolean') },
      { path: 'mode', message: 'is not known here' },
    ]);
  });

  it('waits for nobody: a run under way is 409', async () => {
    const services = fakeServices({
      adoptAccount: async () => {
        throw new SyncError('run-active', 'Run run-1 is active.', { runId: 'run-1' });
      },
    });

    expect((await call(createAdoptAccount(services), { method: 'POST', path: '/adopt' })).status).toBe(409);
  });
});
