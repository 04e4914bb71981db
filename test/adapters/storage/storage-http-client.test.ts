import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttpHeaders, createPipelineRequest, type PipelineRequest } from '@azure/core-rest-pipeline';
import { createStorageClock } from '../../../src/adapters/storage/storage-clock.ts';
import { createStorageHttpClient, retriedCode } from '../../../src/adapters/storage/storage-http-client.ts';

let server: Server;
let url: string;
let answer: RequestListener = (_request, response) => void response.end();

beforeAll(async () => {
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/path?a=1`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const aRequest = (fields: Partial<PipelineRequest> = {}): PipelineRequest =>
  createPipelineRequest({ url, allowInsecureConnection: true, ...fields });

describe('createStorageHttpClient', () => {
  it('sends method, path, headers and body, and brings back status, headers and text', async () => {
    answer = (request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += String(chunk)));
      request.on('end', () => {
        const { method, url: path, headers } = request;
        response.writeHead(202, { ETag: 'W/"1"' }).end(JSON.stringify({ method, path, test: headers['x-test'], body }));
      });
    };
    const headers = createHttpHeaders({ 'X-Test': 'yes' });

    const response = await createStorageHttpClient(createStorageClock()).sendRequest(
      aRequest({ method: 'PUT', headers, body: 'Zoë' }),
    );

    expect(response.status).toBe(202);
    expect(response.headers.get('etag')).toBe('W/"1"');
    expect(JSON.parse(response.bodyAsText ?? '')).toEqual({
      method: 'PUT',
      path: '/path?a=1',
      test: 'yes',
      body: 'Zoë',
    });
  });

  it('does not ask for packed answers, which it could not read', async () => {
    answer = (request, response) => void response.end(String(request.headers['accept-encoding']));
    const headers = createHttpHeaders({ 'Accept-Encoding': 'gzip' });

    const response = await createStorageHttpClient(createStorageClock()).sendRequest(aRequest({ headers }));

    expect(response.bodyAsText).toBe('undefined');
  });

  it('tells the clock what time storage has', async () => {
    answer = (_request, response) => void response.setHeader('Date', 'Mon, 05 Jan 2099 12:00:00 GMT').end();
    const clock = createStorageClock();

    await createStorageHttpClient(clock).sendRequest(aRequest());

    expect(new Date(clock.now()).getUTCFullYear()).toBe(2099);
  });

  it.each<[string, RequestListener]>([
    ['before the answer', (request) => void request.socket.destroy()],
    [
      'in the middle of it',
      (request, response) =>
        void response.writeHead(200, { 'Content-Length': 9 }).write('half', () => request.socket.destroy()),
    ],
    ['by something that is not HTTP', (request) => void request.socket.end('SSH-2.0-server\r\n\r\n')],
  ])('calls a connection that ends %s a reset, which the SDK repeats', async (_what, listener) => {
    answer = listener;

    const call = createStorageHttpClient(createStorageClock()).sendRequest(aRequest());

    await expect(call).rejects.toMatchObject({ name: 'RestError', code: 'ECONNRESET', cause: expect.any(Error) });
  });

  it('names a refused connection as the SDK knows it', async () => {
    const call = createStorageHttpClient(createStorageClock()).sendRequest(aRequest({ url: 'http://127.0.0.1:1/' }));

    await expect(call).rejects.toMatchObject({ name: 'RestError', code: 'ECONNREFUSED' });
  });

  it('refuses plain HTTP unless it is allowed', async () => {
    const call = createStorageHttpClient(createStorageClock()).sendRequest(
      aRequest({ allowInsecureConnection: false }),
    );

    await expect(call).rejects.toThrow('plain HTTP');
  });
});

describe('retriedCode', () => {
  it.each([
    ['UND_ERR_HEADERS_TIMEOUT', 'ETIMEDOUT'],
    ['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT'],
    ['UND_ERR_SOCKET', 'ECONNRESET'],
    ['HPE_INVALID_CONSTANT', 'ECONNRESET'],
    ['HTTPParserError', 'ECONNRESET'],
    ['EPIPE', 'ECONNRESET'],
    ['UND_ERR_INVALID_ARG', 'UND_ERR_INVALID_ARG'],
    ['EAI_AGAIN', 'ENOTFOUND'],
    ['EHOSTUNREACH', 'ENOTFOUND'],
    ['ECONNREFUSED', 'ECONNREFUSED'],
    ['CERT_HAS_EXPIRED', 'CERT_HAS_EXPIRED'],
  ])('of %s is %s', (code, expected) => {
    expect(retriedCode(code)).toBe(expected);
  });
});
