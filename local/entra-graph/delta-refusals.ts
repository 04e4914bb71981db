import { deltaPath } from './delta-service.ts';
import type { ExpiryMode, PageContext } from './delta-service.ts';
import type { DeltaToken } from './delta-token.ts';
import { refuse } from './graph-replies.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const TOKEN_LIFETIME_MS = 7 * DAY_MS;
const CHAIN_LIFETIME_MS = 30 * DAY_MS;

/** Links carry their token and nothing else. */
export function refuseOtherParameters(query: URLSearchParams): void {
  for (const name of query.keys()) {
    if (name === '$skiptoken' || name === '$deltatoken') continue;
    refuse(400, 'BadRequest', `The query parameter '${name}' is not supported together with a token.`);
  }
}

/** Refuses a token that is too old, or older than the last time that all were made to expire. */
export function refuseExpired(context: PageContext, token: DeltaToken): void {
  const { service, source } = context;
  const { number, mode } = service.epoch();
  if (token.epoch < number) refuseToken(context, mode);
  if (source.outlook !== undefined) {
    if (token.generation !== undefined && !source.outlook.isRemembered(token.generation)) refuseToken(context, 'gone');
    return;
  }
  const now = service.now();
  if (token.kind === 'skip' && now - token.chainStartedAt > CHAIN_LIFETIME_MS) {
    refuse(400, 'BadRequest', 'Sync must reach steady state within 30 days.');
  }
  if (now - token.issuedAt > TOKEN_LIFETIME_MS) refuseToken(context, service.options.expiry);
}

/** Refuses a token as this stream does. */
export function refuseToken(context: PageContext, mode: ExpiryMode): never {
  if (mode === 'badlyFormed') refuse(400, 'BadRequest', 'Badly formed token.');
  if (context.source.outlook !== undefined) {
    refuse(410, 'SyncStateNotFound', 'The sync state generation is not found; generation=1;[highest=2].');
  }
  if (mode === 'gone') {
    const location = `${context.service.origin()}${deltaPath(context)}?$deltatoken=`;
    refuse(410, 'resyncRequired', 'Resync required.', { Location: location });
  }
  refuse(
    400,
    'syncStateNotFound',
    'The sync state generation is not found. The delta token is expired and data must be synchronized again.',
  );
}
