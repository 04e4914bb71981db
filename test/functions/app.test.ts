import { QueueServiceClient } from '@azure/storage-queue';
import { startStack } from '../../local/stack.ts';
import type { Stack } from '../../local/stack.ts';
import { sampleDirectory } from '../../local/entra-graph/sample-directory.ts';
import type { ApiError } from '../../local/stack/api-client.ts';

const SYNC = {
  direction: 'one-way',
  source: 'entra-id',
  target: 'messagemedia',
  schedule: '0 6 * * *',
  mapping: { displayName: 'contact_name', mobilePhone: 'phone_number', department: 'group' },
  filters: { accountEnabled: true },
};

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

  it('registers every trigger, and asks for a key everywhere but at its liveness', async () => {
    const { functions } = stack.host;
    const anonymous = functions.filter(({ bindings }) =>
      bindings.some(({ type, authLevel }) => type === 'httpTrigger' && authLevel === 'anonymous'),
    );

    expect(functions.map(({ name }) => name)).toEqual([
      'advance-run',
      'advance-run-poison',
      'approve-run',
      'get-openapi',
      'get-run',
      'get-status',
      'health',
      'list-run-records',
      'list-runs',
      'process-batch',
      'process-batch-poison',
      'reject-run',
      'schedule-sync',
      'start-run',
    ]);
    expect(anonymous.map(({ name }) => name)).toEqual(['health']);
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
      body: JSON.stringify({ mode: 'reconcile', dryRun: 'yes', colour: 1 }),
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
    await eventually(async () => (await Promise.all(names.map(isEmpty))).every(Boolean));

    expect(await stack.api.run()).toMatchObject({ state: 'completed' });
  });

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
    expect(text).toContain('"event":"run-ended"');
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

async function eventually(isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error('It did not happen within 20 s.');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
