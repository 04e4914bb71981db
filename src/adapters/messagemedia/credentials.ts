export interface ApiCredentials {
  readonly key: string;
  readonly secret: string;
}

export interface Credentials {
  /** The value of the Authorization header (Basic). */
  header(): Promise<string>;
  /** Reads key and secret anew after `header` was refused; unless that has been done meanwhile. */
  renew(header: string): Promise<void>;
}

/** Basic authentication from a source of credentials that may rotate at any time. */
export function createCredentials(source: (fresh: boolean) => Promise<ApiCredentials>): Credentials {
  let current: Encoded | undefined;
  let refused: Encoded | undefined;
  let renewing: Promise<void> | undefined;

  const renewNow = async () => {
    const fresh = encode(await source(true));
    if (current !== undefined && !isSame(fresh, current)) refused = current;
    current = fresh;
  };

  return {
    async header() {
      const offered = await source(false);
      // A cache behind the source may still offer the pair that was just refused.
      const outdated = current !== undefined && refused !== undefined && isSame(offered, refused);
      if (current === undefined || (!outdated && !isSame(offered, current))) current = encode(offered);
      return current.header;
    },
    async renew(header) {
      if (current !== undefined && current.header !== header) return;
      renewing ??= renewNow().finally(() => {
        renewing = undefined;
      });
      await renewing;
    },
  };
}

interface Encoded extends ApiCredentials {
  readonly header: string;
}

function encode({ key, secret }: ApiCredentials): Encoded {
  return { key, secret, header: `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}` };
}

function isSame(one: ApiCredentials, other: ApiCredentials): boolean {
  return one.key === other.key && one.secret === other.secret;
}
