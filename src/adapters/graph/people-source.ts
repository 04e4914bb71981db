import type { Attributes, DirectoryEntry, PersonKind } from '../../core/people/person.ts';
import { isObject } from './json.ts';
import type { Json } from './json.ts';
import type { Gate } from './mailbox-gate.ts';

/** How the people of one stream are asked for and read. */
export interface PeopleSource {
  readonly kind: PersonKind;
  /** The change chain in messages: `users/delta`. Never with a name or an id in it. */
  readonly chain: string;
  /** Reading somebody by id, in messages: `users/{id}`. */
  readonly item: string;
  /** Where these people stand below the version: `/users`. */
  readonly path: string;
  /** Whether a chain's link may have this path; Graph accepts links of other streams without a word. */
  readonly ownsLink: (pathname: string) => boolean;
  /** Whether a link was this stream's before these people moved to another place: their chain starts again there. */
  readonly isOutdated?: (pathname: string) => boolean;
  /** Sent with every request for these people. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The query of a chain that is wanted for these attributes. */
  readonly chainQuery: (attributes: readonly string[]) => string;
  /** The path and query of reading one by id, relative to the version. */
  readonly itemUrl: (id: string, attributes: readonly string[]) => string;
  /** The person's own id, from the one that Graph has. */
  readonly toId: (graphId: string) => string;
  readonly toAttributes: (json: Json, attributes: readonly string[]) => Attributes;
  /** False for somebody who was found by id, but in another place than this stream's; undefined when that is not said. */
  readonly isHere?: (json: Json) => boolean | undefined;
  /** Where only so many calls may run at a time. */
  readonly gate?: Gate;
}

/** The value of `$select`; `id` is named because only the change chain always sends it. */
export function selectList(properties: readonly string[]): string {
  return [...new Set(['id', ...properties])].map(encodeURIComponent).join(',');
}

/** One object as Graph sends it; undefined when it has no id. */
export function readEntry(
  json: unknown,
  source: PeopleSource,
  attributes: readonly string[],
): DirectoryEntry | undefined {
  if (!isObject(json) || typeof json['id'] !== 'string' || json['id'] === '') return undefined;
  const removed = readRemoved(json);
  return {
    id: source.toId(json['id']),
    kind: source.kind,
    ...(removed === undefined ? {} : { removed }),
    attributes: source.toAttributes(json, attributes),
  };
}

function readRemoved(json: Json): DirectoryEntry['removed'] {
  const removed = json['@removed'];
  if (removed === undefined) return undefined;
  // A removal of a kind we do not know counts as the one that can be undone.
  return isObject(removed) && removed['reason'] === 'deleted' ? 'deleted' : 'changed';
}
