import { NeighbourError } from '../../core/errors.ts';
import type { CallScope, GroupMember } from '../../core/ports.ts';
import type { GraphCalls } from './graph-calls.ts';
import { hiddenMembers, refuseHidden } from './hidden-members.ts';
import { isObject } from './json.ts';
import { segmentsOf } from './links.ts';
import { listPages } from './list-pages.ts';
import type { List } from './list-pages.ts';
import { missingAs } from './missing.ts';

/** A group, and whether its nested groups are gone through. */
export interface WantedGroup {
  readonly id: string;
  readonly transitive: boolean;
}

/** An entry of the list; of some not even the kind may be seen. */
interface Shown {
  readonly id: string;
  readonly kind: GroupMember['kind'] | undefined;
}

// Graph refuses a page of more.
const PAGE_SIZE = 999;

/**
 * The members of a group, page by page. No cast to users and no ConsistencyLevel: those read an index that lags. At
 * the end it is made sure that nothing was hidden, because hidden members look like none.
 */
export async function* readGroupMembers(
  graph: GraphCalls,
  origin: string,
  group: WantedGroup,
  scope: CallScope,
): AsyncGenerator<readonly GroupMember[]> {
  const nested: string[] = [];
  let shown = 0;
  try {
    for await (const items of listPages(graph, origin, memberList(origin, group, PAGE_SIZE), scope)) {
      const members = items.filter(isReadable);
      if (members.length < items.length) throw hiddenMembers(nameOf(group));
      shown += members.length;
      if (group.transitive) nested.push(...members.filter(({ kind }) => kind === 'group').map(({ id }) => id));
      yield members;
    }
    if (shown === 0) await refuseHidden(graph, origin, [group.id], () => Promise.resolve(false), scope);
    await refuseHidden(graph, origin, nested, (id) => hasMembers(graph, origin, id, scope), scope);
  } catch (error) {
    throw wordsFor(error, group);
  }
}

async function hasMembers(graph: GraphCalls, origin: string, id: string, scope: CallScope): Promise<boolean> {
  for await (const members of listPages(graph, origin, memberList(origin, { id, transitive: false }, 1), scope)) {
    if (members.length > 0) return true;
  }
  return false;
}

function memberList(origin: string, group: WantedGroup, pageSize: number): List<Shown> {
  return {
    name: nameOf(group),
    url: `${origin}/v1.0/groups/${encodeURIComponent(group.id)}/${segmentOf(group)}?$select=id&$top=${pageSize}`,
    ownsLink: (pathname) => isListOf(group, pathname),
    read: readMember,
  };
}

function isListOf(group: WantedGroup, pathname: string): boolean {
  const [, groups, id, segment, ...more] = segmentsOf(pathname);
  const isPath = `${groups}/${segment}`.toLowerCase() === `groups/${segmentOf(group)}`.toLowerCase();
  return isPath && more.length === 0 && id?.toLowerCase() === group.id.toLowerCase();
}

function segmentOf({ transitive }: WantedGroup): string {
  return transitive ? 'transitiveMembers' : 'members';
}

function nameOf(group: WantedGroup): string {
  return `groups/${segmentOf(group)}`;
}

const KINDS: Readonly<Record<string, GroupMember['kind']>> = {
  '#microsoft.graph.user': 'user',
  '#microsoft.graph.orgContact': 'orgContact',
  '#microsoft.graph.group': 'group',
};

function readMember(json: unknown): Shown | undefined {
  if (!isObject(json) || typeof json['id'] !== 'string' || json['id'] === '') return undefined;
  const type = json['@odata.type'];
  return { id: json['id'], kind: typeof type === 'string' ? (KINDS[type] ?? 'other') : undefined };
}

function isReadable(shown: Shown): shown is GroupMember {
  return shown.kind !== undefined;
}

function wordsFor(error: unknown, group: WantedGroup): unknown {
  const name = nameOf(group);
  if (error instanceof NeighbourError && error.detail.neighbourCode === 'Directory_ExpiredPageToken') {
    const message = `The pages of ${name} expired before they were read.`;
    return new NeighbourError('graph', 'unavailable', message, error.detail, error);
  }
  return missingAs(error, name, 'There is no such group in the directory: it was deleted, or its id is wrong.');
}
