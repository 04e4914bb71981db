import { ClientSecretCredential } from '@azure/identity';
import { Client } from '@microsoft/microsoft-graph-client';
import { startEntraGraph } from '../../../local/entra-graph/entra-graph.ts';
import type { EntraGraph, EntraGraphOptions } from '../../../local/entra-graph/entra-graph.ts';
import { createTlsIdentity, trustInProcess } from '../../../local/simulator/tls.ts';

export const TENANT_ID = '11111111-2222-4333-8444-555555555555';
export const CLIENT_ID = '66666666-2222-4333-8444-555555555555';
const SECRET = 'the-secret-of-the-test';
export const GRAPH_SCOPE = 'https://graph.microsoft.com/.default';

/** A simulated tenant whose certificate this process trusts. */
export async function startTenant(options: Partial<EntraGraphOptions> = {}): Promise<EntraGraph> {
  const tls = await createTlsIdentity();
  trustInProcess(tls);
  return startEntraGraph({ tls, tenantId: TENANT_ID, clientId: CLIENT_ID, clientSecret: SECRET, ...options });
}

/** The real credential, pointed at the simulator. */
export function credentialFor(
  tenant: EntraGraph,
  { tenantId = TENANT_ID, clientId = CLIENT_ID, secret = SECRET } = {},
): ClientSecretCredential {
  return new ClientSecretCredential(tenantId, clientId, secret, {
    authorityHost: tenant.origin,
    disableInstanceDiscovery: true,
    retryOptions: { maxRetries: 0 },
  });
}

/** The real Graph client, pointed at the simulator. */
export function graphClient(tenant: EntraGraph, credential = credentialFor(tenant)): Client {
  return Client.init({
    baseUrl: tenant.origin,
    customHosts: new Set(['localhost']),
    authProvider: (done) => {
      credential.getToken(GRAPH_SCOPE).then(
        (token) => done(null, token.token),
        (error: unknown) => done(error, null),
      );
    },
  });
}

export interface Page {
  readonly value: readonly (Record<string, unknown> & { readonly id: string })[];
  readonly '@odata.nextLink'?: string;
  readonly '@odata.deltaLink'?: string;
}

export interface Chain {
  readonly pages: readonly Page[];
  readonly entries: readonly (Record<string, unknown> & { readonly id: string })[];
  readonly deltaLink: string;
}

/** Follows a chain to its delta link; `betweenPages` runs after each page but the last. */
export async function readChain(
  client: Client,
  start: string,
  betweenPages: (page: number) => void = () => {},
): Promise<Chain> {
  const pages: Page[] = [];
  let link: string | undefined = start;
  while (link !== undefined) {
    const page = (await client.api(link).get()) as Page;
    pages.push(page);
    link = page['@odata.nextLink'];
    if (link !== undefined) betweenPages(pages.length);
  }
  const deltaLink = pages.at(-1)?.['@odata.deltaLink'] ?? '';
  return { pages, entries: pages.flatMap((page) => page.value), deltaLink };
}

/** Invented users `user 0`, `user 1` … with ids of their own. */
export function someUsers(count: number): { readonly id: string; readonly displayName: string }[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    displayName: `user ${index}`,
    userPrincipalName: `user.${index}@example.com`,
  }));
}
