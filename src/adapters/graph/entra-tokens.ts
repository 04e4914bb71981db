import type { ClientSecretCredential } from '@azure/identity';
import { isWellKnownAuthority } from '../../core/authority.ts';
import { NeighbourError } from '../../core/errors.ts';
import { safeCause } from '../../core/safe-cause.ts';

export interface EntraTokensOptions {
  readonly authorityHost: string;
  readonly tenantId: string;
  readonly clientId: string;
  /** `fresh` is true once, after the secret given before was refused. */
  readonly clientSecret: (fresh: boolean) => Promise<string>;
  /** `<graph>/.default`. */
  readonly scope: string;
  readonly timeoutMs: number;
}

export interface EntraTokens {
  /** A valid access token. Throws NeighbourError('entra', …). */
  get(): Promise<string>;
  /** Forgets the token and reads the secret anew; callers at the same time share one reading. */
  renew(): Promise<void>;
}

// MSAL answers from memory for a minute after the token endpoint was throttled or down, without asking again.
const MSAL_MEMORY_MS = 60_000;

/** Access tokens by client credentials; one credential, and so one token cache, per secret value. */
export function createEntraTokens(options: EntraTokensOptions): EntraTokens {
  let current: { readonly secret: string; readonly credential: Promise<ClientSecretCredential> } | undefined;
  let renewing: Promise<void> | undefined;

  const tokenFor = async (secret: string): Promise<string> => {
    if (current?.secret !== secret) current = { secret, credential: buildCredential(options, secret) };
    const credential = await current.credential;
    return requestToken(credential, options);
  };

  const forget = async () => {
    current = undefined;
    await options.clientSecret(true);
  };

  return {
    async get() {
      const secret = await options.clientSecret(false);
      try {
        return await tokenFor(secret);
      } catch (error) {
        if (!isRefusedSecret(error)) throw error;
        const fresh = await options.clientSecret(true);
        if (fresh === secret) throw error;
        return tokenFor(fresh);
      }
    },
    renew() {
      renewing ??= forget().finally(() => {
        renewing = undefined;
      });
      return renewing;
    },
  };
}

// The library is loaded with the first call: it takes longer to load than the whole app may.
async function buildCredential(options: EntraTokensOptions, secret: string): Promise<ClientSecretCredential> {
  const { ClientSecretCredential } = await import('@azure/identity');
  const { authorityHost, tenantId, clientId } = options;
  try {
    return new ClientSecretCredential(tenantId, clientId, secret, {
      authorityHost,
      disableInstanceDiscovery: !isWellKnownAuthority(authorityHost),
      retryOptions: { maxRetries: 1 },
    });
  } catch (error) {
    const message = 'The tenant id, the client id or the authority host of Entra ID is not acceptable.';
    throw new NeighbourError('entra', 'access-denied', message, {}, safeCause(error));
  }
}

async function requestToken(credential: ClientSecretCredential, options: EntraTokensOptions): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  // The credential does not pass an abort signal on to MSAL, so its time-out has to be kept from outside.
  const timeUp = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('time-out')), options.timeoutMs);
  });
  try {
    const { token } = await Promise.race([credential.getToken(options.scope), timeUp]);
    return token;
  } catch (error) {
    throw toEntraError(error);
  } finally {
    clearTimeout(timer);
  }
}

const REFUSED_SECRETS: readonly string[] = ['AADSTS7000215', 'AADSTS7000222'];

/** Codes that stay until an administrator changes the app registration, the tenant or the settings. */
const PERMANENT_CODES: readonly string[] = [
  ...REFUSED_SECRETS,
  'AADSTS500011',
  'AADSTS50034',
  'AADSTS53003',
  'AADSTS65001',
  'AADSTS70011',
  'AADSTS700016',
  'AADSTS700027',
  'AADSTS700038',
  'AADSTS7000112',
  'AADSTS7000218',
  'AADSTS7000229',
  'AADSTS90002',
  'AADSTS900023',
  'AADSTS1002012',
];

function toEntraError(error: unknown): NeighbourError {
  const text = error instanceof Error ? error.message : '';
  const code = /AADSTS\d+/.exec(text)?.[0];
  const oauthCode = /^(invalid_client|unauthorized_client|access_denied)\b/.exec(text)?.[0];
  const neighbourCode = code ?? oauthCode;
  const cause = safeCause(error);
  if (neighbourCode !== undefined && (oauthCode !== undefined || PERMANENT_CODES.includes(neighbourCode))) {
    const message = `Entra ID refuses the sign-in of the app registration (${neighbourCode}).`;
    return new NeighbourError('entra', 'access-denied', message, { neighbourCode }, cause);
  }
  const detail = { retryAfterMs: MSAL_MEMORY_MS, ...(neighbourCode === undefined ? {} : { neighbourCode }) };
  return new NeighbourError('entra', 'unavailable', 'Entra ID gave no access token just now.', detail, cause);
}

function isRefusedSecret(error: unknown): boolean {
  if (!(error instanceof NeighbourError)) return false;
  const { neighbourCode } = error.detail;
  return neighbourCode !== undefined && REFUSED_SECRETS.includes(neighbourCode);
}
