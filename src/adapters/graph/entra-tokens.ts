import { isRefusedSecret } from './entra-failures.ts';
import { startSignIn } from './entra-sign-in.ts';
import type { SignIn, SignInOptions } from './entra-sign-in.ts';

/** How the app signs in: with a secret, as the managed identity itself, or as an app registration that trusts the identity. */
export type EntraAuth =
  | {
      readonly method: 'client-secret';
      /** `fresh` is true once, after Entra ID or Graph refused what was given before. */
      readonly secret: (fresh: boolean) => Promise<string>;
    }
  | { readonly method: 'managed-identity' }
  | { readonly method: 'federated'; readonly identityClientId: string };

export interface EntraTokensOptions extends SignInOptions {
  readonly auth: EntraAuth;
}

export interface EntraTokens {
  /** A valid access token. Throws NeighbourError('entra', …). */
  get(): Promise<string>;
  /** Forgets the token that was refused, and with a secret reads that anew, unless somebody has done so meanwhile. */
  renew(refusedToken: string): Promise<void>;
}

/** Access tokens for Graph, kept until shortly before they expire. */
export function createEntraTokens({ auth, ...options }: EntraTokensOptions): EntraTokens {
  return auth.method === 'client-secret' ? secretTokens(options, auth.secret) : identityTokens(options, auth);
}

/** After a refusal the secret is read anew once, however many were refused together. */
function secretTokens(options: SignInOptions, readSecret: (fresh: boolean) => Promise<string>): EntraTokens {
  let current: { readonly secret: string; readonly signIn: SignIn } | undefined;
  let token: string | undefined;
  let reading: Promise<string> | undefined;

  const tokenFor = async (secret: string): Promise<string> => {
    if (current?.secret !== secret) {
      current = { secret, signIn: startSignIn(options, { method: 'client-secret', secret }) };
    }
    token = await current.signIn.token();
    return token;
  };

  const readAnew = (): Promise<string> => {
    reading ??= readSecret(true).finally(() => {
      reading = undefined;
    });
    return reading;
  };

  /** The secret to try after `refused`: what somebody else has read meanwhile, or what the source has now. */
  const otherThan = async (refused: string): Promise<string> => {
    const known = await (reading ?? readSecret(false));
    return known === refused ? readAnew() : known;
  };

  return {
    async get() {
      const secret = await readSecret(false);
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

/**
 * There is no secret that could have changed. What is forgotten is the token of the app registration; the token of a
 * managed identity is kept by the library and by the platform, for up to a day, and neither can be told to forget it.
 */
function identityTokens(options: SignInOptions, proof: Exclude<EntraAuth, { method: 'client-secret' }>): EntraTokens {
  let signIn: SignIn | undefined;
  let token: string | undefined;
  return {
    async get() {
      signIn ??= startSignIn(options, proof);
      token = await signIn.token();
      return token;
    },
    async renew(refusedToken) {
      if (refusedToken === token) signIn = undefined;
    },
  };
}
