import { createPipelineRequest } from '@azure/core-rest-pipeline';
import { startSimulator } from '../../local/simulator/server.ts';
import type { Simulator } from '../../local/simulator/server.ts';
import { isGuardRefusal } from '../../src/adapters/guard-refusal.ts';
import { guardedHttpClient } from '../../src/adapters/guarded-http-client.ts';
import { watchRequests } from '../../src/adapters/request-watch.ts';
import { createTraffic } from '../../src/core/traffic.ts';
import { aForeignHost } from '../support/foreign-host.ts';
import type { ForeignHost } from '../support/foreign-host.ts';
import { trustedTls } from '../support/trusted-tls.ts';

let host: Simulator;
let foreign: ForeignHost;

beforeEach(async () => {
  foreign = await aForeignHost();
  host = await startSimulator({
    name: 'a-host',
    tls: await trustedTls(),
    handle: ({ path }) => {
      const status = Number(path.slice(1));
      return { status, headers: { Location: `${foreign.origin}/` } };
    },
  });
});

afterEach(async () => {
  await host.close();
  await foreign.close();
});

describe('guardedHttpClient', () => {
  it.each([200, 304, 401, 404, 500])('brings back any answer that is no redirect (%i)', async (status) => {
    const client = guardedHttpClient({ allowedOrigins: [host.origin] });

    const response = await client.sendRequest(createPipelineRequest({ url: `${host.origin}/${status}` }));

    expect(response.status).toBe(status);
  });

  it('tells whoever watches of each request that is sent, and of no other', async () => {
    const traffic = createTraffic();
    let now = 0;
    const watch = watchRequests('storage', traffic, { now: () => (now += 40) });
    const client = guardedHttpClient({ allowedOrigins: [host.origin, 'https://localhost:1'], watch });
    const send = (url: string) => client.sendRequest(createPipelineRequest({ url })).catch(() => undefined);

    for (const status of [200, 404, 429, 503, 500]) await send(`${host.origin}/${status}`);
    await send('https://localhost:1/nobody-listens');
    await send(`${foreign.origin}/200`);

    const sums = { calls: 6, throttled: 2, failed: 2, slow: 0, totalMs: 240, maxMs: 40 };
    expect(traffic.drain()).toEqual([{ neighbour: 'storage', ...sums }]);
  });

  it.each([300, 301, 302, 303, 307, 308])('makes a redirect an error (%i)', async (status) => {
    const refusals: number[] = [];
    const client = guardedHttpClient({ allowedOrigins: [host.origin], onRefusal: () => refusals.push(status) });

    const call = client.sendRequest(createPipelineRequest({ url: `${host.origin}/${status}` }));

    await expect(call).rejects.toMatchObject({ name: 'RestError', code: 'RedirectRefused' });
    expect(refusals).toEqual([status]);
    expect(foreign.connections()).toBe(0);
  });

  it('makes a redirect an error where any host is allowed, too', async () => {
    const call = guardedHttpClient({}).sendRequest(createPipelineRequest({ url: `${host.origin}/307` }));

    await expect(call).rejects.toMatchObject({ code: 'RedirectRefused' });
    expect(foreign.connections()).toBe(0);
  });

  it.each<[string, (origin: string) => string]>([
    ['another port', () => foreign.origin],
    ['another scheme', (origin) => origin.replace('https', 'http')],
    ['a name that only begins alike', (origin) => origin.replace('localhost', 'localhost.example.com')],
    ['a host behind credentials that look like ours', (origin) => `${origin}@localhost:1`],
  ])('does not connect to %s', async (_what, address) => {
    const client = guardedHttpClient({ allowedOrigins: [host.origin] });

    const call = client.sendRequest(
      createPipelineRequest({ url: `${address(host.origin)}/200`, allowInsecureConnection: true }),
    );

    await expect(call).rejects.toMatchObject({ name: 'RestError', code: 'HostNotAllowed' });
    expect([foreign.connections(), host.requests.length]).toEqual([0, 0]);
  });
});

describe('isGuardRefusal', () => {
  it.each<[unknown, boolean]>([
    [Object.assign(new Error('x'), { code: 'RedirectRefused' }), true],
    [Object.assign(new Error('x'), { code: 'HostNotAllowed' }), true],
    [Object.assign(new Error('x'), { code: 'ECONNRESET' }), false],
    [new Error('x'), false],
    [{ code: 'RedirectRefused' }, false],
  ])('takes %p for one: %p', (error, expected) => {
    expect(isGuardRefusal(error)).toBe(expected);
  });
});
