import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { startSimulator } from '../../local/simulator/server.ts';
import type { SimRequest } from '../../local/simulator/server.ts';
import { NeighbourError } from '../../src/core/errors.ts';
import { NO_METER } from '../../src/core/traffic.ts';
import { connectNeighbours } from '../../src/functions/connect-neighbours.ts';
import type { Settings } from '../../src/functions/settings.ts';
import { aScope, failureOf } from '../support/neighbour-calls.ts';
import { trustedTls } from '../support/trusted-tls.ts';

const LOG = { event: () => undefined };
const SECRETS = {
  'entra-client-secret': 'client secret',
  'messagemedia-api-key': 'api key',
  'messagemedia-api-secret': 'api secret',
  'pseudonym-key': 'pseudonym key',
};

/** Takes connections and hangs up at once: every call arrives, none is answered. */
async function aClosedDoor(): Promise<{ origin: string; knocks: () => number; server: Server }> {
  let knocks = 0;
  const server = createServer((socket) => {
    knocks += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { origin: `https://127.0.0.1:${port}`, knocks: () => knocks, server };
}

function settingsFor(origin: string, changes: Partial<Settings> = {}): Settings {
  return {
    storage: { kind: 'identity', queueServiceUri: origin, tableServiceUri: origin, clientId: 'identity-1' },
    config: { json: '{}' },
    tick: '0 */5 * * * *',
    lanes: 4,
    entra: { tenantId: 'tenant-1', clientId: 'client-1', auth: 'client-secret', authorityHost: origin },
    graph: { baseUrl: origin },
    messageMedia: { baseUrl: origin, auth: 'basic', maxConcurrency: 2 },
    localSecrets: SECRETS,
    ...changes,
  };
}

describe('connectNeighbours', () => {
  let door: Awaited<ReturnType<typeof aClosedDoor>>;
  beforeEach(async () => void (door = await aClosedDoor()));
  afterEach(() => new Promise((resolve) => door.server.close(resolve)));

  it('talks to nobody while it connects', () => {
    const connectionString = 'UseDevelopmentStorage=true';

    connectNeighbours(settingsFor(door.origin), LOG, NO_METER);
    connectNeighbours(
      settingsFor(door.origin, { storage: { kind: 'connection-string', connectionString } }),
      LOG,
      NO_METER,
    );
    connectNeighbours(
      settingsFor(door.origin, { keyVault: { uri: door.origin, verifyChallenge: true } }),
      LOG,
      NO_METER,
    );

    expect(door.knocks()).toBe(0);
  });

  it('takes the secrets from the settings where there is no vault', async () => {
    const { secrets } = connectNeighbours(settingsFor(door.origin), LOG, NO_METER);

    expect(await secrets.get('messagemedia-api-key')).toBe('api key');
  });

  it('has no secret where neither vault nor settings give one', async () => {
    const { localSecrets: _localSecrets, ...settings } = settingsFor(door.origin);

    const failure = await failureOf(connectNeighbours(settings, LOG, NO_METER).secrets.get('pseudonym-key'));

    expect(failure).toMatchObject({ neighbour: 'keyvault', failure: 'not-found' });
  });

  it('calls the addresses that the settings name, with the secrets they give', async () => {
    const { contactBook, directory } = connectNeighbours(settingsFor(door.origin), LOG, NO_METER);
    let attempts = 0;
    const scope = {
      beforeAttempt: async () => {
        attempts += 1;
        if (attempts > 2) throw new NeighbourError('graph', 'unavailable', 'Enough.');
      },
    };

    const failures = await Promise.all([failureOf(contactBook.check(scope)), failureOf(directory.check(scope))]);

    expect(failures).toHaveLength(2);
    expect(door.knocks()).toBeGreaterThan(0);
  });

  it.each([
    ['basic', /^Basic /],
    ['hmac', /^hmac username="api key", algorithm="hmac-sha256"/],
  ] as const)('authenticates with MessageMedia as MESSAGEMEDIA_AUTH says: %s', async (auth, shape) => {
    const seen: string[] = [];
    const handle = ({ headers }: SimRequest) => {
      seen.push(headers['authorization'] ?? '');
      return { status: 403 };
    };
    const platform = await startSimulator({ name: 'platform', tls: await trustedTls(), handle });
    const messageMedia = { baseUrl: platform.origin, auth, maxConcurrency: 2 };
    const { contactBook } = connectNeighbours(settingsFor(door.origin, { messageMedia }), LOG, NO_METER);

    await failureOf(contactBook.check(aScope()));

    expect(seen).toEqual([expect.stringMatching(shape)]);
    await platform.close();
  });
});
