import https from 'node:https';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startSimulator } from '../../../local/simulator/server.ts';
import type { Simulator } from '../../../local/simulator/server.ts';
import { createTlsIdentity, trustInProcess } from '../../../local/simulator/tls.ts';
import type { TlsIdentity } from '../../../local/simulator/tls.ts';

describe('startSimulator', () => {
  let identity: TlsIdentity;
  let simulator: Simulator;
  let handled = 0;

  beforeAll(async () => {
    identity = await createTlsIdentity();
    trustInProcess(identity);
  });
  beforeEach(async () => {
    handled = 0;
    simulator = await startSimulator({
      name: 'echo',
      tls: identity,
      handle: (request) => {
        handled += 1;
        if (request.path === '/broken') throw new Error('out of order');
        if (request.path === '/text') return { status: 201, body: 'plain', headers: { 'X-Test': 'yes' } };
        if (request.path === '/nothing') return { status: 204 };
        return {
          status: 200,
          body: { path: request.path, a: request.query.get('a'), sent: request.body === '' ? null : request.json() },
        };
      },
    });
  });
  afterEach(() => simulator.close());

  it('answers JSON, text and nothing', async () => {
    const json = await fetch(`${simulator.origin}/x%20y?a=1`, { method: 'POST', body: '{"b":2}' });
    const text = await fetch(`${simulator.origin}/text`);
    const nothing = await fetch(`${simulator.origin}/nothing`);

    expect(await json.json()).toEqual({ path: '/x%20y', a: '1', sent: { b: 2 } });
    expect(json.headers.get('content-type')).toContain('application/json');
    expect([text.status, await text.text(), text.headers.get('x-test')]).toEqual([201, 'plain', 'yes']);
    expect([nothing.status, await nothing.text()]).toEqual([204, '']);
  });

  it('logs every request without its headers', async () => {
    await fetch(`${simulator.origin}/a?b=1`, {
      method: 'PUT',
      body: '"hello"',
      headers: { authorization: 'Bearer private' },
    });

    expect(simulator.requests).toEqual([
      { at: expect.any(Number), method: 'PUT', path: '/a', query: 'b=1', body: '"hello"', status: 200 },
    ]);
    expect(JSON.stringify(simulator.requests)).not.toContain('private');
  });

  it('removes credentials from the forms it logs', async () => {
    await fetch(simulator.origin, { method: 'POST', body: 'client_id=a&client_secret=b%20c&scope=d' }).catch(
      () => undefined,
    );

    expect(simulator.requests[0]?.body).toBe('client_id=a&client_secret=(removed)&scope=d');
  });

  it('answers 500 for a fault of its own and keeps what was thrown', async () => {
    const response = await fetch(`${simulator.origin}/broken`);

    expect(response.status).toBe(500);
    expect(simulator.failures).toEqual([new Error('out of order')]);
  });

  it('waits as long as its latency says', async () => {
    simulator.latencyMs = 80;
    const before = performance.now();

    await fetch(simulator.origin);

    expect(performance.now() - before).toBeGreaterThanOrEqual(75);
  });

  it('keeps connections open for the next request', async () => {
    const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
    const ports: (number | undefined)[] = [];
    const get = (): Promise<void> =>
      new Promise((resolve, reject) => {
        const request = https.get(simulator.origin, { agent }, (response) => {
          ports.push(response.socket.localPort);
          response.resume().once('end', resolve);
        });
        request.once('error', reject);
      });

    await get();
    await get();
    agent.destroy();

    expect(new Set(ports).size).toBe(1);
  });

  it('is trusted by another process through NODE_EXTRA_CA_CERTS, under both of its names', async () => {
    const byAddress = simulator.origin.replace('localhost', '127.0.0.1');
    const script = `Promise.all(['${simulator.origin}', '${byAddress}'].map((url) => fetch(url))).then((all) => console.log(all.map((one) => one.status).join()))`;

    const trusting = await promisify(execFile)(process.execPath, ['-e', script], {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: identity.caFile },
    });
    const doubting = promisify(execFile)(process.execPath, ['-e', script]);

    expect(trusting.stdout.trim()).toBe('200,200');
    await expect(doubting).rejects.toThrow('self-signed certificate');
  });

  describe('with faults', () => {
    it('answers a status in place of the handler', async () => {
      simulator.faults.add({ do: { status: 429, retryAfter: 9 } });

      const response = await fetch(simulator.origin);

      expect([response.status, response.headers.get('retry-after')]).toEqual([429, '9']);
      expect(await response.json()).toMatchObject({ error: { code: 'Injected429' } });
      expect(handled).toBe(0);
    });

    it.each([
      ['an HTTP date', { retryAfter: 30, retryAfterAs: 'http-date' }, /GMT$/],
      ['any text', { retryAfter: 'soon' }, /^soon$/],
    ] as const)('sends Retry-After as %s', async (_case, extra, expected) => {
      simulator.faults.add({ do: { status: 503, ...extra } });

      const response = await fetch(simulator.origin);

      expect(response.headers.get('retry-after')).toMatch(expected);
    });

    it.each([
      ['a page', 'html', /<html>/],
      ['nothing', 'empty', /^$/],
      ['a body of choice', { message: 'chosen' }, /^\{"message":"chosen"\}$/],
    ] as const)('sends %s as the body', async (_case, body, expected) => {
      simulator.faults.add({ do: { status: 502, body } });

      const response = await fetch(simulator.origin);

      expect(await response.text()).toMatch(expected);
    });

    it.each([
      ['drop', 0],
      ['dropAfterCommit', 1],
    ] as const)('cuts the connection: %s', async (action, effects) => {
      simulator.faults.add({ times: 1, do: action });

      await expect(fetch(simulator.origin)).rejects.toThrow('fetch failed');

      expect(handled).toBe(effects);
      expect(simulator.requests.map((request) => request.status)).toEqual([0]);
      expect((await fetch(simulator.origin)).status).toBe(200);
    });

    it('sends half a document', async () => {
      simulator.faults.add({ do: 'truncate' });

      const response = await fetch(simulator.origin);

      expect(response.status).toBe(200);
      await expect(response.json()).rejects.toMatchObject({ name: 'SyntaxError' });
    });

    it('answers late', async () => {
      simulator.faults.add({ do: { delay: 80 } });
      const before = performance.now();

      const response = await fetch(simulator.origin);

      expect(response.status).toBe(200);
      expect(performance.now() - before).toBeGreaterThanOrEqual(75);
    });

    it('never answers, and can be closed all the same', async () => {
      simulator.faults.add({ do: 'hang' });

      const asked = fetch(simulator.origin, { signal: AbortSignal.timeout(100) });

      await expect(asked).rejects.toThrow('timeout');
      expect(handled).toBe(0);
    });
  });
});
