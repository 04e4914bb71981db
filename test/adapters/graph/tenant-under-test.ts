import { startEntraGraph } from '../../../local/entra-graph/entra-graph.ts';
import type { EntraGraph, EntraGraphOptions } from '../../../local/entra-graph/entra-graph.ts';
import { createDirectory } from '../../../src/adapters/graph/directory.ts';
import type { DirectoryOptions } from '../../../src/adapters/graph/directory.ts';
import type { CallScope, Directory, DirectoryPage } from '../../../src/core/ports.ts';
import { allOf, anImpatientClock } from '../../support/neighbour-calls.ts';
import { trustedTls } from '../../support/trusted-tls.ts';

export const TENANT = '11111111-2222-4333-8444-555555555555';
export const CLIENT = '66666666-7777-4888-8999-000000000000';
export const SECRET = 'canary-client-secret';
export const SELECT = ['displayName', 'department', 'mobilePhone', 'accountEnabled'];

/** A simulated tenant over real TLS. */
export async function aTenant(options: Partial<EntraGraphOptions> = {}): Promise<EntraGraph> {
  return startEntraGraph({
    tls: await trustedTls(),
    tenantId: TENANT,
    clientId: CLIENT,
    clientSecret: SECRET,
    ...options,
  });
}

type DirectoryChanges = Partial<DirectoryOptions> & { readonly clientSecret?: (fresh: boolean) => Promise<string> };

/** A directory, signed in with a secret by default, whose waits take no time and whose jitter is always half of the bound. */
export function aDirectory(tenant: EntraGraph, changes: DirectoryChanges = {}): Directory {
  const { clientSecret = () => Promise.resolve(SECRET), ...options } = changes;
  return createDirectory({
    baseUrl: tenant.origin,
    authorityHost: tenant.origin,
    tenantId: TENANT,
    clientId: CLIENT,
    auth: { method: 'client-secret', secret: clientSecret },
    clock: anImpatientClock(),
    random: () => 0.5,
    timeoutMs: 10_000,
    ...options,
  });
}

/** All pages of a chain, from a link or from the start. */
export async function pagesOf(directory: Directory, scope: CallScope, link?: string): Promise<DirectoryPage[]> {
  const from = link === undefined ? { select: SELECT } : { link, select: SELECT };
  return allOf(directory.deltaPages(from, scope));
}
