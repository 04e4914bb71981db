import type { EntraGraphAdmin } from '../../local/entra-graph/admin.ts';
import type { UserAttributes } from '../../local/entra-graph/directory-store.ts';
import { startEntraGraph } from '../../local/entra-graph/entra-graph.ts';
import { READING_ROLES, WRITING_ROLES } from '../../local/entra-graph/roles.ts';
import { createDirectory } from '../../src/adapters/graph/directory.ts';
import type { Directory } from '../../src/core/ports.ts';
import { createFakeClock } from './fake-clock.ts';
import { createMemoryDirectory } from './memory-directory.ts';
import { anImpatientClock } from './neighbour-calls.ts';
import { trustedTls } from './trusted-tls.ts';

export interface DirectoryImplementation {
  readonly directory: Directory;
  readonly admin: Omit<EntraGraphAdmin, 'rotateSecret' | 'expireSecrets' | 'setTokenLifetime'>;
  readonly origin: string;
  /** How many calls have reached Graph. */
  readonly calls: () => number;
  /** Takes the permission to read users away; for the others there is `admin.dropRole`. */
  readonly revoke: () => void;
  readonly restorePermission: () => void;
  readonly stop: () => Promise<void>;
}

export interface TenantOptions {
  readonly users: readonly UserAttributes[];
  readonly pageSize: number;
}

async function inMemory({ users, pageSize }: TenantOptions): Promise<DirectoryImplementation> {
  let calls = 0;
  const directory = createMemoryDirectory({
    clock: createFakeClock(undefined, { sleepAdvances: true }),
    users,
    pageSize,
    onCall: () => void (calls += 1),
  });
  return {
    directory,
    admin: directory.admin,
    origin: 'https://directory.example.com',
    calls: () => calls,
    revoke: () => directory.revoke(),
    restorePermission: () => directory.restorePermission(),
    stop: async () => undefined,
  };
}

const TENANT = '11111111-2222-4333-8444-555555555555';
const CLIENT = '66666666-7777-4888-8999-000000000000';
const SECRET = 'secret-of-the-contract';

async function overGraph({ users, pageSize }: TenantOptions): Promise<DirectoryImplementation> {
  const tls = await trustedTls();
  const tenant = await startEntraGraph({
    tls,
    tenantId: TENANT,
    clientId: CLIENT,
    clientSecret: SECRET,
    roles: [...READING_ROLES, ...WRITING_ROLES],
    users,
    pageSize,
  });
  const { admin, origin } = tenant;
  const directory = createDirectory({
    baseUrl: origin,
    authorityHost: origin,
    tenantId: TENANT,
    clientId: CLIENT,
    auth: { method: 'client-secret', secret: () => Promise.resolve(SECRET) },
    clock: anImpatientClock(),
  });
  return {
    directory,
    admin,
    origin,
    calls: () => tenant.requests.filter(({ path }) => path.startsWith('/v1.0/')).length,
    revoke: () => admin.dropRole('User.Read.All'),
    restorePermission: () => admin.grantRole('User.Read.All'),
    stop: () => tenant.close(),
  };
}

/** Everything that calls itself a Directory: each runs the same suite, in a tenant of its own. */
export const DIRECTORY_IMPLEMENTATIONS: readonly (readonly [
  string,
  (options: TenantOptions) => Promise<DirectoryImplementation>,
])[] = [
  ['in memory', inMemory],
  ['over Microsoft Graph', overGraph],
];
