import { rsaBits } from '../adapters/messagemedia/webhook-locks.ts';
import { createDigest } from '../adapters/storage/digest.ts';
import { createIds } from '../adapters/storage/ids.ts';
import { remembered } from '../adapters/storage/remembered.ts';
import { selectOf, writtenAttributesOf } from '../core/config/attributes.ts';
import { fingerprintOf } from '../core/config/fingerprint.ts';
import type { SyncConfig } from '../core/config/sync-config.ts';
import { SyncError } from '../core/errors.ts';
import type { Log, Secrets } from '../core/ports.ts';
import type { Engine } from '../core/run/engine.ts';
import { createTraffic } from '../core/traffic.ts';
import type { TrafficMeter } from '../core/traffic.ts';
import type { NeighbourHealth } from './api-schemas.ts';
import type { Neighbours } from './connect-neighbours.ts';
import type { Configuration } from './load-config.ts';
import { createNeighbourHealth } from './neighbour-health.ts';
import type { Probe } from './neighbour-health.ts';
import type { Settings } from './settings.ts';
import type { UseCases } from './use-cases.ts';

/** What the handlers are given: the engine with everything it needs, its use-cases, and the neighbours' health. */
export interface Services {
  readonly useCases: UseCases;
  /** Whether App Service tells who calls; if not, the function keys decide alone. */
  readonly trustsEasyAuth: boolean;
  /** Throws `configuration-invalid` with every problem, or a NeighbourError. `log` belongs to one invocation. */
  engine(log: Log): Promise<Engine>;
  /** From real calls, at most a minute old. Throws only `configuration-invalid`. */
  neighbours(log: Log): Promise<NeighbourHealth[]>;
  /** Logs what this worker asked of its neighbours since it was last told; `runId` of the run that it works for. */
  tellTraffic(log: Log, runId?: string): void;
}

/** What the services are made of; each is called when it is needed and again after a failure. */
interface ServiceParts {
  readonly useCases: UseCases;
  /** Known apart from the other settings: nobody gets in because one of those is wrong. */
  readonly trustsEasyAuth: boolean;
  readonly loadConfiguration: () => Configuration;
  readonly connectNeighbours: (settings: Settings, log: Log, meter: TrafficMeter) => Neighbours;
}

interface Connected {
  readonly settings: Settings;
  readonly config: SyncConfig;
  readonly neighbours: Neighbours;
  readonly health: () => Promise<NeighbourHealth[]>;
}

/** The services of one worker: built when first needed, shared by its invocations; a failed build is tried anew by the next one. */
export function createServices(parts: ServiceParts): Services {
  const log = createFollowingLog();
  const traffic = createTraffic();

  const connect = remembered(async (): Promise<Connected> => {
    const { settings, config } = loaded(parts.loadConfiguration());
    const neighbours = parts.connectNeighbours(settings, log, traffic);
    const health = createNeighbourHealth(probesOf(neighbours, settings, config), neighbours.clock);
    return { settings, config, neighbours, health };
  });
  const build = remembered(async () => buildEngine(await connect()));

  return {
    useCases: parts.useCases,
    trustsEasyAuth: parts.trustsEasyAuth,
    async engine(invocationLog) {
      log.follow(invocationLog);
      return { ...(await build()), log: invocationLog };
    },
    async neighbours(invocationLog) {
      log.follow(invocationLog);
      return (await connect()).health();
    },
    tellTraffic(invocationLog, runId) {
      for (const sum of traffic.drain()) invocationLog.event('neighbour.called', { runId, ...sum });
    },
  };
}

async function buildEngine({ settings, config, neighbours }: Connected): Promise<Omit<Engine, 'log'>> {
  const { clock, tables, queue, secrets, directory, contactBook } = neighbours;
  const [pseudonymKey] = await Promise.all([secrets.get('pseudonym-key'), tables.ensure(), queue.ensure()]);
  const digest = createDigest(pseudonymKey);
  return {
    config,
    fingerprint: fingerprintOf(config, digest),
    select: selectOf(config),
    tenantId: settings.entra.tenantId,
    lanes: settings.lanes,
    directory,
    contactBook,
    tables,
    queue,
    clock,
    digest,
    ids: createIds(),
    ...expiriesOf(secrets),
    ...webhookOf(settings, neighbours),
    accountKeyHash: async () => digest.pseudonym(`messagemedia-api-key ${await secrets.get('messagemedia-api-key')}`),
    pseudonymFingerprint: digest.pseudonym('pseudonym-key'),
  };
}

/** Without an address of its own the app cannot be called. */
function webhookOf({ publicBaseUrl }: Settings, { secrets, contactBook }: Neighbours): Pick<Engine, 'webhook'> {
  if (publicBaseUrl === undefined) return {};
  const secret = (fresh: boolean): Promise<string> => secrets.get('messagemedia-webhook-secret', { fresh });
  return { webhook: { publicBaseUrl, secret, registry: contactBook, keyBits: rsaBits } };
}

/** A laptop's settings know nothing of expiry. */
function expiriesOf(secrets: Secrets): Pick<Engine, 'credentialExpiries'> {
  return secrets.expiries === undefined ? {} : { credentialExpiries: () => secrets.expiries!() };
}

function loaded(configuration: Configuration): Extract<Configuration, { ok: true }> {
  if (configuration.ok) return configuration;
  const { problems } = configuration;
  throw new SyncError(
    'configuration-invalid',
    `The settings and the configuration have ${problems.length} problem(s).`,
    {
      problems,
    },
  );
}

/** The vault is asked for a secret that is needed anyway; a laptop has none. */
function probesOf(neighbours: Neighbours, settings: Settings, config: SyncConfig): Readonly<Record<string, Probe>> {
  const { tables, secrets, directory, contactBook } = neighbours;
  const written = writtenAttributesOf(config);
  return {
    // On a new storage account this may be the very first call.
    storage: async () => {
      await tables.ensure();
      await tables.state.get(config.name, 'state');
    },
    ...(settings.keyVault !== undefined && { keyvault: () => secrets.get('pseudonym-key', { fresh: true }) }),
    graph: async (scope) => {
      await directory.check(scope);
      if (written.length > 0) await directory.checkWriting(written);
    },
    messagemedia: (scope) => contactBook.check(scope),
  };
}

/** Adapters outlive invocations, but the host drops what is logged outside one: their events go to the latest invocation. */
function createFollowingLog(): Log & { follow(log: Log): void } {
  let latest: Log | undefined;
  return {
    follow: (log) => {
      latest = log;
    },
    event: (name, fields) => latest?.event(name, fields),
  };
}
