import { createDirectory } from '../adapters/graph/directory.ts';
import type { EntraAuth } from '../adapters/graph/entra-tokens.ts';
import { createSettingsSecrets } from '../adapters/keyvault/settings-secrets.ts';
import { createVaultSecrets } from '../adapters/keyvault/vault-secrets.ts';
import type { VaultSecretsOptions } from '../adapters/keyvault/vault-secrets.ts';
import { createContactBook } from '../adapters/messagemedia/contact-book.ts';
import { watchRequests } from '../adapters/request-watch.ts';
import { createWorkQueue } from '../adapters/storage/queue-work.ts';
import type { StorageWorkQueue } from '../adapters/storage/queue-work.ts';
import { createStorageClock } from '../adapters/storage/storage-clock.ts';
import type { StorageSettings } from '../adapters/storage/storage-settings.ts';
import { createTables } from '../adapters/storage/table-store.ts';
import type { TableStore } from '../adapters/storage/table-store.ts';
import type { Clock, ContactBook, Directory, Log, Secrets } from '../core/ports.ts';
import type { WebhookRegistry } from '../core/webhooks.ts';
import type { TrafficMeter } from '../core/traffic.ts';
import { allowedOrigins } from './allowed-origins.ts';
import type { Settings } from './settings.ts';

/** Everything outside this process that a sync talks to. */
export interface Neighbours {
  readonly clock: Clock;
  readonly tables: TableStore;
  readonly queue: StorageWorkQueue;
  readonly secrets: Secrets;
  readonly directory: Directory;
  readonly contactBook: ContactBook & WebhookRegistry;
}

/** Adapters for the settings. Nothing is sent, and no SDK loaded, before the first call to one of them. */
export function connectNeighbours(settings: Settings, log: Log, meter: TrafficMeter): Neighbours {
  const clock = createStorageClock();
  const account = storageOf(settings);
  const allowed = allowedOrigins(settings, account);
  const storage = { ...account, allowedOrigins: allowed.storage, watch: watchRequests('storage', meter, clock) };
  const watch = watchRequests('keyvault', meter, clock);
  const secrets = secretsOf(settings, { allowedOrigins: allowed.vault, log, clock, watch });
  return {
    clock,
    tables: createTables(storage, clock),
    queue: createWorkQueue(storage),
    secrets,
    directory: createDirectory({
      baseUrl: settings.graph.baseUrl,
      authorityHost: settings.entra.authorityHost,
      tenantId: settings.entra.tenantId,
      clientId: settings.entra.clientId,
      auth: entraAuthOf(settings, secrets),
      allowedOrigins: allowed.directory,
      log,
      meter,
      clock,
    }),
    contactBook: createContactBook({
      baseUrl: settings.messageMedia.baseUrl,
      credentials: async (fresh) => {
        const [key, secret] = await Promise.all([
          secrets.get('messagemedia-api-key', { fresh }),
          secrets.get('messagemedia-api-secret', { fresh }),
        ]);
        return { key, secret };
      },
      auth: settings.messageMedia.auth,
      maxConcurrency: settings.messageMedia.maxConcurrency,
      maxRequestsPerSecond: settings.messageMedia.maxRequestsPerSecond,
      log,
      meter,
      clock,
    }),
  };
}

function storageOf({ storage }: Settings): StorageSettings {
  if (storage.kind === 'connection-string') return { connectionString: storage.connectionString };
  const { tableServiceUri, queueServiceUri, clientId } = storage;
  return { tableServiceUri, queueServiceUri, managedIdentityClientId: clientId };
}

function entraAuthOf({ entra, azureClientId }: Settings, secrets: Secrets): EntraAuth {
  const { auth: method } = entra;
  if (method === 'client-secret') return { method, secret: (fresh) => secrets.get('entra-client-secret', { fresh }) };
  if (method === 'managed-identity') return { method };
  // The rules of the settings see to it that it is there.
  return { method, identityClientId: azureClientId as string };
}

type VaultParts = Pick<VaultSecretsOptions, 'allowedOrigins' | 'log' | 'clock' | 'watch'>;

function secretsOf(settings: Settings, parts: VaultParts): Secrets {
  if (settings.keyVault === undefined) return createSettingsSecrets(settings.localSecrets ?? {});
  return createVaultSecrets({
    vaultUri: settings.keyVault.uri,
    verifyChallenge: settings.keyVault.verifyChallenge,
    managedIdentityClientId: settings.azureClientId,
    authorityHost: settings.entra.authorityHost,
    holdsClientSecret: settings.entra.auth === 'client-secret',
    holdsWebhookSecret: settings.publicBaseUrl !== undefined,
    ...parts,
  });
}
