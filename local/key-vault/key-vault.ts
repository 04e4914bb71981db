import { randomUUID } from 'node:crypto';
import { startSimulator } from '../simulator/server.ts';
import type { SimRequest, SimResponse, Simulator } from '../simulator/server.ts';
import type { TlsIdentity } from '../simulator/tls.ts';

/** The resource whose tokens the vault accepts. */
const VAULT_RESOURCE = 'https://vault.azure.net';

export interface KeyVaultOptions {
  readonly tls: Pick<TlsIdentity, 'key' | 'cert'>;
  /** Named in the challenge: origin of the token endpoint, and the tenant. */
  readonly authority: string;
  readonly tenantId: string;
  /** Whether an Authorization header carries a valid token for the vault. */
  readonly acceptsToken: (authorization: string | undefined, resource: string) => boolean;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly port?: number;
  readonly now?: () => number;
}

export interface KeyVaultAdmin {
  /** Adds a version, which becomes the current one, and answers it. `expiresAt` in ms since 1970: told, not enforced. */
  setSecret(name: string, value: string, expiresAt?: number): string;
  deleteSecret(name: string): void;
  /** The current version answers 403 until a new one is set. */
  disableSecret(name: string): void;
  /** Every read is answered 403, as without the role Key Vault Secrets User. */
  denyAccess(denied: boolean): void;
}

export interface KeyVault extends Simulator {
  readonly admin: KeyVaultAdmin;
  readonly unexpected: readonly string[];
}

interface SecretVersion {
  readonly version: string;
  readonly value: string;
  readonly enabled: boolean;
  /** Seconds since 1970, as on the wire. */
  readonly created: number;
  readonly updated: number;
  readonly exp?: number;
}

interface VaultState {
  readonly secrets: Map<string, SecretVersion[]>;
  readonly unexpected: string[];
  denied: boolean;
}

const SECRET_PATH = /^\/secrets\/([0-9a-zA-Z-]+)(?:\/([0-9a-f]*))?$/;

/** Starts a Key Vault that can be read like the real one: challenge first, then secrets by name and version. */
export async function startKeyVault(options: KeyVaultOptions): Promise<KeyVault> {
  const now = options.now ?? Date.now;
  const state: VaultState = { secrets: new Map(), unexpected: [], denied: false };
  const admin = createAdmin(state, now);
  for (const [name, value] of Object.entries(options.secrets ?? {})) admin.setSecret(name, value);
  let origin = '';
  const simulator = await startSimulator({
    name: 'key-vault',
    tls: options.tls,
    now,
    errorBody: (status) => errorBody(`Injected${status}`, `Injected by the simulator: ${status}.`),
    handle: (request) => answer(state, options, origin, request),
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  origin = simulator.origin;
  return Object.assign(simulator, { admin, unexpected: state.unexpected });
}

function createAdmin(state: VaultState, now: () => number): KeyVaultAdmin {
  return {
    setSecret(name, value, expiresAt) {
      const version = randomUUID().replaceAll('-', '');
      const at = Math.floor(now() / 1000);
      const exp = expiresAt === undefined ? {} : { exp: Math.floor(expiresAt / 1000) };
      const added = { version, value, enabled: true, created: at, updated: at, ...exp };
      state.secrets.set(name.toLowerCase(), [...(state.secrets.get(name.toLowerCase()) ?? []), added]);
      return version;
    },
    deleteSecret: (name) => void state.secrets.delete(name.toLowerCase()),
    disableSecret(name) {
      const versions = state.secrets.get(name.toLowerCase()) ?? [];
      const disabled = versions.map((version, index) =>
        index === versions.length - 1 ? { ...version, enabled: false } : version,
      );
      state.secrets.set(name.toLowerCase(), disabled);
    },
    denyAccess(denied) {
      state.denied = denied;
    },
  };
}

function answer(state: VaultState, options: KeyVaultOptions, origin: string, request: SimRequest): SimResponse {
  const response = route(state, options, origin, request);
  const headers = {
    'x-ms-keyvault-region': 'simulator',
    'x-ms-request-id': randomUUID(),
    'x-ms-client-request-id': request.headers['x-ms-client-request-id'] ?? randomUUID(),
    'Cache-Control': 'no-cache',
    ...response.headers,
  };
  return { ...response, headers };
}

function route(state: VaultState, options: KeyVaultOptions, origin: string, request: SimRequest): SimResponse {
  if (!options.acceptsToken(request.headers['authorization'], VAULT_RESOURCE)) return challenge(options, request);
  const [, name, version = ''] = SECRET_PATH.exec(request.path) ?? [];
  if (request.method !== 'GET' || name === undefined) {
    state.unexpected.push(`${request.method} ${request.path}`);
    return failed(404, 'NotFound', `The simulated vault has no ${request.method} ${request.path}.`);
  }
  if (!request.query.has('api-version')) {
    return failed(400, 'BadParameter', 'A required parameter is missing: api-version.');
  }
  if (state.denied) {
    const message = 'Caller is not authorized to perform action on resource.';
    return failed(403, 'Forbidden', message, 'ForbiddenByRbac');
  }
  return readSecret(state, origin, name, version);
}

function readSecret(state: VaultState, origin: string, name: string, version: string): SimResponse {
  const versions = state.secrets.get(name.toLowerCase()) ?? [];
  const found = version === '' ? versions.at(-1) : versions.find((candidate) => candidate.version === version);
  if (found === undefined) {
    const message = `A secret with (name/id) ${name}${version === '' ? '' : `/${version}`} was not found in this key vault.`;
    return failed(404, 'SecretNotFound', message);
  }
  if (!found.enabled) {
    return failed(403, 'Forbidden', 'Operation get is not allowed on a disabled secret.', 'SecretDisabled');
  }
  const { value, created, updated, exp } = found;
  const recovery = { recoveryLevel: 'Recoverable+Purgeable', recoverableDays: 90 };
  const attributes = { enabled: true, created, updated, ...(exp === undefined ? {} : { exp }), ...recovery };
  return { status: 200, body: { value, id: `${origin}/secrets/${name}/${found.version}`, attributes, tags: {} } };
}

function challenge(options: KeyVaultOptions, request: SimRequest): SimResponse {
  const authorization = `${options.authority}/${options.tenantId}`;
  const header = `Bearer authorization="${authorization}", resource="${VAULT_RESOURCE}"`;
  const message =
    request.headers['authorization'] === undefined
      ? 'AKV10000: Request is missing a Bearer or PoP token.'
      : 'AKV10032: Invalid or expired token.';
  return { status: 401, headers: { 'WWW-Authenticate': header }, body: errorBody('Unauthorized', message) };
}

function failed(status: number, code: string, message: string, innerCode?: string): SimResponse {
  return { status, body: errorBody(code, message, innerCode) };
}

function errorBody(code: string, message: string, innerCode?: string): object {
  return { error: { code, message, ...(innerCode === undefined ? {} : { innererror: { code: innerCode } }) } };
}
