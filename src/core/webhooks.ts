import type { CallScope } from './ports.ts';

export const SIGNATURE_DIGESTS = ['SHA224', 'SHA256', 'SHA512'] as const;
export type SignatureDigest = (typeof SIGNATURE_DIGESTS)[number];

/** With which MessageMedia signs what it sends; it keeps the private half. */
export interface SigningKey {
  readonly keyId: string;
  /** SPKI, DER, base64. */
  readonly publicKey: string;
  readonly digest: SignatureDigest;
}

/** What MessageMedia is asked to send, and where. */
export interface WebhookWrite {
  readonly url: string;
  readonly events: readonly string[];
  readonly template: string;
  readonly headers: Readonly<Record<string, string>>;
}
export interface Webhook extends WebhookWrite {
  readonly id: string;
}

/** The webhooks of an account and the key that signs them. All failures are NeighbourErrors ('messagemedia'). */
export interface WebhookRegistry {
  /** Those that are posted as JSON. */
  webhooks(scope: CallScope): Promise<Webhook[]>;
  createWebhook(webhook: WebhookWrite, scope: CallScope): Promise<void>;
  updateWebhook(id: string, webhook: WebhookWrite, scope: CallScope): Promise<void>;
  /** `none` is enabled, or signing is `not-available`: an option of the account. The public half is never told again. */
  enabledKey(scope: CallScope): Promise<Omit<SigningKey, 'publicKey'> | 'none' | 'not-available'>;
  /** Not in use before it is enabled. */
  createKey(digest: SignatureDigest, scope: CallScope): Promise<SigningKey>;
  /** The one that was enabled is disabled. */
  enableKey(keyId: string, scope: CallScope): Promise<void>;
}
