import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { QueueServiceClient } from '@azure/storage-queue';
import { startAzurite, type Azurite } from '../../local/azurite.ts';
import { startHostProcess, type HostProcess } from '../../local/functions-host/host-process.ts';
import type { FunctionsHostOptions } from '../../local/functions-host/host.ts';
import type { LogEntry } from '../../local/functions-host/log-entry.ts';

const APP = join('test', 'fixtures', 'functions-host', 'app');
const base64 = (text: string): string => Buffer.from(text).toString('base64');

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('startHostProcess', () => {
  let azurite: Azurite;
  let service: QueueServiceClient;
  let host: HostProcess;
  const logs: LogEntry[] = [];
  const started: HostProcess[] = [];

  async function start(options: Partial<FunctionsHostOptions> = {}, log = logs): Promise<HostProcess> {
    const settings = {
      AzureWebJobsStorage: azurite.connectionString,
      TICK: '0 0 0 1 1 *',
      WORK_QUEUE: 'probe-work',
      'AzureWebJobs.disabled.Disabled': 'true',
      ...options.settings,
    };
    const hostProcess = await startHostProcess({
      appFolder: APP,
      timers: 'manual',
      onLog: (entry) => log.push(entry),
      ...options,
      settings,
    });
    started.push(hostProcess);
    return hostProcess;
  }

  beforeAll(async () => {
    process.env['ENTRA_FIXTURE'] = 'of the parent';
    azurite = await startAzurite();
    service = QueueServiceClient.fromConnectionString(azurite.connectionString);
    host = await start();
  }, 120_000);

  afterAll(async () => {
    delete process.env['ENTRA_FIXTURE'];
    await Promise.all(started.map((hostProcess) => hostProcess.kill()));
    await azurite.stop();
  });

  /** The events of the fixture's functions, as they log them. */
  function events(name: string, log = logs): Record<string, unknown>[] {
    return log
      .filter(({ category }) => category.endsWith('.User'))
      .map(({ message }) => JSON.parse(message) as Record<string, unknown>)
      .filter(({ event }) => event === name);
  }

  async function eventually<Value>(find: () => Value | undefined | false): Promise<Value> {
    for (let attempt = 0; attempt < 200; attempt += 1) {
      const found = find();
      if (found !== undefined && found !== false) return found;
      await wait(50);
    }
    throw new Error(`It never happened: ${String(find)}`);
  }

  describe('registration', () => {
    it('lists the functions by name, with their settings resolved', () => {
      expect(host.functions.map(({ name }) => name)).toEqual(host.functions.map(({ name }) => name).toSorted());
      expect(host.functions).toContainEqual(
        expect.objectContaining({
          name: 'work',
          trigger: expect.objectContaining({ type: 'queueTrigger', queueName: 'probe-work' }),
          disabled: false,
        }),
      );
      expect(host.functions.find(({ name }) => name === 'echo')?.bindings).toEqual([
        expect.objectContaining({ type: 'httpTrigger', authLevel: 'function', methods: ['GET', 'POST'] }),
        expect.objectContaining({ type: 'http', direction: 'out', name: '$return' }),
      ]);
    });

    it('loads an ES module that a pattern names', async () => {
      const esm = await start({ appFolder: join('test', 'fixtures', 'functions-host', 'esm-app') }, []);

      expect(await (await fetch(`${esm.origin}/api/open`)).text()).toBe('from an ES module');
    });

    it.each([
      ['an entry that throws', { appFolder: 'test/fixtures/functions-host/throwing-app' }, /not today/],
      ['an entry that was not built', { appFolder: 'test/fixtures/functions-host/empty-app' }, /zero files matching/],
      ['an unset setting', { settings: { WORK_QUEUE: '' } }, /"work".*'%WORK_QUEUE%' does not resolve/],
      ['a schedule that is none', { settings: { TICK: 'at noon' } }, /'at noon' was not recognized/],
      ['no storage', { settings: { AzureWebJobsStorage: '' } }, /AzureWebJobsStorage is missing/],
    ])('refuses to start with %s', async (_, options, message) => {
      await expect(start(options, [])).rejects.toThrow(message);
    });

    it('gives the app its settings and nothing of the environment that configures the parent', async () => {
      const answer = await fetch(`${host.origin}/api/settings`);
      const settings = (await answer.json()) as Record<string, string>;

      expect(settings).toMatchObject({ WORK_QUEUE: 'probe-work', PATH: process.env['PATH'] });
      expect(settings).not.toHaveProperty('ENTRA_FIXTURE');
    });
  });

  describe('HTTP functions', () => {
    it('hands over method, url, parameters, query, headers and body', async () => {
      const answer = await fetch(`${host.origin}/api/Things/a%20b/part?x=1&x=2&code=${host.keys.function('echo')}`, {
        method: 'POST',
        headers: { 'x-probe': 'there' },
        body: 'the body',
      });

      expect(answer.status).toBe(201);
      expect(answer.headers.get('x-answer')).toBe('yes');
      expect(await answer.json()).toMatchObject({
        method: 'POST',
        params: { id: 'a b', part: 'part' },
        query: { x: '1,2' },
        header: 'there',
        body: 'the body',
        url: expect.stringContaining(`${host.origin}/api/Things/a%20b/part?x=1`),
      });
    });

    it('leaves out an optional parameter and takes the rest of a path', async () => {
      const key = { headers: { 'x-functions-key': host.keys.host } };
      const short = (await (await fetch(`${host.origin}/api/things/7`, key)).json()) as { params: object };
      const rest = await (await fetch(`${host.origin}/api/files/a/b/c.txt`)).json();
      const noRest = await (await fetch(`${host.origin}/api/files`)).json();

      expect(short.params).toEqual({ id: '7' });
      expect(rest).toEqual({ rest: 'a/b/c.txt' });
      expect(noRest).toEqual({});
    });

    it.each([
      ['no key', 'things/1', () => undefined, 401],
      ['a wrong key', 'things/1', () => 'wrong', 401],
      ["another function's key", 'things/1', () => host.keys.function('open'), 401],
      ["the function's key", 'things/1', () => host.keys.function('echo'), 201],
      ['the host key', 'things/1', () => host.keys.host, 201],
      ['the master key', 'things/1', () => host.keys.master, 201],
      ['the host key on an admin function', 'secret', () => host.keys.host, 401],
      ['the master key on an admin function', 'secret', () => host.keys.master, 200],
      ['no key on an anonymous function', 'open', () => undefined, 200],
    ])('with %s on /api/%s', async (_, path, key, status) => {
      const given = key();

      const answer = await fetch(`${host.origin}/api/${path}`, {
        headers: given === undefined ? {} : { 'x-functions-key': given },
      });

      expect(answer.status).toBe(status);
      if (status === 401) expect(await answer.text()).toBe('');
    });

    it.each([
      ['an unknown route', 'GET', '/api/nowhere', 404],
      ['a path without the prefix', 'GET', '/open', 404],
      ['a longer path', 'GET', '/api/open/more', 404],
      ['a wrong method', 'DELETE', '/api/open', 404],
      ['a disabled function', 'GET', '/api/disabled', 404],
      ['a function that throws', 'GET', '/api/broken', 500],
      ['a function that answers nothing', 'GET', '/api/empty', 204],
    ])('answers %s without a body', async (_, method, path, status) => {
      const answer = await fetch(host.origin + path, { method });

      expect(answer.status).toBe(status);
      expect(await answer.text()).toBe('');
    });

    it('does not hand over a body without content-length', async () => {
      const body = new Blob(['chunked']).stream();
      const answer = await fetch(`${host.origin}/api/things/1?code=${host.keys.host}`, {
        method: 'POST',
        body,
        duplex: 'half',
      });

      expect(await answer.json()).toMatchObject({ body: '' });
    });

    it('refuses a body above 100 MiB before it is sent', async () => {
      const headers = { 'content-length': 104_857_601, 'x-functions-key': host.keys.host };
      const call = request(`${host.origin}/api/things/1`, { method: 'POST', headers });
      call.flushHeaders();
      const [answer] = (await once(call, 'response')) as [IncomingMessage];
      call.destroy();

      expect(answer.statusCode).toBe(413);
    });

    it('runs the invocation hooks around the function', async () => {
      const answer = await fetch(`${host.origin}/api/hooked`);

      expect(await answer.json()).toEqual({ seen: true, note: 'from the pre-hook' });
    });

    it('logs each invocation, its failure with the stack', async () => {
      await fetch(`${host.origin}/api/broken`);

      const failure = await eventually(() => logs.find(({ message }) => message.includes('broken on purpose')));

      expect(failure).toMatchObject({ level: 'error', category: 'Function.broken' });
      expect(failure.message).toMatch(/^Executed 'Functions.broken' \(Failed, Id=.+functions\.cjs/s);
    });
  });

  describe('queue functions', () => {
    const send = (queue: string, text: string): Promise<unknown> =>
      service.getQueueClient(queue).sendMessage(text, { messageTimeToLive: -1 });

    beforeAll(async () => {
      await service.getQueueClient('probe-work').createIfNotExists();
      await service.getQueueClient('probe-work-poison').createIfNotExists();
    });

    it('parses a message, tells what it is and deletes it', async () => {
      await send('probe-work', base64('{"do":"ok","n":1}'));

      const work = await eventually(() => events('work').find(({ message }) => (message as { n?: number })?.n === 1));

      expect(work).toMatchObject({ dequeueCount: 1, id: expect.any(String), popReceipt: expect.any(String) });
      for (const time of ['insertionTime', 'expirationTime', 'nextVisibleTime']) {
        expect(new Date(String(work[time])).getTime()).toBeGreaterThan(Date.now() - 600_000);
      }
      await eventually(() => events('worked').some(({ message }) => (message as { n?: number })?.n === 1));
      await wait(100);
      expect(await service.getQueueClient('probe-work').getProperties()).toMatchObject({ approximateMessagesCount: 0 });
    });

    it.each([
      ['123', 'number'],
      ['plain text', 'string'],
    ])('hands over %s as a %s', async (text, type) => {
      await send('probe-work', base64(text));

      expect(await eventually(() => events('work').find((work) => String(work['message']) === text))).toMatchObject({
        type,
      });
    });

    it('repeats a failed message after the visibility time-out, then moves it to the poison queue', async () => {
      await send('probe-work', base64('{"do":"fail","n":2}'));

      await eventually(() => events('poison').some(({ message }) => (message as { n?: number }).n === 2));

      const tries = events('work').filter(({ message }) => (message as { n?: number } | null)?.n === 2);
      const times = tries.map((entry) => new Date(String(entry['nextVisibleTime'])).getTime());
      expect(tries.map(({ dequeueCount }) => dequeueCount)).toEqual([1, 2, 3]);
      expect((times[2] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(2_000);
    });

    it('moves a message that cannot be decoded to the poison queue at once', async () => {
      await send('probe-work', '§ not base64 §');
      const warning = await eventually(() => logs.find(({ message }) => message.includes('could not be decoded')));

      expect(warning).toEqual({
        level: 'warning',
        category: 'Host.Triggers.Queue',
        message: "Message could not be decoded. Moving message to queue 'probe-work-poison'.",
      });
      expect(events('work').some(({ message }) => String(message).includes('base64'))).toBe(false);
    });

    it('has no poison queue for a poison queue: a failed message stays invisible', async () => {
      await send('probe-work-poison', base64('{"do":"fail","n":3}'));
      await eventually(() => events('poison').some(({ message }) => (message as { n?: number }).n === 3));
      await wait(1_500);

      expect(events('poison').filter(({ message }) => (message as { n?: number }).n === 3)).toHaveLength(1);
      expect(await service.getQueueClient('probe-work-poison-poison').exists()).toBe(false);
    });

    it('works on no more than batchSize + newBatchThreshold messages at a time', async () => {
      const numbers = [10, 11, 12, 13, 14, 15];
      const isOne = ({ message }: Record<string, unknown>): boolean =>
        numbers.includes((message as { n?: number })?.n ?? 0);
      await Promise.all(numbers.map((n) => send('probe-work', base64(JSON.stringify({ do: 'nap', n })))));

      await eventually(() => events('worked').filter(isOne).length === numbers.length);

      let inWork = 0;
      let most = 0;
      for (const { message } of logs.filter(({ category }) => category === 'Function.work.User')) {
        const entry = JSON.parse(message) as Record<string, unknown>;
        if (!isOne(entry)) continue;
        inWork += entry['event'] === 'work' ? 1 : -1;
        most = Math.max(most, inWork);
      }
      expect(most).toBeGreaterThan(1);
      expect(most).toBeLessThanOrEqual(3);
    });

    it('keeps polling for a queue that does not exist yet', async () => {
      const log: LogEntry[] = [];
      await start({ settings: { WORK_QUEUE: 'probe-later' } }, log);
      await wait(300);

      await service.getQueueClient('probe-later').create();
      await send('probe-later', base64('"late"'));

      expect(await eventually(() => events('work', log)[0])).toMatchObject({ message: 'late' });
    });
  });

  describe('timer functions', () => {
    it('runs by hand and tells whether it is past due', async () => {
      await host.invokeTimer('tick');
      await host.invokeTimer('tick', { isPastDue: true });

      const [first, second] = await eventually(() => events('tick').length >= 2 && events('tick'));

      expect(first).toMatchObject({ isPastDue: false, schedule: { adjustForDST: true } });
      expect(second).toMatchObject({
        isPastDue: true,
        scheduleStatus: { next: expect.stringMatching(/-01-01T00:00:00/) },
      });
    });

    it('answers what the function threw, and refuses an unknown name', async () => {
      const failing = await start({ settings: { TICK_FAILS: 'yes', WORK_QUEUE: 'probe-other' } }, []);

      await expect(failing.invokeTimer('tick')).rejects.toThrow('the tick failed');
      await expect(failing.invokeTimer('echo')).rejects.toThrow('There is no timer function "echo".');
    });

    it('runs when it is due, and again after a failure', async () => {
      const log: LogEntry[] = [];
      const settings = { TICK: '*/1 * * * * *', TICK_FAILS: 'yes', WORK_QUEUE: 'probe-other' };
      await start({ timers: 'run', settings }, log);

      const ticks = await eventually(() => events('tick', log).length >= 2 && events('tick', log));

      expect(ticks[0]).toMatchObject({ isPastDue: false });
    });

    it.each([
      ['the master key', 'tick', () => host.keys.master, 202],
      ['the master key and an unknown function', 'nowhere', () => host.keys.master, 404],
      ['the host key', 'tick', () => host.keys.host, 401],
    ])('answers POST /admin/functions with %s', async (_, name, key, status) => {
      const answer = await fetch(`${host.origin}/admin/functions/${name}`, {
        method: 'POST',
        headers: { 'x-functions-key': key(), 'content-type': 'application/json' },
        body: '{"input":""}',
      });

      expect(answer.status).toBe(status);
    });

    it('starts a queue function by hand with the given input', async () => {
      await fetch(`${host.origin}/admin/functions/work`, {
        method: 'POST',
        headers: { 'x-functions-key': host.keys.master },
        body: JSON.stringify({ input: '{"n":99}' }),
      });

      expect(
        await eventually(() => events('work').find(({ message }) => (message as { n?: number })?.n === 99)),
      ).toBeDefined();
    });
  });

  describe('the process', () => {
    it('reports processor time and peak memory', async () => {
      const usage = await host.usage();

      expect(usage.cpuMicros).toBeGreaterThan(10_000);
      expect(usage.rssPeakBytes).toBeGreaterThan(20_000_000);
    });

    it('lets what is under way end when it is stopped, then runs the appTerminate hook', async () => {
      const log: LogEntry[] = [];
      const stopping = await start({ settings: { WORK_QUEUE: 'probe-other' } }, log);
      const nap = fetch(`${stopping.origin}/api/nap`);
      await eventually(() => events('napping', log)[0]);

      await stopping.stop();

      expect(await (await nap).text()).toBe('rested');
      expect(await stopping.exited).toEqual({ code: 0, signal: null });
      expect(log.filter(({ category }) => category === 'Host.Function.Console').map(({ message }) => message)).toEqual([
        'app started object',
        'app terminated',
      ]);
      await expect(stopping.stop()).resolves.toBeUndefined();
    });

    it('dies at once when it is killed, and what it was asked fails', async () => {
      const crashing = await start({ settings: { WORK_QUEUE: 'probe-other' } }, []);
      const asked = crashing.invokeTimer('nap-timer').catch((error: unknown) => String(error));

      expect(await crashing.kill()).toEqual({ code: null, signal: 'SIGKILL' });

      expect(await asked).toMatch(/has ended \(SIGKILL\)/);
      await expect(crashing.invokeTimer('tick')).rejects.toThrow(/has ended/);
    });

    it('drains on SIGTERM, as a worker does when the platform takes it away', async () => {
      const log: LogEntry[] = [];
      const leaving = await start({ settings: { WORK_QUEUE: 'probe-other' } }, log);

      expect(await leaving.kill('SIGTERM')).toEqual({ code: 0, signal: null });

      expect(log.map(({ message }) => message)).toContain('app terminated');
    });

    it('ends with its parent, however the parent ends', async () => {
      const settings = {
        AzureWebJobsStorage: azurite.connectionString,
        TICK: '0 0 0 1 1 *',
        WORK_QUEUE: 'probe-other',
      };
      const options = JSON.stringify({ appFolder: APP, timers: 'manual', settings });
      const script = `
        const { startHostProcess } = await import('./local/functions-host/host-process.ts');
        console.log((await startHostProcess(${options})).pid);`;
      const parent = spawn(process.execPath, ['--input-type=module', '--eval', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [printed] = (await once(parent.stdout, 'data')) as [Buffer];
      const pid = Number(String(printed));
      expect(isAlive(pid)).toBe(true);

      parent.kill('SIGKILL');

      await eventually(() => !isAlive(pid));
    });

    it('starts again on the same port with the same keys', async () => {
      const settings = { WORK_QUEUE: 'probe-other' };
      const first = await start({ settings }, []);
      await first.kill();
      const keys = { master: first.keys.master, host: first.keys.host };

      const second = await start({ settings, keys, port: Number(new URL(first.origin).port) }, []);

      expect(second.origin).toBe(first.origin);
      expect(second.keys.function('echo')).toBe(first.keys.function('echo'));
    });
  });
});
