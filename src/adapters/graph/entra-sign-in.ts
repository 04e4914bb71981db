import type * as Identity from '@azure/identity';
import { isWellKnownAuthority } from '../../core/authority.ts';
import { NeighbourError } from '../../core/errors.ts';
import type { RequestWatch } from '../request-watch.ts';
import { ledAstray, toEntraError, toIdentityError, unacceptableIds } from './entra-failures.ts';
import { exchangeScope } from './exchange-scope.ts';

export interface SignInOptions {
  readonly authorityHost: string;
  readonly tenantId: string;
  /** Of the app registration; of the managed identity where that one signs in itself. */
  readonly clientId: string;
  /** `<graph>/.default`. */
  readonly scope: string;
  readonly timeoutMs: number;
  /** Where a sign-in may go; absent = anywhere but behind a redirect. */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** Told of every request of a sign-in. */
  readonly watch?: RequestWatch | undefined;
}

/** What proves the app to Entra ID. `federated`: the app registration trusts a user-assigned managed identity. */
export type Proof =
  | { readonly method: 'client-secret'; readonly secret: string }
  | { readonly method: 'managed-identity' }
  | { readonly method: 'federated'; readonly identityClientId: string };

/** One credential, and so one token cache. */
export interface SignIn {
  /** A valid access token. Throws NeighbourError('entra', …). */
  token(): Promise<string>;
}

type Library = typeof Identity;

/** Loads the library and builds the credential; nothing is sent before the first token is asked for. */
export function startSignIn(options: SignInOptions, proof: Proof): SignIn {
  let wasLedAstray = false;
  const credential = openCredential(options, proof, () => {
    wasLedAstray = true;
  });
  return {
    async token() {
      const opened = await credential;
      wasLedAstray = false;
      try {
        return await inTime(opened.getToken(options.scope), options.timeoutMs);
      } catch (error) {
        // MSAL keeps nothing of the guard's error.
        throw wasLedAstray ? ledAstray(error) : signInFailure(error, proof);
      }
    },
  };
}

// The library is loaded with the first call: it takes longer to load than the whole app may.
async function openCredential(
  options: SignInOptions,
  proof: Proof,
  onRefusal: () => void,
): Promise<Identity.TokenCredential> {
  const library = await import('@azure/identity');
  const { guardedHttpClient } = await import('../guarded-http-client.ts');
  const { allowedOrigins, watch } = options;
  const wire = {
    retryOptions: { maxRetries: 1 },
    httpClient: guardedHttpClient({ allowedOrigins, onRefusal, watch }),
  };
  try {
    return credentialFor(library, options, proof, wire);
  } catch (error) {
    throw unacceptableIds(error);
  }
}

type Wire = Pick<
  NonNullable<ConstructorParameters<Library['ClientSecretCredential']>[3]>,
  'retryOptions' | 'httpClient'
>;

function credentialFor(library: Library, options: SignInOptions, proof: Proof, wire: Wire): Identity.TokenCredential {
  const { authorityHost, tenantId, clientId } = options;
  if (proof.method === 'managed-identity') return identityCredential(library, clientId, wire);
  const authority = { ...wire, authorityHost, disableInstanceDiscovery: !isWellKnownAuthority(authorityHost) };
  if (proof.method === 'client-secret') {
    return new library.ClientSecretCredential(tenantId, clientId, proof.secret, authority);
  }
  const identity = identityCredential(library, proof.identityClientId, wire);
  const assertion = async () => (await identity.getToken(exchangeScope(authorityHost))).token;
  return new library.ClientAssertionCredential(tenantId, clientId, assertion, authority);
}

/**
 * The managed identity, whose failures are told apart here: inside an assertion nobody could tell whose they are. The
 * library sends with the client of the first one in the process, so the list of hosts is the one of whoever came first.
 */
function identityCredential(
  library: Library,
  clientId: string,
  wire: Wire,
): { getToken(scope: string | string[]): Promise<Identity.AccessToken> } {
  const identity = new library.ManagedIdentityCredential({ clientId, ...wire });
  return {
    async getToken(scope) {
      try {
        return await identity.getToken(scope);
      } catch (error) {
        throw toIdentityError(error);
      }
    },
  };
}

/** MSAL wraps what the assertion threw. Everything else is Entra's, or the platform's where nobody else is asked. */
function signInFailure(error: unknown, { method }: Proof): NeighbourError {
  if (error instanceof NeighbourError) return error;
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof NeighbourError) return cause;
  return method === 'managed-identity' ? toIdentityError(error) : toEntraError(error);
}

/** The credentials do not pass an abort signal on to MSAL, so the time-out has to be kept from outside. */
async function inTime(asking: Promise<Identity.AccessToken | null>, timeoutMs: number): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('time-out')), timeoutMs);
  });
  try {
    const answer = await Promise.race([asking, timeUp]);
    if (answer === null) throw new Error('no token');
    return answer.token;
  } finally {
    clearTimeout(timer);
  }
}
