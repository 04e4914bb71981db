import { NeighbourError, SyncError } from '../../src/core/errors.ts';
import type { RunRequest } from '../../src/core/run/start-run.ts';
import { createStartRun } from '../../src/functions/start-run.ts';
import { aRun, call, fakeServices } from './fake-services.ts';

function recording() {
  const requests: RunRequest[] = [];
  const handler = createStartRun(
    fakeServices({
      startRun: async (_engine, request) => {
        requests.push(request);
        return aRun({ runId: 'run-7' });
      },
    }),
  );
  return { handler, requests };
}

describe('createStartRun', () => {
  it('queues a delta run and answers where to follow it, without the key of the address', async () => {
    const { handler, requests } = recording();

    const answer = await call(handler, { method: 'POST', path: '/runs?code=secret-key' });

    expect(requests).toEqual([{ mode: 'delta', dryRun: false, trigger: 'http' }]);
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({
      runId: 'run-7',
      state: 'queued',
      statusUrl: 'https://sync.example.com/api/runs/run-7',
    });
    expect(answer.headers).toMatchObject({
      location: 'https://sync.example.com/api/runs/run-7',
      'retry-after': '5',
      'cache-control': 'no-store',
    });
  });

  it('passes mode, dry run and reason on', async () => {
    const { handler, requests } = recording();

    await call(handler, { method: 'POST', path: '/runs', body: { mode: 'full', dryRun: true, reason: 'office move' } });

    expect(requests).toEqual([{ mode: 'full', dryRun: true, reason: 'office move', trigger: 'http' }]);
  });

  it('names every bad field at once', async () => {
    const { handler, requests } = recording();
    const body = {
      mode: 'quick',
      dryRun: 'yes',
      departments: [' '],
      people: [],
      reason: 'x'.repeat(201),
      speed: 9,
    };

    const answer = await call(handler, { method: 'POST', path: '/runs', body });

    expect(requests).toEqual([]);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: 'request-invalid', correlationId: 'invocation-1' });
    expect(answer.body['problems']).toEqual([
      { path: 'mode', message: expect.stringContaining('"delta"|"full"') },
      { path: 'dryRun', message: expect.stringContaining('boolean') },
      { path: 'departments.0', message: expect.stringContaining('1') },
      { path: 'people', message: expect.stringContaining('1') },
      { path: 'reason', message: expect.stringContaining('200') },
      { path: 'speed', message: 'is not known here' },
    ]);
  });

  it('finds the people who are named, and starts a run for them and the departments', async () => {
    const named: unknown[] = [];
    const requests: RunRequest[] = [];
    const found = { people: ['id-1'], read: { found: [], missing: ['id-1'] }, graphCalls: 2 };
    const services = fakeServices({
      findPeople: async (_engine, people) => {
        named.push(people);
        return found;
      },
      startRun: async (_engine, request) => {
        requests.push(request);
        return aRun({ runId: 'run-7' });
      },
    });
    const body = { departments: [' Sales ', 'R&D'], people: ['robin@example.com '] };

    const answer = await call(createStartRun(services), { method: 'POST', path: '/runs', body });

    expect(answer.status).toBe(202);
    expect(named).toEqual([['robin@example.com']]);
    expect(requests).toEqual([
      { mode: 'delta', dryRun: false, trigger: 'http', only: { departments: ['Sales', 'R&D'], ...found } },
    ]);
    expect(JSON.stringify([answer.body, answer.lines])).not.toContain('robin');
  });

  it('asks nobody about people when only departments are named', async () => {
    const named: unknown[] = [];
    const services = fakeServices({
      findPeople: async (_engine, people) => {
        named.push(people);
        return { people: [], read: { found: [], missing: [] }, graphCalls: 0 };
      },
      startRun: async () => aRun(),
    });

    await call(createStartRun(services), { method: 'POST', path: '/runs', body: { departments: ['Sales'] } });

    expect(named).toEqual([[]]);
  });

  it('starts nothing when somebody is unknown, and names the position', async () => {
    const problems = [{ path: 'people.1', message: 'is nobody' }];
    const services = fakeServices({
      findPeople: async () => {
        throw new SyncError('request-invalid', '1 part(s) of the request are not valid.', { problems });
      },
    });

    const answer = await call(createStartRun(services), {
      method: 'POST',
      path: '/runs',
      body: { people: ['robin@example.com', 'nobody@example.com'] },
    });

    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: 'request-invalid', problems });
    expect(JSON.stringify([answer.body, answer.lines])).not.toMatch(/robin|nobody@/);
  });

  it.each([
    ['departments', Array.from({ length: 21 }, () => 'Sales')],
    ['people', Array.from({ length: 101 }, () => 'robin@example.com')],
    ['people', ['x'.repeat(321)]],
    ['departments', 'Sales'],
  ])('refuses too much of %s, or a text', async (name, value) => {
    const answer = await call(recording().handler, { method: 'POST', path: '/runs', body: { [name]: value } });

    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body['problems'])).toContain(name);
    expect(JSON.stringify(answer.body)).not.toContain('robin');
  });

  it('starts a run that looks at the contacts, too', async () => {
    const { handler, requests } = recording();

    const answer = await call(handler, { method: 'POST', path: '/runs', body: { mode: 'reconcile' } });

    expect(answer.status).toBe(202);
    expect(requests).toMatchObject([{ mode: 'reconcile' }]);
  });

  it.each([
    [
      'a name that may be personal',
      { body: { '+61491570156': 1 } },
      { path: '(a name)', message: 'is not known here' },
    ],
    ['text that is not JSON', { text: '{"mode": +61491570156}' }, { path: 'body', message: 'is not valid JSON' }],
    ['a form', { text: 'mode=full', headers: { 'content-type': 'text/plain' } }, { path: 'body' }],
    ['a list', { body: [] }, { path: 'body' }],
    ['a body above 64 KiB', { body: { reason: 'x'.repeat(70_000) } }, { path: 'body' }],
    ['a body that is declared too large', { body: {}, headers: { 'content-length': '70000' } }, { path: 'body' }],
  ])('refuses %s and quotes none of it', async (_what, input, problem) => {
    const answer = await call(recording().handler, { method: 'POST', path: '/runs', ...input });

    expect(answer.status).toBe(400);
    expect(answer.body['problems']).toEqual([expect.objectContaining(problem)]);
    expect(JSON.stringify([answer.body, answer.lines])).not.toContain('491570156');
  });

  it('names the active run when there is one', async () => {
    const services = fakeServices({
      startRun: async () => {
        throw new SyncError('run-active', 'A run is active.', { runId: 'run-6' });
      },
    });

    const answer = await call(createStartRun(services), { method: 'POST', path: '/runs' });

    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ code: 'run-active', runId: 'run-6', detail: 'A run is active.' });
    expect(answer.lines).toEqual([
      { hostLevel: 'information', line: expect.objectContaining({ event: 'request.refused', code: 'run-active' }) },
    ]);
  });

  it('starts a run once for an idempotency key', async () => {
    const asked: unknown[] = [];
    const services = fakeServices({
      startRunOnce: async (_engine, request, key) => {
        asked.push([request, key]);
        return aRun({ runId: 'run-8' });
      },
    });

    const answer = await call(createStartRun(services), {
      method: 'POST',
      path: '/runs',
      body: { mode: 'full' },
      headers: { 'Idempotency-Key': '"a-key:7"' },
    });

    expect(asked).toEqual([[{ mode: 'full', dryRun: false, trigger: 'http' }, '"a-key:7"']]);
    expect(answer.status).toBe(202);
    expect(answer.body['runId']).toBe('run-8');
  });

  it('answers 422 when the key belongs to another request, and does not say the key', async () => {
    const services = fakeServices({
      startRunOnce: async () => {
        throw new SyncError('idempotency-key-reused', 'In words.', { runId: 'run-8' });
      },
    });

    const answer = await call(createStartRun(services), {
      method: 'POST',
      path: '/runs',
      headers: { 'Idempotency-Key': '+61491570156' },
    });

    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ code: 'idempotency-key-reused', runId: 'run-8' });
    expect(JSON.stringify([answer.body, answer.lines])).not.toContain('491570156');
  });

  it.each([
    ['255 characters', 'k'.repeat(255), 202],
    ['256 characters', 'k'.repeat(256), 400],
    ['nothing', '', 400],
    ['a blank inside', 'a key', 400],
    ['a letter beyond ASCII', 'schlüssel', 400],
  ])('takes or refuses a key of %s', async (_what, key, status) => {
    const services = fakeServices({ startRunOnce: async () => aRun() });

    const answer = await call(createStartRun(services), {
      method: 'POST',
      path: '/runs',
      headers: { 'Idempotency-Key': key },
    });

    expect(answer.status).toBe(status);
    if (status === 400) {
      const message = 'must be 1 to 255 visible ASCII characters';
      expect(answer.body['problems']).toEqual([{ path: 'Idempotency-Key', message }]);
    }
  });

  it('answers 503 with every problem of the configuration, and logs each', async () => {
    const problems = [
      { name: 'ENTRA_TENANT_ID', expected: 'a tenant id' },
      { path: 'sync.schedule', found: '61 * * * *', expected: 'a minute of 0 to 59' },
    ];
    const engine = async () => {
      throw new SyncError('configuration-invalid', 'The configuration has 2 problems.', { problems });
    };

    const answer = await call(createStartRun(fakeServices({}, { engine })), { method: 'POST', path: '/runs' });

    expect(answer.status).toBe(503);
    expect(answer.body).toMatchObject({ code: 'configuration-invalid', problems });
    expect(answer.lines.map(({ line }) => line)).toEqual([
      expect.objectContaining({ event: 'request.failed', code: 'configuration-invalid' }),
      expect.objectContaining({ event: 'problem.found', setting: 'ENTRA_TENANT_ID' }),
      expect.objectContaining({ event: 'problem.found', found: '61 * * * *' }),
    ]);
  });

  it('passes on how long a neighbour asks to wait, in whole seconds', async () => {
    const engine = async () => {
      throw new NeighbourError('storage', 'throttled', 'Storage is busy.', { retryAfterMs: 1500 });
    };

    const answer = await call(createStartRun(fakeServices({}, { engine })), { method: 'POST', path: '/runs' });

    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toBe('2');
    expect(answer.body).toMatchObject({ code: 'neighbour-unavailable', neighbour: 'storage' });
  });
});
