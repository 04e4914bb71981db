import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** What a chain was asked for; it is inside every token, because links carry no other query parameter. */
export interface DeltaQuery {
  /** Which objects: `users`, `contacts`, a folder of a mailbox. */
  readonly stream: string;
  readonly select?: readonly string[];
  /** `$filter=id eq …`: only these. */
  readonly ids?: readonly string[];
}

/** Where a chain stands between two of its pages. */
export interface ChainPosition {
  /** `objects` shows everybody who existed at the start, `changes` the history between `from` and `to`. */
  readonly phase: 'objects' | 'changes';
  readonly position: number;
  /** `objects`: how many users existed at the start. */
  readonly count: number;
  readonly from: number;
  readonly to: number;
  /** The history position of the chain's start, once the changes made during the chain are being shown. */
  readonly startedAtSeq?: number;
  readonly seed: number;
  /** Pages served so far, empty ones included. */
  readonly step: number;
}

interface TokenBase {
  readonly query: DeltaQuery;
  /** Ms since 1970 by the simulator's clock: of this token, and of the chain's first page. */
  readonly issuedAt: number;
  readonly chainStartedAt: number;
  /** Raised when all tokens are made to expire. */
  readonly epoch: number;
  /** Outlook only: which of the tokens of its folder this is, counted from 1. */
  readonly generation?: number;
}
export type DeltaToken = TokenBase &
  ({ readonly kind: 'skip'; readonly at: ChainPosition } | { readonly kind: 'delta'; readonly since: number });

export interface TokenCodec {
  encode(token: DeltaToken): string;
  /** Undefined for anything that this codec did not make. */
  decode(text: string): DeltaToken | undefined;
}

/** Opaque signed tokens, at least `minLength` characters long like the real ones. */
export function createTokenCodec(minLength: number): TokenCodec {
  const key = randomBytes(32);
  const sign = (payload: string): string => createHmac('sha256', key).update(payload).digest('base64url');
  return {
    encode(token) {
      const bare = JSON.stringify(token);
      // The nonce makes every token a new one, also when nothing has changed.
      const nonce = randomBytes(9).toString('base64url');
      const pad = '-'.repeat(Math.max(0, Math.floor(minLength * 0.75) - bare.length));
      const payload = Buffer.from(JSON.stringify({ token, nonce, pad })).toString('base64url');
      return `${payload}_${sign(payload)}`;
    },
    decode(text) {
      const payload = text.slice(0, -SIGNATURE_LENGTH - 1);
      const signature = Buffer.from(text.slice(-SIGNATURE_LENGTH));
      const expected = Buffer.from(sign(payload));
      if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) return undefined;
      return (JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as { token: DeltaToken }).token;
    },
  };
}

// 32 bytes in base64url.
const SIGNATURE_LENGTH = 43;
