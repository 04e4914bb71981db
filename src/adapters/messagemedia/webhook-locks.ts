import { constants, createHash, createPublicKey, timingSafeEqual, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { SigningKey } from '../../core/webhooks.ts';

/** An event as it arrived, of which nothing is believed yet. */
export interface Delivery {
  /** `POST <path> HTTP/1.1`, from our own public address: what the request itself says of it can be chosen by anybody. */
  readonly requestLine: string;
  readonly header: (name: string) => string | undefined;
  readonly body: Buffer;
}

export type LockProblem = 'secret' | 'unsigned' | 'unknown-key' | 'signature' | 'date' | 'late';

/** MessageMedia repeats an event for about eleven minutes. */
const TOLERANCE_MS = 15 * 60_000;
const IMF_FIXDATE =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} GMT$/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Whether the secret is the right one, in the same time however much of it is. */
export function isSecret(given: string | undefined, secret: string): boolean {
  const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digestOf(given ?? ''), digestOf(secret)) && given !== undefined;
}

/**
 * What is wrong with the signature and the time of a delivery; undefined when nothing is. Where there are keys, it has
 * to be signed with one of them; the digest is the stored key's own, whatever the headers say.
 */
export function findLockProblem(delivery: Delivery, keys: readonly SigningKey[], now: number): LockProblem | undefined {
  const date = delivery.header('date');
  if (keys.length > 0) {
    const problem = signatureProblem(delivery, keys, date);
    if (problem !== undefined) return problem;
  }
  if (date === undefined) return undefined;
  const at = Date.parse(date);
  if (!IMF_FIXDATE.test(date) || Number.isNaN(at)) return 'date';
  return Math.abs(now - at) > TOLERANCE_MS ? 'late' : undefined;
}

function signatureProblem(
  { requestLine, header, body }: Delivery,
  keys: readonly SigningKey[],
  date: string | undefined,
): LockProblem | undefined {
  const signature = header('x-messagemedia-signature');
  if (signature === undefined || !BASE64.test(signature)) return 'unsigned';
  // Nothing parts the date from the body where they are signed: a date of another length could have taken bytes of it.
  if (date === undefined || !IMF_FIXDATE.test(date)) return 'date';
  const keyId = header('x-messagemedia-key-id');
  const eligible = keys.filter((key) => keyId === undefined || key.keyId === keyId);
  if (eligible.length === 0) return 'unknown-key';
  const signed = Buffer.concat([Buffer.from(`${requestLine}${date}`, 'latin1'), body]);
  const isGood = eligible.some((key) => isSignedBy(key, signed, Buffer.from(signature, 'base64')));
  return isGood ? undefined : 'signature';
}

function isSignedBy({ publicKey, digest }: SigningKey, signed: Buffer, signature: Buffer): boolean {
  const key = toPublicKey(publicKey);
  return key !== undefined && verify(digest, signed, { key, padding: constants.RSA_PKCS1_PADDING }, signature);
}

function toPublicKey(publicKey: string): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
  } catch {
    // Whatever is wrong with it: it is no key.
    return undefined;
  }
}

/** Size of an RSA key (SPKI, DER, base64); undefined when it is none. */
export function rsaBits(publicKey: string): number | undefined {
  const key = toPublicKey(publicKey);
  return key?.asymmetricKeyType === 'rsa' ? key.asymmetricKeyDetails?.modulusLength : undefined;
}
