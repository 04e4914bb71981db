import type { ClientSecretCredential } from '@azure/identity';
import { isWellKnownAuthority } from '../../core/authority.ts';
import { isRefusedSecret, ledAstray, toEntraError, unacceptableIds } from './entra-failures.ts';

export interface EntraTokensOptions {
  readonly authorityHost: string;
  readonly tenantId: string;
  readonly clientId: string;
  /** `fresh` is true once, after the secret given before was refused. */
  readonly clientSecret: (fresh: boolean) => Promise<string>;
  /** `<graph>/.default`. */
  readonly scope: string;
  readonly timeoutMs: number;
  /** Where a sign-in may go; absent = anywhere but behind a redirect. */
  readonly allowedOrigins?: readonly string[] | undefined;
}

export interface EntraTokens {
  /** A valid access token. Throws NeighbourError('entra', …). */
  get(): Promise<string>;
  /** Forgets the token that was refused and reads the secret anew, unless somebody has done so meanwhile. */
  renew(refusedToken: string): Promise<void>;
}

/** One credential, and so one token cache, per secret value. */
interface SignIn {
  readonly secret: string;
  readonly credential: Promise<ClientSecretCredential>;
  wasLedAstray: boolean;
}

/** Access tokens by client credentials. After a refusal the secret is read anew once, however many were refused together. */
export function createEntraTokens(options: EntraTokensOptions): EntraTokens {
  let current: SignIn | undefined;
  let token: string | undefined;
  let reading: Promise<string> | undefined;

  const tokenFor = async (secret: string): Promise<string> => {
    if (current?.secret !== secret) current = startSignIn(options, secret);
    token = await requestToken(current, options);
    return token;
  };

  const readAnew = (): Promise<string> => {
    reading ??= options.clientSecret(true).finally(() => {
      reading = undefined;
    });
    return reading;
  };

  /** The secret to try after `refused`: what somebody else has read meanwhile, or what the source has now. */
  const otherThan = async (refused: string): Promise<string> => {
    const known = await (reading ?? options.clientSecret(false));
    return known === refused ? readAnew() : known;
  };

  return {
    async get() {
      const secret = await options.clientSecret(false);
      try {
        return await tokenFor(secret);
      } catch (error) {
        if (!isRefusedSecret(error)) throw error;
        const other = await otherThan(secret);
        if (other === secret) throw error;
        return tokenFor(other);
      }
    },
    async renew(refusedToken) {
      const isFirst = refusedToken === token;
      if (isFirst) {
        token = undefined;
        current = undefined;
      }
      await (isFirst ? readAnew() : reading);
    },
  };
}

function startSignIn(options: EntraTokensOptions, secret: string): SignIn {
  const signIn: SignIn = {
    secret,
    credential: buildCredential(options, secret, () => {
      signIn.wasLedAstray = true;
    }),
    wasLedAstray: false,
  };
  return signIn;
}

// The library is loaded with the first call: it takes longer to load than the whole app may.
async function buildCredential(
  options: EntraTokensOptions,
  secret: string,
  onRefusal: () => void,
): Promise<ClientSecretCredential> {
  const { ClientSecretCredential } = await import('@azure/identity');
  const { guardedHttpClient } = await import('../guarded-http-client.ts');
  const { authorityHost, tenantId, clientId, allowedOrigins } = options;
  try {
    return new ClientSecretCredential(tenantId, clientId, secret, {
      authorityHost,
      disableInstanceDiscovery: !isWellKnownAuthority(authorityHost),
      retryOptions: { maxRetries: 1 },
      httpClient: guardedHttpClient({ allowedOrigins, onRefusal }),
    });
  } catch (error) {
    throw unacceptableIds(error);
  }
}

async function requestToken(signIn: SignIn, options: EntraTokensOptions): Promise<string> {
  const credential = await signIn.credential;
  signIn.wasLedAstray = false;
  let timer: NodeJS.Timeout | undefined;
  // The credential does not pass an abort signal on to MSAL, so its time-out has to be kept from outside.
  const timeUp = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('time-out')), options.timeoutMs);
  });
  try {
    const { token } = await Promise.race([credential.getToken(options.scope), timeUp]);
    return token;
  } catch (error) {
    // MSAL keeps nothing of the guard's error.
    throw signIn.wasLedAstray ? ledAstray(error) : toEntraError(error);
  } finally {
    clearTimeout(timer);
  }
}
