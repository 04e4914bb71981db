import { NeighbourError } from '../../src/core/errors.ts';
import type { SyncConfig } from '../../src/core/config/sync-config.ts';
import type { ContactBook, Directory, Log, Secrets } from '../../src/core/ports.ts';
import type { WebhookRegistry } from '../../src/core/webhooks.ts';
import type { TrafficMeter } from '../../src/core/traffic.ts';
import type { Neighbours } from '../../src/functions/connect-neighbours.ts';
import type { Configuration } from '../../src/functions/load-config.ts';
import { createServices } from '../../src/functions/services.ts';
import type { Settings } from '../../src/functions/settings.ts';
import { checkedLog } from '../support/checked-log.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createMemoryQueue } from '../support/memory-queue.ts';
import { createMemoryTables } from '../support/memory-tables.ts';
import { aConfig } from '../support/people.ts';
import { fakeServices } from './fake-services.ts';

const SETTINGS = { lanes: 3, entra: { tenantId: 'tenant-1' } } as Settings;
const VAULT_SETTINGS: Settings = { ...SETTINGS, keyVault: { uri: 'https://vault.example.com', verifyChallenge: true } };

interface LogLines extends Log {
  readonly events: string[];
}
function aLog(): LogLines {
  const events: string[] = [];
  return { events, event: (name) => void events.push(name) };
}

function neighbours(calls: string[], changes: Partial<Neighbours> = {}): Neighbours {
  const clock = createFakeClock();
  const note = async (call: string): Promise<void> => void calls.push(call);
  const secrets: Secrets = {
    get: async (name, { fresh = false } = {}) => {
      calls.push(`secret ${name}${fresh ? ' (fresh)' : ''}`);
      return `value of ${name}`;
    },
  };
  return {
    clock,
    secrets,
    tables: { ...createMemoryTables(), ensure: () => note('tables') },
    queue: { ...createMemoryQueue(clock), ensure: () => note('queues') },
    directory: { check: () => note('directory') } as unknown as Directory,
    contactBook: { check: () => note('contact book') } as unknown as ContactBook & WebhookRegistry,
    ...changes,
  };
}

function services(
  options: { settings?: Settings; changes?: Partial<Neighbours>; config?: SyncConfig; invalid?: () => boolean } = {},
) {
  const calls: string[] = [];
  let adapterLog: Log | undefined;
  let adapterMeter: TrafficMeter | undefined;
  const load = (): Configuration => {
    calls.push('configuration');
    if (options.invalid?.() === true) return { ok: false, problems: [{ name: 'ENTRA_TENANT_ID', expected: 'a GUID' }] };
    return { ok: true, settings: options.settings ?? SETTINGS, config: options.config ?? aConfig() };
  };
  const built = createServices({
    useCases: fakeServices().useCases,
    trustsEasyAuth: false,
    loadConfiguration: load,
    connectNeighbours: (_settings, log, meter) => {
      calls.push('connect');
      adapterLog = log;
      adapterMeter = meter;
      return neighbours(calls, options.changes);
    },
  });
  return { built, calls, adapterLog: () => adapterLog, adapterMeter: () => adapterMeter };
}

describe('createServices', () => {
  it('asks for nothing before the engine is needed', () => {
    expect(services().calls).toEqual([]);
  });

  it('builds the engine once for all invocations, each with its own log', async () => {
    const { built, calls } = services();
    const [first, second] = [aLog(), aLog()];

    const engines = await Promise.all([built.engine(first), built.engine(second)]);

    expect(calls.toSorted()).toEqual(['configuration', 'connect', 'queues', 'secret pseudonym-key', 'tables']);
    expect(engines[0].log).toBe(first);
    expect(engines[1].log).toBe(second);
    expect(engines[0]).toMatchObject({ lanes: 3, tenantId: 'tenant-1', config: aConfig() });
    expect(engines[0].select).toContain('mobilePhone');
    expect(engines[0].fingerprint).toBe(engines[1].fingerprint);
  });

  it('names the keys in use only by what cannot be turned back', async () => {
    const engine = await services().built.engine(aLog());

    const names = [engine.pseudonymFingerprint, await engine.accountKeyHash()];

    expect(new Set(names).size).toBe(2);
    expect(names).toEqual([expect.stringMatching(/^[\w-]{43}$/), expect.stringMatching(/^[\w-]{43}$/)]);
  });

  it('reports every problem of the configuration, and looks again next time', async () => {
    let invalid = true;
    const { built } = services({ invalid: () => invalid });

    const expected = { code: 'configuration-invalid', extras: { problems: [{ name: 'ENTRA_TENANT_ID' }] } };
    await expect(built.engine(aLog())).rejects.toMatchObject(expected);
    await expect(built.neighbours(aLog())).rejects.toMatchObject(expected);

    invalid = false;
    await expect(built.engine(aLog())).resolves.toMatchObject({ tenantId: 'tenant-1' });
  });

  it('does not keep a failed build', async () => {
    let isDown = true;
    const secrets: Secrets = {
      get: async () => {
        if (isDown) throw new NeighbourError('keyvault', 'unavailable', 'Key Vault could not be reached.');
        return 'a key';
      },
    };
    const { built, calls } = services({ changes: { secrets } });

    await expect(built.engine(aLog())).rejects.toMatchObject({ neighbour: 'keyvault' });
    isDown = false;
    await built.engine(aLog());

    expect(calls.filter((call) => call === 'connect')).toHaveLength(1);
  });

  it('tells the health of each neighbour from a real call', async () => {
    const { built, calls } = services({ settings: VAULT_SETTINGS });

    const health = await built.neighbours(aLog());

    expect(health.map(({ neighbour, ok }) => [neighbour, ok])).toEqual([
      ['storage', true],
      ['keyvault', true],
      ['graph', true],
      ['messagemedia', true],
    ]);
    expect(calls).toEqual(
      expect.arrayContaining(['tables', 'secret pseudonym-key (fresh)', 'directory', 'contact book']),
    );
  });

  it('asks whether the directory lets itself be written, where a run would write', async () => {
    const asked: (readonly string[])[] = [];
    const directory = {
      check: async () => undefined,
      checkWriting: async (paths: readonly string[]) => {
        asked.push(paths);
        throw new NeighbourError('graph', 'access-denied', 'A permission is missing.', {
          access: 'permission-missing',
        });
      },
    } as unknown as Directory;
    const config = { ...aConfig(), direction: 'bidirectional', optOutAttribute: 'extension_x' } as const;

    const health = async (options: { config?: SyncConfig }) =>
      (await services({ changes: { directory }, ...options }).built.neighbours(aLog())).find(
        ({ neighbour }) => neighbour === 'graph',
      );

    expect(await health({})).toMatchObject({ ok: true });
    expect(asked).toEqual([]);
    expect(await health({ config })).toMatchObject({ ok: false, code: 'access-denied', access: 'permission-missing' });
    expect(asked).toEqual([['extension_x']]);
  });

  it('tells the engine when secrets expire, where there is a vault that knows', async () => {
    const expiring = [{ name: 'entra-client-secret', expiresAt: 1 }];
    const secrets: Secrets = { get: async () => 'a key', expiries: async () => expiring };

    const [known, unknown] = await Promise.all([
      services({ changes: { secrets } }).built.engine(aLog()),
      services().built.engine(aLog()),
    ]);

    expect(await known.credentialExpiries?.()).toEqual(expiring);
    expect(unknown.credentialExpiries).toBeUndefined();
  });

  it('asks for no vault where there is none', async () => {
    const health = await services().built.neighbours(aLog());

    expect(health.map(({ neighbour }) => neighbour)).toEqual(['storage', 'graph', 'messagemedia']);
  });

  it('tells what was asked of the neighbours, once, with the run that it was for', async () => {
    const { built, adapterMeter } = services();
    const told: unknown[] = [];
    const log = checkedLog(({ name, fields }) => void told.push([name, fields]));
    await built.engine(log);
    adapterMeter()?.note('graph', { durationMs: 120, end: 'answered' });
    adapterMeter()?.note('graph', { durationMs: 1_500, end: 'throttled' });

    built.tellTraffic(log, 'run-1');
    built.tellTraffic(log, 'run-1');

    const sums = { calls: 2, throttled: 1, failed: 0, slow: 1, totalMs: 1_620, maxMs: 1_500 };
    expect(told).toEqual([['neighbour.called', { runId: 'run-1', neighbour: 'graph', ...sums }]]);
  });

  it('lets adapters log through the latest invocation', async () => {
    const { built, adapterLog } = services();
    const [first, second] = [aLog(), aLog()];

    await built.engine(first);
    await built.neighbours(second);
    adapterLog()?.event('secret.failed', { secret: 'pseudonym-key', failure: 'unavailable' });

    expect(first.events).toEqual([]);
    expect(second.events).toEqual(['secret.failed']);
  });
});
