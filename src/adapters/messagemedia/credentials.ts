import { signRequest } from './hmac-signature.ts';
import type { WireRequest } from './wire.ts';

export interface ApiCredentials {
  readonly key: string;
  readonly secret: string;
}

/** How a request shows that it is ours: by key and secret, or by a signature that only the secret makes. */
export type MessageMediaAuth = 'basic' | 'hmac';

/** One pair of key and secret, for as long as it is the one in use. */
export interface Credential {
  /** The headers that authenticate a request that is sent at this moment. */
  headersFor(request: Pick<WireRequest, 'method' | 'path' | 'body'>, nowMs: number): Readonly<Record<string, string>>;
}

export interface Credentials {
  current(): Promise<Credential>;
  /** Reads key and secret anew after a request of `refused` was; unless that has been done meanwhile. */
  renew(refused: Credential): Promise<void>;
}

/** Authentication from a source of credentials that may rotate at any time. */
export function createCredentials(
  source: (fresh: boolean) => Promise<ApiCredentials>,
  auth: MessageMediaAuth = 'basic',
): Credentials {
  let current: Held | undefined;
  let refused: Held | undefined;
  let renewing: Promise<void> | undefined;

  const renewNow = async () => {
    const fresh = hold(await source(true), auth);
    if (current !== undefined && !isSame(fresh.pair, current.pair)) refused = current;
    current = fresh;
  };

  return {
    async current() {
      const offered = await source(false);
      // A cache behind the source may still offer the pair that was just refused.
      const outdated = current !== undefined && refused !== undefined && isSame(offered, refused.pair);
      if (current === undefined || (!outdated && !isSame(offered, current.pair))) current = hold(offered, auth);
      return current;
    },
    async renew(credential) {
      if (current !== undefined && current !== credential) return;
      renewing ??= renewNow().finally(() => {
        renewing = undefined;
      });
      await renewing;
    },
  };
}

interface Held extends Credential {
  readonly pair: ApiCredentials;
}

function hold(pair: ApiCredentials, auth: MessageMediaAuth): Held {
  if (auth === 'hmac') return { pair, headersFor: (request, nowMs) => signRequest(pair, request, nowMs) };
  const basic = { authorization: `Basic ${Buffer.from(`${pair.key}:${pair.secret}`).toString('base64')}` };
  return { pair, headersFor: () => basic };
}

function isSame(one: ApiCredentials, other: ApiCredentials): boolean {
  return one.key === other.key && one.secret === other.secret;
}
