/** What is true of all objects of one type: which properties they have, and how they are shown. */
export interface ObjectType {
  /** In words, for the messages of the simulator: `user`. */
  readonly noun: string;
  /** As Graph calls it: `microsoft.graph.user`. */
  readonly name: string;
  /** What Graph answers when nothing is selected. */
  readonly defaultProperties: readonly string[];
  /** Whether a delta query can select and track it. */
  readonly isTracked: (property: string) => boolean;
  /** Whether it exists, but is kept where a delta query does not reach. */
  readonly isOutsideMainStore: (property: string) => boolean;
  /** What a delta query can select besides properties: shown as `manager@delta`. */
  readonly relations: readonly string[];
  /** How a plain read shows a property that was never set. */
  readonly unsetValue: (property: string) => null | readonly [];
  /** What the service itself gives a new object. */
  readonly creationDefaults: (nowMs: number) => Readonly<Record<string, unknown>>;
}

/** A type whose properties are all listed. */
export function plainType(
  noun: string,
  name: string,
  properties: readonly string[],
  collections: readonly string[],
  creationDefaults: ObjectType['creationDefaults'] = () => ({}),
): ObjectType {
  return {
    noun,
    name,
    defaultProperties: properties,
    isTracked: (property) => properties.includes(property),
    isOutsideMainStore: () => false,
    relations: [],
    unsetValue: (property) => (collections.includes(property) ? [] : null),
    creationDefaults,
  };
}

/** A time as Graph writes it, without fractions of a second. */
export function graphTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
