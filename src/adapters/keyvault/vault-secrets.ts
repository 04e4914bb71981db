import type { SecretClient } from '@azure/keyvault-secrets';
import { isWellKnownAuthority } from '../../core/authority.ts';
import { NeighbourError } from '../../core/errors.ts';
import type { Clock, Log, SecretExpiry, Secrets } from '../../core/ports.ts';
import type { RequestWatch } from '../request-watch.ts';
import type { SecretName } from './settings-secrets.ts';
import { emptySecret, toVaultError } from './vault-failures.ts';

export interface VaultSecretsOptions {
  readonly vaultUri: string;
  /** `false` only for a simulated vault: the real one's token is never sent to another host. */
  readonly verifyChallenge: boolean;
  /** Client id of the user-assigned identity. */
  readonly managedIdentityClientId?: string | undefined;
  readonly authorityHost?: string | undefined;
  /** Origins of the vault and of whoever signs in for us; absent = any. */
  readonly allowedOrigins?: readonly string[];
  /** `false` where the app signs in to Graph without one: nobody asks when it expires. Default true. */
  readonly holdsClientSecret?: boolean;
  /** Whether the app has a webhook, whose secret expires like the others. Default false. */
  readonly holdsWebhookSecret?: boolean;
  /** For one reading with the SDK's own retries; default 20 s. */
  readonly timeoutMs?: number;
  readonly log: Log;
  readonly clock?: Pick<Clock, 'now'>;
  readonly watch?: RequestWatch;
}

interface Reading {
  readonly value: string;
  readonly expiresAt: number | undefined;
}

interface Cached extends Reading {
  readonly staleAt: number;
}

const ALWAYS_USED: readonly SecretName[] = ['messagemedia-api-key', 'messagemedia-api-secret', 'pseudonym-key'];

const CACHE_MS = 60 * 60 * 1000;
// A vault that is down is asked once a minute, not with every call that needs a credential.
const ASK_AGAIN_MS = 60_000;
const READ_TIMEOUT_MS = 20_000;

/**
 * Secrets from Key Vault, kept for an hour. A failed refresh goes on serving the value it has and logs
 * `secret.failed`; a `fresh` reading that fails throws. Readings at the same time share one call.
 */
export function createVaultSecrets(options: VaultSecretsOptions): Secrets {
  const now = () => options.clock?.now() ?? Date.now();
  const cache = new Map<SecretName, Cached>();
  const readings = new Map<SecretName, Promise<string>>();
  let client: Promise<SecretClient> | undefined;

  const read = async (name: SecretName): Promise<string> => {
    client ??= openVault(options).catch((error: unknown) => {
      // The next reading may find the settings of the identity mended.
      client = undefined;
      throw toVaultError(error, name, now());
    });
    const reading = await readSecret(await client, name, options.timeoutMs ?? READ_TIMEOUT_MS, now);
    cache.set(name, { ...reading, staleAt: now() + CACHE_MS });
    return reading.value;
  };

  const readOnce = (name: SecretName): Promise<string> => {
    const underway = readings.get(name);
    if (underway !== undefined) return underway;
    const reading = read(name).finally(() => readings.delete(name));
    readings.set(name, reading);
    return reading;
  };

  const refresh = async (name: SecretName, old: Cached): Promise<string> => {
    try {
      return await readOnce(name);
    } catch (error) {
      if (!(error instanceof NeighbourError)) throw error;
      cache.set(name, { ...old, staleAt: now() + ASK_AGAIN_MS });
      options.log.event('secret.failed', { secret: name, failure: error.failure });
      return old.value;
    }
  };

  const get = async (name: SecretName, { fresh = false } = {}): Promise<string> => {
    const cached = cache.get(name);
    if (cached === undefined || fresh) return readOnce(name);
    return cached.staleAt > now() ? cached.value : refresh(name, cached);
  };

  const expiryOf = async (name: SecretName): Promise<readonly SecretExpiry[]> => {
    try {
      await get(name);
    } catch (error) {
      // What cannot be read is told where it is needed; what expires besides is still worth telling.
      if (!(error instanceof NeighbourError)) throw error;
    }
    const expiresAt = cache.get(name)?.expiresAt;
    return expiresAt === undefined ? [] : [{ name, expiresAt }];
  };

  const used: readonly SecretName[] = [
    ...((options.holdsClientSecret ?? true) ? (['entra-client-secret'] as const) : []),
    ...(options.holdsWebhookSecret === true ? (['messagemedia-webhook-secret'] as const) : []),
    ...ALWAYS_USED,
  ];
  return {
    get,
    expiries: async () => (await Promise.all(used.map(expiryOf))).flat(),
  };
}

// Both libraries take longer to load than the whole app may: they are loaded with the first reading.
async function openVault(options: VaultSecretsOptions): Promise<SecretClient> {
  const { DefaultAzureCredential } = await import('@azure/identity');
  const { SecretClient } = await import('@azure/keyvault-secrets');
  const { guardedHttpClient } = await import('../guarded-http-client.ts');
  const { vaultUri, managedIdentityClientId, authorityHost, allowedOrigins, watch } = options;
  const httpClient = guardedHttpClient({ allowedOrigins, watch });
  const credential = new DefaultAzureCredential({
    httpClient,
    ...(managedIdentityClientId === undefined ? {} : { managedIdentityClientId }),
    ...(authorityHost === undefined
      ? {}
      : { authorityHost, disableInstanceDiscovery: !isWellKnownAuthority(authorityHost) }),
  });
  return new SecretClient(vaultUri, credential, {
    httpClient,
    disableChallengeResourceVerification: !options.verifyChallenge,
    retryOptions: { maxRetries: 2, retryDelayInMs: 250, maxRetryDelayInMs: 1000 },
  });
}

async function readSecret(
  client: SecretClient,
  name: SecretName,
  timeoutMs: number,
  now: () => number,
): Promise<Reading> {
  try {
    const { value, properties } = await client.getSecret(name, { abortSignal: AbortSignal.timeout(timeoutMs) });
    if (value === undefined || value === '') throw emptySecret(name);
    return { value, expiresAt: properties.expiresOn?.getTime() };
  } catch (error) {
    throw error instanceof NeighbourError ? error : toVaultError(error, name, now());
  }
}
