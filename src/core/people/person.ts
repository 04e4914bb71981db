/** A directory value as Graph sends it. `null` = cleared on the wire; a missing key = not mentioned or never set. */
export type AttributeValue = string | number | boolean | null | readonly AttributeValue[] | AttributeObject;
export interface AttributeObject {
  readonly [name: string]: AttributeValue | undefined;
}
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** One entry of a delta page: a whole object or a sparse patch, or a removal (`changed` = soft-deleted, `deleted` = for good). */
export interface DirectoryEntry {
  readonly id: string;
  readonly removed?: 'changed' | 'deleted';
  readonly attributes: Attributes;
}

export type Presence = 'present' | 'soft-deleted' | 'deleted';

/** A record of the directory as last seen: everything in `$select`. */
export interface Person {
  readonly id: string;
  readonly presence: Presence;
  readonly attributes: Attributes;
}
