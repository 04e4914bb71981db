import { startSimulator, type SimResponse, type Simulator } from '../../local/simulator/server.ts';
import { createRestClient, Refused, type RestClient } from '../../scripts/infra/rest-client.ts';
import { trustedTls } from '../support/trusted-tls.ts';

describe('createRestClient', () => {
  let service: Simulator;
  let client: RestClient;
  let answer: SimResponse;

  beforeAll(async () => {
    service = await startSimulator({ name: 'service', tls: await trustedTls(), handle: () => answer });
    client = createRestClient(service.origin, 'token');
  });

  afterAll(() => service.close());

  it('does not take the token to a next page of another origin', async () => {
    answer = { status: 200, body: { value: [1], '@odata.nextLink': 'https://elsewhere.example/v1.0/more' } };
    const before = service.requests.length;

    await expect(client.list('/v1.0/things')).rejects.toThrow('https://elsewhere.example is not followed');

    expect(service.requests).toHaveLength(before + 1);
  });

  it('does not follow a redirect', async () => {
    answer = { status: 302, headers: { Location: 'https://elsewhere.example/' } };

    await expect(client.find('/v1.0/things')).rejects.toThrow('fetch failed');
  });

  it('does not go round in circles', async () => {
    answer = { status: 200, body: { value: [1], '@odata.nextLink': `${service.origin}/v1.0/things` } };

    await expect(client.list('/v1.0/things')).rejects.toThrow('more than 100 pages');
  });

  it.each([401, 403])('tells a refusal apart: %d', async (status) => {
    answer = { status, body: { error: { code: 'Authorization_RequestDenied', message: 'No.' } } };

    const failure = await client.send('POST', '/v1.0/things', {}).catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(Refused);
    expect(String(failure)).toContain('Authorization_RequestDenied No.');
  });

  it('throws what the service says of anything else', async () => {
    answer = { status: 400, body: { error: { code: 'Request_BadRequest', message: 'Wrong.' } } };

    const failure = await client.send('PATCH', '/v1.0/things', {}).catch((error: unknown) => error);

    expect(failure).not.toBeInstanceOf(Refused);
    expect(String(failure)).toContain('PATCH /v1.0/things was answered with 400: Request_BadRequest Wrong.');
  });

  it('answers nothing for what is not there, but only when it is read', async () => {
    answer = { status: 404, body: {} };

    expect(await client.find('/v1.0/things')).toBeUndefined();
    await expect(client.send('POST', '/v1.0/things', {})).rejects.toThrow('no reason was given');
  });
});
