import { PauseView } from '../../src/functions/api-schemas.ts';
import { createPauseSync, createResumeSync } from '../../src/functions/pause-sync.ts';
import { call, fakeServices, NOW } from './fake-services.ts';

describe('createPauseSync', () => {
  it('pauses and says since when', async () => {
    const services = fakeServices({ pauseSync: async () => ({ paused: true, since: NOW }) });

    const answer = await call(createPauseSync(services), { method: 'POST', path: '/pause' });

    expect(answer.status).toBe(200);
    expect(PauseView.strict().parse(answer.body)).toEqual({ paused: true, since: '2026-03-02T06:00:00.000Z' });
  });
});

describe('createResumeSync', () => {
  it('resumes', async () => {
    const services = fakeServices({ resumeSync: async () => ({ paused: false }) });

    const answer = await call(createResumeSync(services), { method: 'POST', path: '/resume' });

    expect(answer.status).toBe(200);
    expect(PauseView.strict().parse(answer.body)).toEqual({ paused: false });
  });
});

describe.each([
  ['pause', createPauseSync],
  ['resume', createResumeSync],
] as const)('POST /%s', (path, create) => {
  it('takes nothing but an empty body: what it would not do is not asked for in vain', async () => {
    const answer = await call(create(fakeServices()), { method: 'POST', path: `/${path}`, body: { hours: 2 } });

    expect(answer.status).toBe(400);
    expect(answer.body['problems']).toEqual([{ path: 'hours', message: 'is not known here' }]);
  });

  it('reads no body above 64 KiB', async () => {
    const answer = await call(create(fakeServices()), { method: 'POST', path: `/${path}`, text: ' '.repeat(70_000) });

    expect(answer.status).toBe(400);
  });
});
