/** A directory value as Graph sends it. `null` = cleared on the wire; a missing key = not mentioned or never set. */
export type AttributeValue = string | number | boolean | null | readonly AttributeValue[] | AttributeObject;
export interface AttributeObject {
  readonly [name: string]: AttributeValue | undefined;
}
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** What a person is in the directory: a user, an organisational contact, or a contact in somebody's mailbox. */
export type PersonKind = 'user' | 'orgContact' | 'mailboxContact';

/** One entry of a delta page: a whole object or a sparse patch, or a removal (`changed` = soft-deleted, `deleted` = for good). */
export interface DirectoryEntry {
  readonly id: string;
  /** Absent in rows that were stored before there were kinds: a user. */
  readonly kind?: PersonKind;
  readonly removed?: 'changed' | 'deleted';
  readonly attributes: Attributes;
}

export type Presence = 'present' | 'soft-deleted' | 'deleted';

/** A record of the directory as last seen: everything in `$select`. */
export interface Person {
  readonly id: string;
  /** Absent: a user. */
  readonly kind?: PersonKind;
  readonly presence: Presence;
  readonly attributes: Attributes;
  /** What is known of the manager, when the person has one and it is somebody who was read. */
  readonly manager?: Attributes;
}

/** Where attribute paths are read: the person's own attributes and, for `manager.<attribute>`, the manager's. */
export type PersonValues = Pick<Person, 'attributes' | 'manager'>;
