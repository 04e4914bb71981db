/** Something wrong in the document, before its line is known. */
export interface Finding {
  /** Keys and indexes from the top of the document. */
  readonly path: readonly PropertyKey[];
  /** Points at the key itself, and not at its value. */
  readonly atKey?: boolean;
  /** Where it stands in the text, when the path is not enough to find it. */
  readonly offset?: number;
  readonly found?: string;
  readonly expected: string;
  readonly nearest?: string;
}

const MAX_FOUND = 60;

/** A path as people write it: `sync.mapping[2].to`, `sync.lists.names["Sales team"]`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    if (!/^[\w$]+$/.test(String(key))) return `${text}[${JSON.stringify(key)}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}

/** What stands in the document, short enough for one line; undefined for a missing value. */
function foundText(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value);
  return text.length > MAX_FOUND ? `${text.slice(0, MAX_FOUND)}…` : text;
}

/** A finding about `value`; absent parts are left out. */
export function findingOf(
  path: readonly PropertyKey[],
  value: unknown,
  expected: string,
  extras: { readonly nearest?: string | undefined; readonly atKey?: boolean } = {},
): Finding {
  const found = foundText(value);
  return {
    path,
    expected,
    ...(found === undefined ? {} : { found }),
    ...(extras.nearest === undefined ? {} : { nearest: extras.nearest }),
    ...(extras.atKey === true ? { atKey: true } : {}),
  };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
