import { startEntraGraph } from '../entra-graph/entra-graph.ts';
import type { EntraGraph } from '../entra-graph/entra-graph.ts';
import type { UserAttributes } from '../entra-graph/directory-store.ts';
import { startKeyVault } from '../key-vault/key-vault.ts';
import type { KeyVault } from '../key-vault/key-vault.ts';
import { startMessageMedia } from '../messagemedia/server.ts';
import type { MessageMedia, MessageMediaOptions } from '../messagemedia/server.ts';
import type { TlsIdentity } from '../simulator/tls.ts';
import { LOCAL_IDENTITY, VAULT_SECRETS } from './app-settings.ts';
import type { NeighbourAddresses } from './app-settings.ts';
import type { NeighbourPorts } from './ports.ts';

export interface NeighboursOptions {
  readonly users?: readonly UserAttributes[];
  /** Behaviour of the simulated MessageMedia account. */
  readonly account?: Partial<MessageMediaOptions>;
  /** People on a page of Graph's; default 200. */
  readonly pageSize?: number;
  /** Default: free ones. */
  readonly ports?: NeighbourPorts;
}

/** Everything outside the app, simulated in this process. */
export interface SimulatedNeighbours {
  readonly entra: EntraGraph;
  readonly messageMedia: MessageMedia;
  readonly keyVault: KeyVault;
  readonly addresses: NeighbourAddresses;
  /** What no neighbour should ever see: contract violations, unknown routes, faults of the simulators. */
  readonly irregularities: () => string[];
  close(): Promise<void>;
}

/** Starts Entra with Graph, MessageMedia and the vault. When one cannot start, none is left running. */
export async function startNeighbours(tls: TlsIdentity, options: NeighboursOptions): Promise<SimulatedNeighbours> {
  const { tenantId, clientId, clientSecret, identityClientId, apiKey, apiSecret } = LOCAL_IDENTITY;
  const { users = [], account = {}, pageSize, ports } = options;
  const started: { close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(started.splice(0).map((simulator) => simulator.close()));
  };
  const kept = <Started extends { close(): Promise<void> }>(simulator: Started): Started => {
    started.push(simulator);
    return simulator;
  };
  try {
    const entra = kept(
      await startEntraGraph({
        tls,
        tenantId,
        clientId,
        clientSecret,
        identityClientId,
        users,
        port: ports?.entra ?? 0,
        ...(pageSize === undefined ? {} : { pageSize }),
      }),
    );
    trustIdentity(entra);
    const port = ports?.messageMedia ?? 0;
    const messageMedia = kept(await startMessageMedia({ tls, apiKey, apiSecret, port, ...account }));
    const keyVault = kept(
      await startKeyVault({
        tls,
        tenantId,
        authority: entra.origin,
        acceptsToken: entra.acceptsToken,
        secrets: VAULT_SECRETS,
        port: ports?.keyVault ?? 0,
      }),
    );
    const addresses = {
      entraOrigin: entra.origin,
      identityEndpoint: entra.identityEndpoint,
      identityHeader: entra.identityHeader,
      messageMediaOrigin: messageMedia.origin,
      keyVaultOrigin: keyVault.origin,
      caFile: tls.caFile,
    };
    const irregularities = (): string[] => irregularitiesOf(entra, messageMedia, keyVault);
    return { entra, messageMedia, keyVault, addresses, irregularities, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** As after `npm run infra:grant`: the app registration accepts the managed identity's token in place of a secret. */
function trustIdentity({ admin, origin, tenantId, identityPrincipalId }: EntraGraph): void {
  const issuer = `${origin}/${tenantId}/v2.0`;
  admin.setFederatedCredentials([{ issuer, subject: identityPrincipalId, audience: 'api://AzureADTokenExchange' }]);
}

function irregularitiesOf(entra: EntraGraph, messageMedia: MessageMedia, keyVault: KeyVault): string[] {
  const violations = messageMedia.account.violations.map(
    ({ side, method, path, where, what }) => `MessageMedia contract: ${side} ${method} ${path}: ${where} ${what}`,
  );
  const unexpected = [...entra.unexpected, ...keyVault.unexpected].map((request) => `unexpected request: ${request}`);
  const failures = [entra, messageMedia, keyVault].flatMap((simulator) => simulator.failures);
  return [...violations, ...unexpected, ...failures.map((failure) => `a simulator failed: ${String(failure)}`)];
}
