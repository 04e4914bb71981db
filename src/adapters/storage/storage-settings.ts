import type { RequestWatch } from '../request-watch.ts';

/** How to reach the storage account: by connection string on a laptop, by identity in Azure. */
export type StorageSettings = Account & {
  /** Origins of the account and of whoever signs in for us; absent = any. */
  readonly allowedOrigins?: readonly string[];
  readonly watch?: RequestWatch;
};

type Account =
  | { readonly connectionString: string }
  | {
      readonly tableServiceUri: string;
      readonly queueServiceUri: string;
      /** Client id of the user-assigned managed identity. */
      readonly managedIdentityClientId?: string | undefined;
    };

/** Plain HTTP is spoken only where the connection string itself asks for it: the emulator. */
export function allowsPlainHttp(connectionString: string): boolean {
  return /UseDevelopmentStorage=true|DefaultEndpointsProtocol=http(;|$)|TableEndpoint=http:/i.test(connectionString);
}

const EMULATOR = ['http://127.0.0.1:10002', 'http://127.0.0.1:10001'];

/** The origins of tables and queues that an account stands for; what cannot be read stands for none. */
export function storageOrigins(account: Account): readonly string[] {
  if ('tableServiceUri' in account) return originsIn([account.tableServiceUri, account.queueServiceUri]);
  const { connectionString } = account;
  if (/UseDevelopmentStorage=true/i.test(connectionString)) return EMULATOR;
  const parts = new Map(connectionString.split(';').map(keyAndValue));
  const endpointOf = (service: string): string => {
    const protocol = parts.get('defaultendpointsprotocol') ?? 'https';
    const suffix = parts.get('endpointsuffix') ?? 'core.windows.net';
    return parts.get(`${service}endpoint`) ?? `${protocol}://${parts.get('accountname')}.${service}.${suffix}`;
  };
  return originsIn([endpointOf('table'), endpointOf('queue')]);
}

function keyAndValue(part: string): [string, string] {
  const at = part.indexOf('=');
  return [part.slice(0, Math.max(0, at)).trim().toLowerCase(), part.slice(at + 1).trim()];
}

function originsIn(addresses: readonly string[]): readonly string[] {
  return addresses.filter((address) => URL.canParse(address)).map((address) => new URL(address).origin);
}
