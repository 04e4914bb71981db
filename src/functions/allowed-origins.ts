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

/** The hosts of the settings, and for vault and storage whoever signs in for this app. */
export function allowedOrigins(settings: Settings, storage: StorageSettings): AllowedOrigins {
  const { authorityHost } = settings.entra;
  const preferred = PREFERRED_AUTHORITIES[authorityHost];
  const directory = preferred === undefined ? [authorityHost] : [authorityHost, preferred];
  const { identityOrigin, keyVault } = settings;
  const signIn = [...directory, METADATA_SERVICE, ...(identityOrigin === undefined ? [] : [identityOrigin])];
  return {
    directory,
    vault: keyVault === undefined ? [] : [keyVault.uri, ...signIn],
    storage: [...storageOrigins(storage), ...signIn],
  };
}
