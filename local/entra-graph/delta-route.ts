import type { SimRequest, SimResponse } from '../simulator/server.ts';
import { pageAt, startOfChanges, startOfObjects } from './delta-pages.ts';
import type { DeltaOptions, DeltaPage } from './delta-pages.ts';
import { parseDeltaQuery } from './delta-query.ts';
import type { ChainPosition, DeltaQuery, DeltaStream, DeltaToken, TokenCodec } from './delta-token.ts';
import type { DirectoryStore } from './directory-store.ts';
import { refuse } from './graph-replies.ts';
import { DEFAULT_PROPERTIES } from './user-properties.ts';

/** How an unusable delta token is refused: 400 syncStateNotFound, 410 with Location, or 400 "Badly formed token.". */
export type ExpiryMode = 'syncStateNotFound' | 'gone' | 'badlyFormed';

export interface LinkOptions extends DeltaOptions {
  /** How tokens older than 7 days are refused. */
  expiry: ExpiryMode;
  /** While set, next links point to this host, where no client may follow. */
  wrongHostNextLink: string | undefined;
  /** While true, every next link is the link that was just followed. */
  nextLinkLoop: boolean;
}

export interface DeltaService {
  readonly store: DirectoryStore;
  readonly options: LinkOptions;
  readonly codec: TokenCodec;
  readonly now: () => number;
  readonly origin: () => string;
  readonly nextSeed: () => number;
  /** Tokens of an earlier epoch are refused in the mode given with it. */
  readonly epoch: () => { readonly number: number; readonly mode: ExpiryMode };
}

const DAY_MS = 24 * 60 * 60 * 1000;
const TOKEN_LIFETIME_MS = 7 * DAY_MS;
const CHAIN_LIFETIME_MS = 30 * DAY_MS;

/** Answers one page of `/{version}/{stream}/delta`: the first of a chain, a next one, or the first of a later round. */
export function answerDelta(
  service: DeltaService,
  version: string,
  stream: DeltaStream,
  request: SimRequest,
): SimResponse {
  const skip = request.query.get('$skiptoken');
  const delta = request.query.get('$deltatoken');
  if (skip !== null && delta !== null) {
    refuse(400, 'BadRequest', "Invalid request: Both skiptoken and deltatoken can't be in the same request.");
  }
  const context: PageContext = { service, version, stream, request };
  if (skip === null && (delta === null || delta === '')) return firstPage(context);
  if (delta === 'latest') return latest(context);
  refuseOtherParameters(request.query);
  return laterPage(context, skip ?? delta ?? '');
}

interface PageContext {
  readonly service: DeltaService;
  readonly version: string;
  readonly stream: DeltaStream;
  readonly request: SimRequest;
}

function firstPage(context: PageContext): SimResponse {
  const { service, stream, request } = context;
  const query = parseDeltaQuery(stream, request.query);
  // Only users have objects here; the other stream exists to show what its tokens do in the wrong place.
  if (stream !== 'users') return endPage(context, query, { entries: [], since: service.store.head() });
  return chainPage(context, query, startOfObjects(service.store, service.nextSeed()), service.now());
}

function latest(context: PageContext): SimResponse {
  const query = parseDeltaQuery(context.stream, context.request.query);
  return endPage(context, query, { entries: [], since: context.service.store.head() });
}

function laterPage(context: PageContext, text: string): SimResponse {
  const { service, stream } = context;
  const token = service.codec.decode(text);
  if (token === undefined) refuseToken(context, 'badlyFormed');
  refuseExpired(context, token);
  // The real service does not notice a token of another stream: it answers as if nothing had changed.
  if (token.query.stream !== stream) {
    return endPage(context, { stream }, { entries: [], since: service.store.head() });
  }
  if (token.kind === 'skip') return chainPage(context, token.query, token.at, token.chainStartedAt);
  return chainPage(context, token.query, startOfChanges(service.store, token.since, seedOf(token)), service.now());
}

// The same delta link gives the same round again, in the same order.
function seedOf(token: DeltaToken): number {
  return token.issuedAt % 2_147_483_647;
}

function chainPage(context: PageContext, query: DeltaQuery, at: ChainPosition, chainStartedAt: number): SimResponse {
  const minimal = /return=minimal/.test(context.request.headers['prefer'] ?? '');
  const options = minimal ? { ...context.service.options, sparse: true } : context.service.options;
  const page = pageAt(context.service.store, query, at, options);
  const headers = minimal ? { 'Preference-Applied': 'return=minimal' } : undefined;
  const response =
    page.next === undefined
      ? endPage(context, query, page)
      : pageResponse(context, query, page, { '@odata.nextLink': nextLink(context, query, page.next, chainStartedAt) });
  return headers === undefined ? response : { ...response, headers };
}

function endPage(context: PageContext, query: DeltaQuery, page: DeltaPage): SimResponse {
  const { service } = context;
  const now = service.now();
  const token: DeltaToken = {
    kind: 'delta',
    since: page.since ?? service.store.head(),
    query,
    issuedAt: now,
    chainStartedAt: now,
    epoch: service.epoch().number,
  };
  const link = `${service.origin()}${deltaPath(context)}?$deltatoken=${service.codec.encode(token)}`;
  return pageResponse(context, query, page, { '@odata.deltaLink': link });
}

function nextLink(context: PageContext, query: DeltaQuery, at: ChainPosition, chainStartedAt: number): string {
  const { service, request } = context;
  const { nextLinkLoop, wrongHostNextLink } = service.options;
  const token: DeltaToken = {
    kind: 'skip',
    at,
    query,
    issuedAt: service.now(),
    chainStartedAt,
    epoch: service.epoch().number,
  };
  const followed = request.query.get('$skiptoken');
  const text = nextLinkLoop && followed !== null ? followed : service.codec.encode(token);
  const origin = wrongHostNextLink === undefined ? service.origin() : `https://${wrongHostNextLink}`;
  return `${origin}${deltaPath(context)}?$skiptoken=${text}`;
}

function pageResponse(
  context: PageContext,
  query: DeltaQuery,
  page: DeltaPage,
  link: Readonly<Record<string, string>>,
): SimResponse {
  const names = query.select ?? DEFAULT_PROPERTIES;
  const metadata = `${context.service.origin()}/${context.version}/$metadata#${context.stream}(${names.join(',')})`;
  return { status: 200, body: { '@odata.context': metadata, ...link, value: page.entries } };
}

function deltaPath(context: PageContext): string {
  return `/${context.version}/${context.stream}/delta`;
}

function refuseOtherParameters(query: URLSearchParams): void {
  for (const name of query.keys()) {
    if (name === '$skiptoken' || name === '$deltatoken') continue;
    refuse(400, 'BadRequest', `The query parameter '${name}' is not supported together with a token.`);
  }
}

function refuseExpired(context: PageContext, token: DeltaToken): void {
  const { service } = context;
  const { number, mode } = service.epoch();
  if (token.epoch < number) refuseToken(context, mode);
  const now = service.now();
  if (token.kind === 'skip' && now - token.chainStartedAt > CHAIN_LIFETIME_MS) {
    refuse(400, 'BadRequest', 'Sync must reach steady state within 30 days.');
  }
  if (now - token.issuedAt > TOKEN_LIFETIME_MS) refuseToken(context, service.options.expiry);
}

function refuseToken(context: PageContext, mode: ExpiryMode): never {
  if (mode === 'badlyFormed') refuse(400, 'BadRequest', 'Badly formed token.');
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
