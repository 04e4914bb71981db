import type { SimRequest, SimResponse } from '../simulator/server.ts';
import type { DirectoryStore } from './directory-store.ts';
import { refuse } from './graph-replies.ts';

const DEFAULT_PAGE_SIZE = 100;
const MAX_PAGE_SIZE = 999;
const DEPARTMENT_TERM = /^\s*department\s+eq\s+'((?:[^']|'')*)'\s*$/i;

/** Answers `GET /{version}/users?$filter=department eq '…'&$select=id`, page by page: the one list that is asked for. */
export function answerUserList(users: DirectoryStore, base: string, request: SimRequest): SimResponse {
  const { query } = request;
  const department = departmentIn(query.get('$filter'));
  if (query.get('$select') !== 'id') refuse(400, 'Request_UnsupportedQuery', 'This list answers ids only.');
  const size = pageSize(query.get('$top'));
  const from = Number(query.get('$skiptoken') ?? 0);
  const found = users.live().filter((user) => isSame(user['department'], department));
  const next = from + size >= found.length ? {} : { '@odata.nextLink': nextLink(base, query, from + size) };
  const value = found.slice(from, from + size).map(({ id }) => ({ id }));
  return { status: 200, body: { '@odata.context': `${base}/$metadata#users(id)`, ...next, value } };
}

function departmentIn(filter: string | null): string {
  const text = DEPARTMENT_TERM.exec(filter ?? '')?.[1];
  return text === undefined
    ? refuse(400, 'Request_UnsupportedQuery', 'This list is filtered by one department and nothing else.')
    : text.replaceAll("''", "'");
}

/** Letter case is nothing to Graph's `eq`; blanks are. */
function isSame(value: unknown, department: string): boolean {
  return typeof value === 'string' && value.toLowerCase() === department.toLowerCase();
}

function pageSize(top: string | null): number {
  const size = top === null ? DEFAULT_PAGE_SIZE : Number(top);
  if (Number.isInteger(size) && size >= 1 && size <= MAX_PAGE_SIZE) return size;
  return refuse(400, 'Request_UnsupportedQuery', `A page has 1 to ${MAX_PAGE_SIZE} users.`);
}

function nextLink(base: string, query: URLSearchParams, from: number): string {
  const next = new URLSearchParams(query);
  next.set('$skiptoken', String(from));
  return `${base}/users?${next.toString()}`;
}
