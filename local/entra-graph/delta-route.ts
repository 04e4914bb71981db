import type { SimRequest, SimResponse } from '../simulator/server.ts';
import { pageAt, startOfChanges, startOfObjects } from './delta-pages.ts';
import type { DeltaPage } from './delta-pages.ts';
import { parseDeltaQuery } from './delta-query.ts';
import { refuseExpired, refuseOtherParameters, refuseToken } from './delta-refusals.ts';
import { deltaPath } from './delta-service.ts';
import type { DeltaService, DeltaSource, PageContext } from './delta-service.ts';
import type { ChainPosition, DeltaQuery, DeltaToken } from './delta-token.ts';
import { refuse } from './graph-replies.ts';

/** Answers one page of `/{version}/{path}/delta`: the first of a chain, a next one, or the first of a later round. */
export function answerDelta(
  service: DeltaService,
  version: string,
  source: DeltaSource,
  request: SimRequest,
): SimResponse {
  const skip = request.query.get('$skiptoken');
  const delta = request.query.get('$deltatoken');
  if (skip !== null && delta !== null) {
    refuse(400, 'BadRequest', "Invalid request: Both skiptoken and deltatoken can't be in the same request.");
  }
  const context: PageContext = { service, version, source, request };
  if (skip === null && (delta === null || delta === '')) return firstPage(context);
  if (delta === 'latest') return latest(context);
  refuseOtherParameters(request.query);
  return laterPage(context, skip ?? delta ?? '');
}

function firstPage(context: PageContext): SimResponse {
  const { service, source, request } = context;
  const query = parseDeltaQuery(source.stream, source.store.type, request.query);
  return chainPage(context, query, startOfObjects(source.store, service.nextSeed()), service.now());
}

function latest(context: PageContext): SimResponse {
  const { source, request } = context;
  const query = parseDeltaQuery(source.stream, source.store.type, request.query);
  return endPage(context, query, { entries: [], since: source.store.head() });
}

function laterPage(context: PageContext, text: string): SimResponse {
  const { service, source } = context;
  const token = service.codec.decode(text);
  if (token === undefined) refuseToken(context, 'badlyFormed');
  refuseExpired(context, token);
  if (token.query.stream !== source.stream) return pageOfOtherStream(context);
  if (token.kind === 'skip') return chainPage(context, token.query, token.at, token.chainStartedAt);
  return chainPage(context, token.query, startOfChanges(source.store, token.since, seedOf(token)), service.now());
}

// The directory does not notice a token of another stream: it answers as if nothing had changed.
function pageOfOtherStream(context: PageContext): SimResponse {
  const { source } = context;
  if (source.outlook !== undefined) refuseToken(context, 'gone');
  return endPage(context, { stream: source.stream }, { entries: [], since: source.store.head() });
}

// The same delta link gives the same round again, in the same order.
function seedOf(token: DeltaToken): number {
  return token.issuedAt % 2_147_483_647;
}

function chainPage(context: PageContext, query: DeltaQuery, at: ChainPosition, chainStartedAt: number): SimResponse {
  const minimal = /return=minimal/.test(context.request.headers['prefer'] ?? '');
  const { options: free } = context.service;
  const { store, outlook } = context.source;
  const options = { ...free, sparse: minimal || free.sparse, pageSize: outlook?.pageSize ?? free.pageSize };
  const page = pageAt(store, query, at, options);
  const headers = minimal ? { 'Preference-Applied': 'return=minimal' } : outlook?.headers;
  const response =
    page.next === undefined
      ? endPage(context, query, page)
      : pageResponse(context, query, page, { '@odata.nextLink': nextLink(context, query, page.next, chainStartedAt) });
  return headers === undefined ? response : { ...response, headers };
}

function endPage(context: PageContext, query: DeltaQuery, page: DeltaPage): SimResponse {
  const { service, source } = context;
  const now = service.now();
  const generation = source.outlook?.nextGeneration();
  const token: DeltaToken = {
    kind: 'delta',
    since: page.since ?? source.store.head(),
    query,
    issuedAt: now,
    chainStartedAt: now,
    epoch: service.epoch().number,
    ...(generation === undefined ? {} : { generation }),
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
  const { path, store, outlook } = context.source;
  const names = query.select ?? store.type.defaultProperties;
  const metadata = `${context.service.origin()}/${context.version}/$metadata#${path}(${names.join(',')})`;
  const value = outlook === undefined ? page.entries : page.entries.map(outlook.toEntry);
  return { status: 200, body: { '@odata.context': metadata, ...link, value } };
}
