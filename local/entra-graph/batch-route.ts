import type { FaultAction, Faults } from '../simulator/faults.ts';
import { shuffled } from '../simulator/random.ts';
import type { Random } from '../simulator/random.ts';
import type { SimRequest, SimResponse } from '../simulator/server.ts';
import { injectedRefusal, refusalResponse, refuse } from './graph-replies.ts';

const MAX_ITEMS = 20;

interface BatchItem {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly dependsOn?: readonly string[];
}

export interface BatchService {
  /** Answers one inner request, with the outer one's token already checked. */
  readonly route: (request: SimRequest) => SimResponse;
  readonly faults: Faults;
  readonly random: Random;
  readonly now: () => number;
}

/**
 * Answers `POST /{version}/$batch`: at most 20 items, answered in a shuffled order. Faults whose pattern matches an
 * item's path (`/v1.0/users/…`) hit that item alone.
 */
export function answerBatch(service: BatchService, version: string, request: SimRequest): SimResponse {
  const items = parseItems(request);
  const answered = new Map<string, SimResponse>();
  for (const item of items) answered.set(item.id, itemResponse(service, version, request, item, answered));
  const responses = items.map((item) => toWire(item, answered.get(item.id)));
  return { status: 200, body: { responses: shuffled(responses, service.random) } };
}

function parseItems(request: SimRequest): readonly BatchItem[] {
  const items = (readJson(request) as { requests?: unknown } | null)?.requests;
  if (!Array.isArray(items) || items.length === 0) badRequest('Invalid batch payload format.');
  if (items.length > MAX_ITEMS) badRequest(`Number of batch request steps exceeds the maximum value of ${MAX_ITEMS}.`);
  const seen = new Set<string>();
  for (const item of items as BatchItem[]) {
    refuseMalformed(item);
    if (seen.has(item.id.toLowerCase())) badRequest(`Request Id ${item.id} has to be unique in a batch.`);
    seen.add(item.id.toLowerCase());
  }
  return items as BatchItem[];
}

function readJson(request: SimRequest): unknown {
  try {
    return request.json();
  } catch {
    return badRequest('Invalid batch payload format.');
  }
}

function refuseMalformed(item: BatchItem): void {
  const complete = [item.id, item.method, item.url].every((field) => typeof field === 'string' && field !== '');
  if (!complete) badRequest('Every request of a batch needs id, method and url.');
  if (/^https?:/i.test(item.url)) badRequest('The urls of a batch are relative.');
  const contentType = Object.keys(item.headers ?? {}).some((name) => name.toLowerCase() === 'content-type');
  if (item.body !== undefined && !contentType) badRequest('Write request id with a body needs a Content-Type header.');
}

function badRequest(message: string): never {
  return refuse(400, 'BadRequest', message);
}

function itemResponse(
  service: BatchService,
  version: string,
  outer: SimRequest,
  item: BatchItem,
  answered: ReadonlyMap<string, SimResponse>,
): SimResponse {
  const failed = (item.dependsOn ?? []).some((id) => (answered.get(id)?.status ?? 424) >= 400);
  if (failed) {
    const refusal = { status: 424, code: 'FailedDependency', message: 'A request this one depends on has failed.' };
    return refusalResponse(refusal, service.now());
  }
  const inner = innerRequest(version, outer, item);
  const fault = service.faults.pick({ ...inner, query: inner.query.toString() });
  return fault === undefined ? service.route(inner) : faultResponse(fault, service);
}

function innerRequest(version: string, outer: SimRequest, item: BatchItem): SimRequest {
  const url = new URL(`/${version}/${item.url.replace(/^\//, '')}`, 'https://localhost');
  const body = item.body === undefined ? '' : JSON.stringify(item.body);
  const own = Object.fromEntries(
    Object.entries(item.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return {
    method: item.method.toUpperCase(),
    path: url.pathname,
    query: url.searchParams,
    target: url.pathname + url.search,
    headers: { ...own, authorization: outer.headers['authorization'] ?? '' },
    body,
    json: () => item.body,
  };
}

// An item has no connection of its own to cut: what would be a lost answer outside is a gateway's time-out here.
function faultResponse(fault: FaultAction, service: BatchService): SimResponse {
  const status = typeof fault === 'object' && 'status' in fault ? fault.status : 504;
  const retryAfter = typeof fault === 'object' && 'status' in fault ? fault.retryAfter : undefined;
  const response = refusalResponse(injectedRefusal(status), service.now());
  return retryAfter === undefined ? response : { ...response, headers: { 'Retry-After': String(retryAfter) } };
}

function toWire(item: BatchItem, response: SimResponse | undefined): Record<string, unknown> {
  const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache', ...response?.headers };
  return {
    id: item.id,
    status: response?.status ?? 500,
    headers,
    ...(response?.body === undefined ? {} : { body: response.body }),
  };
}
