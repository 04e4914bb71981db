import { EVENTS } from '../../src/core/events.ts';
import type { EventName } from '../../src/core/events.ts';
import { QueueServiceClient } from '@azure/storage-queue';
import { startStack } from '../../local/stack.ts';
import type { Stack } from '../../local/stack.ts';
import { sampleDirectory } from '../../local/entra-graph/sample-directory.ts';
import type { ApiError } from '../../local/stack/api-client.ts';
import { eventually } from '../support/eventually.ts';

const SYNC = {
  direction: 'one-way',
  source: 'entra-id',
  target: 'messagemedia',
  schedule: '0 6 * * *',
  mapping: { displayName: 'contact_name', mobilePhone: 'phone_number', department: 'group' },
  filters: { accountEnabled: true },
};

interface LoggedLine {
  readonly event: EventName;
  readonly level: string;
  readonly neighbour?: string;
}

describe('the built app in the functions host', () => {
  let stack: Stack;
  const log: string[] = [];

  beforeAll(async () => {
    stack = await startStack({
      users: sampleDirectory({ size: 120 }),
      config: { sync: SYNC },
      onLog: ({ message }) => log.push(message),
    });
  }, 60_000);

  afterAll(() => stack.stop());

  const get = (path: string, headers: Record<string, string> = {}) => fetch(`${stack.apiUrl}/${path}`, { headers });
  const withKey = () => ({ 'x-functions-key': stack.host.keys.host });

  it('registers every trigger, and asks for a key everywhere but at its liveness and its webhook', async () => {
    const { functions } = stack.host;
    const anonymous = functions.filter(({ bindings }) =>
      bindings.some(({ type, authLevel }) => type === 'httpTrigger' && authLevel === 'anonymous'),
    );

    expect(functions.map(({ name }) => name)).toEqual([
      'adopt-account',
      'advance-run',
      'advance-run-poison',
      'approve-run',
      'cancel-run',
      'erase-person',
      'get-openapi',
      'get-person',
      'get-run',
      'get-status',
      'health',
      'install-webhook',
      'list-run-records',
      'list-runs',
      'lookup-person',
      'pause-sync',
      'process-batch',
      'process-batch-poison',
      'receive-webhook',
      'reject-run',
      'resume-sync',
      'schedule-sync',
      'start-run',
      'verify-webhook',
    ]);
    expect(anonymous.map(({ name }) => name)).toEqual(['health', 'receive-webhook']);
    expect((await get('health')).status).toBe(200);
    expect((await get('status')).status).toBe(401);
    expect((await get('runs', { 'x-functions-key': 'wrong' })).status).toBe(401);
  });

  it('answers 202 with a Location, then 409 with the active run', async () => {
    const started = await fetch(`${stack.apiUrl}/runs`, {
      method: 'POST',
      headers: withKey(),
      body: '{"mode":"full"}',
    });
    const body = (await started.json()) as { runId: string; state: string; statusUrl: string };
    const second = await stack.api.startRun().catch((error: unknown) => error as ApiError);

    expect(started.status).toBe(202);
    expect(started.headers.get('location')).toBe(body.statusUrl);
    expect(started.headers.get('retry-after')).toBe('5');
    expect(second).toMatchObject({ status: 409, code: 'run-active' });
    expect((await get(`runs/${body.runId}`, withKey())).status).toBe(200);
    expect(await stack.api.waitForRun(body.runId)).toMatchObject({ state: 'completed' });
  });

  it('names every bad field of a request, and an unknown run', async () => {
    const answer = await fetch(`${stack.apiUrl}/runs`, {
      method: 'POST',
      headers: withKey(),
      body: JSON.stringify({ mode: 'quick', dryRun: 'yes', colour: 1 }),
    });
    const problem = (await answer.json()) as { code: string; problems: { path: string }[] };

    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(problem.code).toBe('request-invalid');
    expect(problem.problems).toHaveLength(3);
    expect((await get('runs/r0-nothing', withKey())).status).toBe(404);
  });

  it('shows a dry run field by field, and writes nothing for it', async () => {
    const someone = stack.entra.admin.users().find((user) => user['department'] === 'Sales' && user['mobilePhone']);
    stack.entra.admin.updateUser(someone!.id, { givenName: 'Renamed' });
    const before = stack.messageMedia.requests.length;

    const run = await stack.api.run({ mode: 'delta', dryRun: true });

    const records = await stack.api.listRecords(run.runId, { operation: 'update' });
    expect(run).toMatchObject({ state: 'completed', dryRun: true, counts: { updated: 1 } });
    expect(records).toMatchObject([{ personId: someone!.id, outcome: 'planned' }]);
    expect(stack.messageMedia.requests.slice(before)).toEqual([]);
    expect(await stack.api.run()).toMatchObject({ counts: { updated: 1 } });
  });

  it('holds a mass removal until the plan that was shown is approved', async () => {
    const sales = stack.entra.admin.users().filter((user) => user['department'] === 'Sales' && user['accountEnabled']);
    for (const { id } of sales) stack.entra.admin.updateUser(id, { accountEnabled: false });

    const held = await stack.api.run();
    const wrong = await stack.api.approve(held.runId, 'another-plan').catch((error: unknown) => error as ApiError);
    await stack.api.approve(held.runId, held.planHash!);
    const [approval] = await stack.api.listRuns();
    const applied = await stack.api.waitForRun(approval!.runId);

    expect(held.state).toBe('held');
    expect(held.counts['removed']).toBe(0);
    expect(wrong).toMatchObject({ status: 409, code: 'plan-changed' });
    expect(applied).toMatchObject({ state: 'completed', trigger: 'approval' });
    expect(applied.counts['removed']).toBe(held.counts['held']);
  });

  it('starts one run for one idempotency key, and refuses the key with another request', async () => {
    const start = (body: string) =>
      fetch(`${stack.apiUrl}/runs`, { method: 'POST', headers: { ...withKey(), 'idempotency-key': 'a-key' }, body });

    const first = (await (await start('{"mode":"full"}')).json()) as { runId: string };
    const again = await start('{"mode":"full"}');
    const other = await start('{"mode":"delta"}');

    expect(again.status).toBe(202);
    expect(await again.json()).toMatchObject({ runId: first.runId });
    expect(other.status).toBe(422);
    expect(await other.json()).toMatchObject({ code: 'idempotency-key-reused', runId: first.runId });
    await stack.api.waitForRun(first.runId);
  });

  it('pauses and resumes, cancels what has not ended, and forgets a person', async () => {
    const post = (path: string) => fetch(`${stack.apiUrl}/${path}`, { method: 'POST', headers: withKey() });
    const someone = stack.entra.admin.users().find((user) => user['accountEnabled'] && user['mobilePhone']);

    const paused = await (await post('pause')).json();
    const status = await (await get('status', withKey())).json();
    const resumed = await (await post('resume')).json();
    const { runId } = await stack.api.startRun({ mode: 'full' });
    const cancelled = await post(`runs/${runId}/cancel`);
    const { state } = await stack.api.waitForRun(runId);
    const erased = await (await post(`people/${someone!.id}/erase`)).json();

    expect(paused).toEqual({ paused: true, since: expect.any(String) });
    expect(status).toMatchObject({ paused: true, alerts: expect.any(Array), credentials: [] });
    expect(resumed).toEqual({ paused: false });
    expect(cancelled.status).toBe(202);
    expect(['cancelled', 'completed']).toContain(state);
    expect(erased).toEqual({ personId: someone!.id, rows: expect.any(Number), kept: ['consent'] });
    expect(await stack.api.run({ mode: 'full' })).toMatchObject({ state: 'completed' });
  });

  it('believes no header about the caller while that is not wanted', async () => {
    const claims = [{ typ: 'roles', val: 'Sync.Admin' }];
    const forged = Buffer.from(JSON.stringify({ auth_typ: 'aad', claims, role_typ: 'roles' })).toString('base64');

    const answer = await get('runs', { 'x-ms-client-principal': forged });

    expect(answer.status).toBe(401);
  });

  it('completes messages that nobody can read, and takes poison for what it is', async () => {
    const queues = QueueServiceClient.fromConnectionString(stack.azurite.connectionString);
    const send = (queue: string, text: string) =>
      queues.getQueueClient(queue).sendMessage(Buffer.from(text).toString('base64'));
    for (const text of [
      'not json',
      '123',
      '{"v":9,"runId":"x"}',
      '{"v":1,"runId":"../etc"}',
      '{"v":1,"runId":"r1-gone"}',
    ]) {
      await send('sync-runs', text);
      await send('sync-batches', text);
    }
    await send('sync-runs-poison', '{"v":1,"runId":"r1-gone"}');
    await send('sync-batches-poison', '{"v":1,"runId":"r1-gone","lane":{"wave":0,"index":0,"cursor":0}}');

    const names = ['sync-runs', 'sync-batches', 'sync-runs-poison', 'sync-batches-poison'];
    const isEmpty = async (name: string) =>
      ((await queues.getQueueClient(name).getProperties()).approximateMessagesCount ?? 0) === 0;
    const areEmpty = async () => (await Promise.all(names.map(isEmpty))).every(Boolean);
    // Delayed messages count, too: one of an earlier test may wait for the end of a claim.
    for (let looks = 0; looks < 6 && !(await areEmpty()); looks += 1) await eventually(areEmpty);
    expect(await areEmpty()).toBe(true);

    expect(await stack.api.run()).toMatchObject({ state: 'completed' });
  }, 150_000);

  it('starts what the schedule asks for on a tick, and nothing before it is due', async () => {
    const before = (await stack.api.listRuns()).length;

    await stack.host.invokeTimer('schedule-sync');
    await stack.host.invokeTimer('schedule-sync', { isPastDue: true });

    expect(await stack.api.listRuns()).toHaveLength(before);
  });

  it('keeps numbers, mails and names out of its log', () => {
    const text = log.join('\n');
    const people = stack.entra.admin.users();

    for (const { mobilePhone, mail, displayName } of people as unknown as Record<string, string | undefined>[]) {
      for (const value of [mobilePhone?.replaceAll(/\D/g, '').slice(-9), mail, displayName]) {
        if (value !== undefined && value.length > 6) expect(text).not.toContain(value);
      }
    }
    expect(text).not.toContain('simulated-');
    expect(text).toContain('"event":"run.ended"');
  });

  it('logs events as the catalogue has them, of the queues, the timer and each neighbour', () => {
    const lines = log.filter((line) => line.startsWith('{"event":')).map((line) => JSON.parse(line) as LoggedLine);

    const odd = lines.filter(({ event, level: _level, ...fields }) => !EVENTS[event].fields.safeParse(fields).success);

    expect(odd).toEqual([]);
    const names = new Set(lines.map(({ event }) => event));
    expect([...names]).toEqual(expect.arrayContaining(['message.taken', 'batch.settled', 'run.ended', 'tick.ended']));
    const called = lines.filter(({ event }) => event === 'neighbour.called').map(({ neighbour }) => neighbour);
    expect(new Set(called)).toEqual(new Set(['entra', 'graph', 'keyvault', 'messagemedia', 'storage']));
  });

  it('asks for a role where the authentication of App Service is trusted', async () => {
    await stack.restartHost({ TRUST_EASY_AUTH: 'true', WEBSITE_AUTH_ENABLED: 'True' });
    const claims = [{ typ: 'roles', val: 'Sync.Read' }];
    const reader = {
      ...withKey(),
      'x-ms-client-principal': Buffer.from(JSON.stringify({ auth_typ: 'aad', claims })).toString('base64'),
    };

    const answers = await Promise.all([
      get('health'),
      get('runs', withKey()),
      get('runs', reader),
      fetch(`${stack.apiUrl}/runs`, { method: 'POST', headers: reader }),
      fetch(`${stack.apiUrl}/pause`, { method: 'POST', headers: reader }),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([200, 403, 200, 403, 403]);
    expect(await answers[3].json()).toMatchObject({ code: 'forbidden', role: 'Sync.Run' });
    await stack.restartHost({ TRUST_EASY_AUTH: 'false' });
  });

  it('names every problem of its settings at once and starts nothing, but lives', async () => {
    await stack.restartHost({
      SYNC_LANES: '99',
      GRAPH_BASE_URL: 'http://localhost',
      SYNC_CONFIG_JSON: '{"sync":{"schedul":1}}',
    });

    const answers = await Promise.all([get('health'), get('status', withKey())]);
    const problem = (await answers[1].json()) as { code: string; problems: unknown[] };
    const started = await stack.api.startRun().catch((error: unknown) => error as ApiError);

    expect(answers.map(({ status }) => status)).toEqual([200, 503]);
    expect(problem.code).toBe('configuration-invalid');
    expect(problem.problems.length).toBeGreaterThan(3);
    expect(started).toMatchObject({ status: 503, code: 'configuration-invalid' });
  });
});
