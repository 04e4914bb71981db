import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createCallApp } from '../../../src/cli/api/call-app.ts';
import { Refusal } from '../../../src/cli/refusal.ts';
import { problem, startSmallApp } from '../small-app.ts';
import type { Answers, SmallApp } from '../small-app.ts';

const KEY = 'secret-key-1';

describe('createCallApp', () => {
  let apps: SmallApp[] = [];

  afterEach(async () => {
    await Promise.all(apps.map((app) => app.close()));
    apps = [];
  });

  async function callOf(answers: Answers, key: string | undefined = KEY) {
    const app = await startSmallApp(answers);
    apps.push(app);
    return { app, call: createCallApp({ url: app.url, key, isNamed: false }) };
  }

  async function refusalOf(answers: Answers, path = '/status'): Promise<Refusal> {
    const { call } = await callOf(answers);
    const error: unknown = await call('GET', path).catch((caught: unknown) => caught);
    if (!(error instanceof Refusal)) throw new Error(`No refusal: ${String(error)}`);
    return error;
  }

  it('sends the key in a header, and the body as JSON', async () => {
    const { app, call } = await callOf({ 'POST /runs': { status: 202, body: { runId: 'r1' } } });

    const answer = await call('POST', '/runs', { body: { mode: 'full' } });

    expect(answer).toEqual({ runId: 'r1' });
    expect(app.asked).toEqual([{ method: 'POST', path: '/runs', key: KEY, body: { mode: 'full' } }]);
  });

  it('sends no header where there is no key', async () => {
    const { app, call } = await callOf({ 'GET /health': { body: {} } }, '');

    await createCallApp({ url: app.url, key: undefined, isNamed: false })('GET', '/health');

    expect(call).toBeDefined();
    expect(app.asked[0]?.key).toBeUndefined();
  });

  it('follows no redirect: the key would go with it', async () => {
    const elsewhere = await startSmallApp({ 'GET /status': { body: {} } });
    apps.push(elsewhere);

    const refusal = await refusalOf({
      'GET /status': { status: 302, headers: { location: `${elsewhere.url}/status` } },
    });

    expect(refusal).toMatchObject({ exit: 2, code: 'redirected' });
    expect(elsewhere.asked).toEqual([]);
  });

  it.each([
    ['401 of the host', 401, 5, 'key-refused'],
    ['403 of something before the app', 403, 5, 'forbidden'],
    ['404 of the host', 404, 2, 'call-unknown'],
    ['429', 429, 6, 'app-unavailable'],
    ['503 of a gateway', 503, 6, 'app-unavailable'],
    ['418', 418, 1, 'unexpected'],
  ])('knows what an answer without words means: %s', async (_name, status, exit, code) => {
    const refusal = await refusalOf({ 'GET /status': { status, body: '<html>' } });

    expect(refusal).toMatchObject({ exit, code, problem: undefined });
    expect(refusal.hints).toHaveLength(1);
  });

  it('tells a problem of the app in its words, with every bad field', async () => {
    const problems = [
      { path: 'mode', message: 'is not known here' },
      { name: 'GRAPH_BASE_URL', found: '"http://x"', expected: 'an https address' },
      { source: 'sync.config.json', line: 3, column: 7, path: 'sync.timeZone', expected: 'a zone', nearest: 'UTC' },
    ];

    const refusal = await refusalOf({ 'GET /status': problem(503, 'configuration-invalid', { problems }) });

    expect(refusal).toMatchObject({ exit: 2, code: 'configuration-invalid', message: 'It is configuration-invalid.' });
    expect(refusal.hints).toEqual([
      'mode: is not known here',
      'GRAPH_BASE_URL: found "http://x", expected an https address',
      'sync.config.json:3:7 sync.timeZone: expected a zone (did you mean "UTC"?)',
      'Correlation id: c-1',
    ]);
  });

  it.each([
    ['a problem without a sentence', { code: 'unexpected' }, 'The app answered 500 (unexpected).'],
    ['JSON that is no problem', { message: 'no' }, 'GET /status was answered with 500, without a word.'],
  ])('makes do with %s', async (_name, body, message) => {
    expect(await refusalOf({ 'GET /status': { status: 500, body } })).toMatchObject({ message });
  });

  it('says that nobody listens at any address of a name', async () => {
    const app = await startSmallApp({});
    await app.close();
    const url = app.url.replace('127.0.0.1', 'localhost');

    const refusal = await createCallApp({ url, key: KEY, isNamed: false })('GET', '/status').catch((e: unknown) => e);

    expect(refusal).toMatchObject({ exit: 6, message: `No answer from ${url}: nobody listens there.` });
  });

  it('says which run is active', async () => {
    const refusal = await refusalOf({ 'GET /status': problem(409, 'run-active', { runId: 'r8-1' }) });

    expect(refusal).toMatchObject({ exit: 2, hints: ['The active run is r8-1.'] });
  });

  it('takes HTML with status 200 for what it is', async () => {
    const refusal = await refusalOf({ 'GET /status': { body: '<html>Sign in</html>' } });

    expect(refusal).toMatchObject({ exit: 1, code: 'answer-unreadable' });
    expect(refusal.message).toContain('GET /status');
  });

  it('keeps the query of a call out of its words', async () => {
    const refusal = await refusalOf({}, '/runs/r1/records?department=Sales');

    expect(refusal.message).toBe('The app does not know GET /runs/r1/records.');
  });

  it('says that nobody listens, or that the time is over', async () => {
    const silent = createServer((socket) => socket.setTimeout(500, () => socket.destroy()));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/api`;
    const call = createCallApp({ url, key: KEY, isNamed: false });

    const late = await call('GET', '/status', { timeOutMs: 50 }).catch((error: unknown) => error);
    await new Promise((resolve) => silent.close(resolve));
    const nobody = await call('GET', '/status').catch((error: unknown) => error);

    expect(late).toMatchObject({
      exit: 6,
      code: 'app-unreachable',
      message: `No answer from ${url}: the time is over.`,
    });
    expect(nobody).toMatchObject({ exit: 6, message: `No answer from ${url}: nobody listens there.` });
    expect([late, nobody].map(String).join('')).not.toContain(KEY);
  });

  it('says that the connection was cut', async () => {
    const rude = createServer((socket) => socket.once('data', () => socket.destroy()));
    await new Promise<void>((resolve) => rude.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(rude.address() as AddressInfo).port}/api`;

    const refusal = await createCallApp({ url, key: KEY, isNamed: false })('GET', '/status').catch((e: unknown) => e);
    await new Promise((resolve) => rude.close(resolve));

    expect(refusal).toMatchObject({ exit: 6, message: `No answer from ${url}: the connection was cut.` });
  });

  it.each([
    ['the answer ends in the middle', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"', 'the connection was cut'],
    ['the answer is not HTTP', 'SSH-2.0-server\r\n', 'the connection failed'],
  ])('says it when %s', async (_name, answer, reason) => {
    const rude = createServer((socket) => socket.once('data', () => socket.end(answer)));
    await new Promise<void>((resolve) => rude.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(rude.address() as AddressInfo).port}/api`;

    const refusal = await createCallApp({ url, key: KEY, isNamed: false })('GET', '/status').catch((e: unknown) => e);
    await new Promise((resolve) => rude.close(resolve));

    expect(refusal).toMatchObject({ exit: 6, message: `No answer from ${url}: ${reason}.` });
  });
});
