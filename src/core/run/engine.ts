import type { SyncConfig } from '../config/sync-config.ts';
import type { Clock, ContactBook, Digest, Directory, Ids, Log, Tables, WorkQueue } from '../ports.ts';
import type { WebhookRegistry } from '../webhooks.ts';

/** What the webhook needs besides the engine. */
export interface WebhookSetup {
  /** Origin of the app as MessageMedia calls it. */
  readonly publicBaseUrl: string;
  /** What MessageMedia sends with every event. `fresh` when it may have been changed. */
  readonly secret: (fresh: boolean) => Promise<string>;
  readonly registry: WebhookRegistry;
  /** Size of an RSA key (SPKI, DER, base64); undefined when it is none. */
  readonly keyBits: (publicKey: string) => number | undefined;
}

/** Everything a run needs: built once per worker by the composition root, with fakes in the tests. */
export interface Engine {
  readonly config: SyncConfig;
  readonly fingerprint: string;
  readonly select: readonly string[];
  readonly tenantId: string;
  readonly lanes: number;
  readonly directory: Directory;
  readonly contactBook: ContactBook;
  readonly tables: Tables;
  readonly queue: WorkQueue;
  readonly clock: Clock;
  readonly digest: Digest;
  readonly ids: Ids;
  readonly log: Log;
  /** When secrets expire (ms since 1970), as far as the vault says. Absent where there is no vault. Never throws. */
  readonly credentialExpiries?: () => Promise<readonly { readonly name: string; readonly expiresAt: number }[]>;
  /** A hash of the MessageMedia API key in use: another key means the account has to be verified again. */
  readonly accountKeyHash: () => Promise<string>;
  /** How opt-outs reach us. Absent where the app has no public address. */
  readonly webhook?: WebhookSetup;
  /** A hash of the pseudonym key: stored with the state, a different key is refused. */
  readonly pseudonymFingerprint: string;
}
