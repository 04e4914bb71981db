import type { CallScope } from '../../core/ports.ts';
import type { GraphCalls } from './graph-calls.ts';
import { isObject } from './json.ts';
import { listPages } from './list-pages.ts';

// Graph refuses a page of more.
const PAGE_SIZE = 999;
/** In messages: never with the department in it. */
const NAME = 'users by department';

/** The ids of the users of one department, page by page. Graph compares the text without case, blanks as they are. */
export async function* readDepartmentMembers(
  graph: GraphCalls,
  origin: string,
  department: string,
  scope: CallScope,
): AsyncGenerator<readonly string[]> {
  // A quote inside a text of OData is written twice.
  const filter = encodeURIComponent(`department eq '${department.replaceAll("'", "''")}'`);
  const url = `${origin}/v1.0/users?$filter=${filter}&$select=id&$top=${PAGE_SIZE}`;
  yield* listPages(graph, origin, { name: NAME, url, ownsLink: isUserList, read: readId }, scope);
}

function isUserList(pathname: string): boolean {
  return pathname.endsWith('/users');
}

function readId(json: unknown): string | undefined {
  return isObject(json) && typeof json['id'] === 'string' && json['id'] !== '' ? json['id'] : undefined;
}
