import { startEntraGraph } from '../../local/entra-graph/entra-graph.ts';
import type { EntraGraph } from '../../local/entra-graph/entra-graph.ts';
import { startKeyVault } from '../../local/key-vault/key-vault.ts';
import type { KeyVault } from '../../local/key-vault/key-vault.ts';
import { startMessageMedia } from '../../local/messagemedia/server.ts';
import type { MessageMedia } from '../../local/messagemedia/server.ts';
import type { FaultSpec, StatusFault } from '../../local/simulator/faults.ts';
import { startSimulator } from '../../local/simulator/server.ts';
import type { Simulator } from '../../local/simulator/server.ts';
import { NO_METER } from '../../src/core/traffic.ts';
import { connectNeighbours } from '../../src/functions/connect-neighbours.ts';
import type { Neighbours } from '../../src/functions/connect-neighbours.ts';
import type { Settings } from '../../src/functions/settings.ts';
import { aForeignHost } from '../support/foreign-host.ts';
import type { ForeignHost } from '../support/foreign-host.ts';
import { allOf, aScope, failureOf } from '../support/neighbour-calls.ts';
import { trustedTls } from '../support/trusted-tls.ts';

const TENANT = '11111111-2222-4333-8444-555555555555';
const CLIENT = '66666666-7777-4888-8999-000000000000';
const IDENTITY = '99999999-aaaa-4bbb-8ccc-dddddddddddd';
const SECRET = 'canary-secret';
const MESSAGE = { v: 1, runId: 'run-1' } as const;
const REDIRECTS = [301, 302, 303, 307, 308];

let foreign: ForeignHost;
let entra: EntraGraph;
let messageMedia: MessageMedia;
let vault: KeyVault;
let storage: Simulator;

// The identity library remembers the first endpoint of a process for good: one for all tests here.
beforeAll(async () => {
  entra = await startEntraGraph({
    tls: await trustedTls(),
    tenantId: TENANT,
    clientId: CLIENT,
    clientSecret: SECRET,
    identityClientId: IDENTITY,
  });
  Object.assign(process.env, {
    IDENTITY_ENDPOINT: entra.identityEndpoint,
    IDENTITY_HEADER: entra.identityHeader,
    // Skips the sign-ins of a developer's tools, which start processes.
    AZURE_TOKEN_CREDENTIALS: 'prod',
  });
});

afterAll(() => entra.close());

beforeEach(async () => {
  const tls = await trustedTls();
  foreign = await aForeignHost();
  messageMedia = await startMessageMedia({ tls, apiKey: 'canary-key', apiSecret: SECRET });
  vault = await startKeyVault({
    tls,
    authority: entra.origin,
    tenantId: TENANT,
    acceptsToken: entra.acceptsToken,
    secrets: {
      'entra-client-secret': SECRET,
      'messagemedia-api-key': 'canary-key',
      'messagemedia-api-secret': SECRET,
      'pseudonym-key': 'canary-pseudonym-key',
    },
  });
  storage = await startSimulator({ name: 'storage', tls, handle: () => ({ status: 404 }) });
});

afterEach(async () => {
  entra.faults.clear();
  await Promise.all([foreign.close(), messageMedia.close(), vault.close(), storage.close()]);
});

function settings(changes: Partial<Settings> = {}): Settings {
  // The tables SDK takes a localhost of another port than the emulator's for Cosmos DB; the queue SDK wants the name of an
  // account there.
  const tableServiceUri = storage.origin.replace('localhost', '127.0.0.1');
  return {
    storage: { kind: 'identity', queueServiceUri: `${storage.origin}/account`, tableServiceUri, clientId: IDENTITY },
    config: { json: '{}' },
    tick: '0 */5 * * * *',
    lanes: 4,
    entra: { tenantId: TENANT, clientId: CLIENT, auth: 'client-secret', authorityHost: entra.origin },
    graph: { baseUrl: entra.origin },
    messageMedia: { baseUrl: messageMedia.origin, auth: 'basic', maxConcurrency: 2 },
    keyVault: { uri: vault.origin, verifyChallenge: false },
    azureClientId: IDENTITY,
    identityOrigin: entra.origin,
    ...changes,
  };
}

function neighbours(changes: Partial<Settings> = {}): Neighbours {
  return connectNeighbours(settings(changes), { event: () => undefined }, NO_METER);
}

function federated(): Neighbours {
  entra.admin.setFederatedCredentials([
    {
      issuer: `${entra.origin}/${TENANT}/v2.0`,
      subject: entra.identityPrincipalId,
      audience: 'api://AzureADTokenExchange',
    },
  ]);
  const app = { tenantId: TENANT, clientId: CLIENT, auth: 'federated', authorityHost: entra.origin } as const;
  return neighbours({ entra: app });
}

function elsewhere(status: number, path = '/elsewhere'): StatusFault {
  return { status, headers: { Location: `${foreign.origin}${path}` }, body: 'empty' };
}

const GRAPH = { path: /^\/v1\.0\// };
const TOKEN = { path: /oauth2\/v2\.0\/token$/ };
const DISCOVERY = { path: /openid-configuration$/ };
const SIGN_IN = { path: /\/msi\/token$/ };

/** What a call to a neighbour is, and where it can be led astray. */
const CALLS: readonly (readonly [string, () => Simulator, FaultSpec['match'], (to: Neighbours) => Promise<unknown>])[] =
  [
    ['the changes of users', () => entra, GRAPH, (to) => to.directory.check(aScope())],
    ['users by id', () => entra, GRAPH, (to) => to.directory.readPeople(['a'], ['department'], aScope())],
    ['a token for Graph', () => entra, TOKEN, (to) => to.directory.check(aScope())],
    ['an exchange of tokens', () => entra, TOKEN, () => federated().directory.check(aScope())],
    ['where tokens are to be had', () => entra, DISCOVERY, (to) => to.directory.check(aScope())],
    ['a look at lists', () => messageMedia, {}, (to) => to.contactBook.listLists(aScope())],
    ['a new list', () => messageMedia, {}, (to) => to.contactBook.createList('Sales', aScope())],
    ['a change of members', () => messageMedia, {}, (to) => to.contactBook.changeMembers('a', ['b'], [], aScope())],
    ['a secret', () => vault, {}, (to) => to.secrets.get('pseudonym-key')],
    ['a row', () => storage, {}, (to) => to.tables.state.get('p', 'a')],
    [
      'rows to write',
      () => storage,
      {},
      (to) =>
        to.tables.people.write(
          'p',
          ['a', 'b'].map((key) => ({ kind: 'put', row: { key } })),
        ),
    ],
    ['a message', () => storage, {}, (to) => to.queue.send('sync-runs', MESSAGE)],
  ];

describe('a redirect', () => {
  it.each(
    CALLS.flatMap(([what, host, match, ask]) =>
      REDIRECTS.map((status) => [status, what, host, match ?? {}, ask] as const),
    ),
  )('with %i of %s leads nowhere', async (status, _what, host, match, ask) => {
    const fault = host().faults.add({ match, do: elsewhere(status) });

    const error = await failureOf(ask(neighbours()));

    expect(fault.fired).toBeGreaterThan(0);
    expect(['unexpected-answer', 'answer-lost', 'unavailable']).toContain(error.failure);
    expect([foreign.connections(), foreign.requests]).toEqual([0, []]);
  });

  it('of the sign-in of a managed identity leads nowhere', async () => {
    const identity = 'aaaaaaaa-aaaa-4bbb-8ccc-dddddddddddd';
    const fault = entra.faults.add({ match: SIGN_IN, do: elsewhere(307) });

    await failureOf(neighbours({ azureClientId: identity }).secrets.get('pseudonym-key'));

    expect(fault.fired).toBeGreaterThan(0);
    expect(foreign.connections()).toBe(0);
  });

  it.each(['managed-identity', 'federated'] as const)('of the sign-in to Graph with %s leads nowhere', async (auth) => {
    const identity = 'bbbbbbbb-aaaa-4bbb-8ccc-dddddddddddd';
    const app = { tenantId: TENANT, clientId: auth === 'federated' ? CLIENT : identity, auth };
    const fault = entra.faults.add({ match: SIGN_IN, do: elsewhere(307) });

    await failureOf(
      neighbours({ azureClientId: identity, entra: { ...app, authorityHost: entra.origin } }).directory.check(aScope()),
    );

    expect(fault.fired).toBeGreaterThan(0);
    expect(foreign.connections()).toBe(0);
  });

  it('within the same host is not followed either', async () => {
    const fault = storage.faults.add({ do: { status: 307, headers: { Location: '/b' }, body: 'empty' } });

    await failureOf(neighbours().queue.send('sync-runs', MESSAGE));

    expect(fault.fired).toBe(1);
    expect(storage.requests.map(({ path }) => path)).not.toContain('/b');
  });
});

describe('an address in an answer', () => {
  it.each(['@odata.nextLink', '@odata.deltaLink'])('of another host is not followed: %s', async (name) => {
    const link = `${foreign.origin}/v1.0/users/delta?$skiptoken=x`;
    entra.faults.add({ match: GRAPH, do: { status: 200, body: { value: [], [name]: link } } });
    const { directory } = neighbours();

    const error = await failureOf(allOf(directory.deltaPages({ select: ['department'] }, aScope())));

    expect(error.failure).toBe('unexpected-answer');
    expect(foreign.connections()).toBe(0);
  });

  it('that names another token endpoint gets no client secret', async () => {
    const body = {
      token_endpoint: `${foreign.origin}/token`,
      authorization_endpoint: `${foreign.origin}/authorize`,
      jwks_uri: `${foreign.origin}/keys`,
      issuer: `${entra.origin}/${TENANT}/v2.0`,
    };
    const fault = entra.faults.add({ match: DISCOVERY, do: { status: 200, body } });

    const error = await failureOf(neighbours().directory.check(aScope()));

    expect(fault.fired).toBeGreaterThan(0);
    expect(error.message).toContain('led to another host');
    expect([foreign.connections(), foreign.requests]).toEqual([0, []]);
  });

  it.each([true, false])('in the challenge of a vault gets no token (verified: %p)', async (verifyChallenge) => {
    const challenge = `Bearer authorization="${foreign.origin}/${TENANT}", resource="${foreign.origin}"`;
    const fault = vault.faults.add({ do: { status: 401, headers: { 'WWW-Authenticate': challenge }, body: 'empty' } });
    const { secrets } = neighbours({ keyVault: { uri: vault.origin, verifyChallenge } });

    const error = await failureOf(secrets.get('pseudonym-key'));

    expect(fault.fired).toBeGreaterThan(0);
    expect(error.neighbour).toBe('keyvault');
    expect(foreign.connections()).toBe(0);
  });
});

describe('the host of these tests', () => {
  it('would have noticed anybody', async () => {
    await fetch(`${foreign.origin}/somebody`);

    expect([foreign.connections(), foreign.requests.length]).toEqual([1, 1]);
  });

  it('is let alone by calls that are answered', async () => {
    const { directory, contactBook, secrets } = neighbours();
    const { directory: secretless } = federated();

    await Promise.all([directory.check(aScope()), secretless.check(aScope())]);
    await Promise.all([contactBook.listLists(aScope()), secrets.get('pseudonym-key')]);

    expect(foreign.connections()).toBe(0);
  });
});
