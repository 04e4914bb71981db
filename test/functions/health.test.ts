import { createHealth } from '../../src/functions/health.ts';
import { call } from './fake-services.ts';

describe('createHealth', () => {
  it('says that the app is alive, and nothing else', async () => {
    const answer = await call(createHealth(), { path: '/health' });

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ status: 'ok' });
  });
});
