import { BlockList, isIPv4 } from 'node:net';
import { storageOrigins } from '../adapters/storage/storage-settings.ts';
import type { StorageSettings } from '../adapters/storage/storage-settings.ts';
import type { Settings } from './settings.ts';

/** Origins that each of Azure's SDKs may send to. Graph and MessageMedia are bound to their one origin by their adapters. */
export interface AllowedOrigins {
  readonly directory: readonly string[];
  readonly vault: readonly string[];
  readonly storage: readonly string[];
}

/** The instance metadata service: where a managed identity signs in when App Service names no endpoint. */
const METADATA_SERVICE = 'http://169.254.169.254';

// Microsoft's sign-in library sends to the preferred name of a cloud, whichever of its names it is given.
const PREFERRED_AUTHORITIES: Readonly<Record<string, string>> = {
  'https://login.chinacloudapi.cn': 'https://login.partner.microsoftonline.cn',
};

// Where the platform's own endpoint for identities listens: on this machine, beside it, or in its network.
const NEARBY = new BlockList();
NEARBY.addSubnet('127.0.0.0', 8);
NEARBY.addSubnet('169.254.0.0', 16);
NEARBY.addSubnet('10.0.0.0', 8);
NEARBY.addSubnet('172.16.0.0', 12);
NEARBY.addSubnet('192.168.0.0', 16);

/** The hosts of the settings, and whoever signs in for this app. Only a managed identity's endpoint nearby may be plain http. */
export function allowedOrigins(settings: Settings, storage: StorageSettings): AllowedOrigins {
  const { authorityHost } = settings.entra;
  const preferred = PREFERRED_AUTHORITIES[authorityHost];
  const authority = preferred === undefined ? [authorityHost] : [authorityHost, preferred];
  const { identityOrigin, keyVault } = settings;
  const platform = [
    METADATA_SERVICE,
    ...(identityOrigin !== undefined && isSafe(identityOrigin) ? [identityOrigin] : []),
  ];
  const signIn = [...authority, ...platform];
  return {
    directory: directoryOrigins(settings.entra, authority, platform),
    vault: keyVault === undefined ? [] : [keyVault.uri, ...signIn],
    storage: [...storageOrigins(storage), ...signIn],
  };
}

function directoryOrigins(
  { auth }: Settings['entra'],
  authority: readonly string[],
  platform: readonly string[],
): readonly string[] {
  if (auth === 'managed-identity') return platform;
  return auth === 'federated' ? [...authority, ...platform] : authority;
}

function isSafe(origin: string): boolean {
  const { protocol, hostname } = new URL(origin);
  if (protocol === 'https:' || hostname === 'localhost' || hostname === '[::1]') return true;
  return isIPv4(hostname) && NEARBY.check(hostname);
}
