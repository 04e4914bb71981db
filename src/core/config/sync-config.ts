/**
 * The sync configuration after parsing: every default filled in, short forms written out.
 * The zod schema in schema.ts produces it; nothing else may.
 */
export type Scalar = string | number | boolean;

/** Comparisons ignore case and outer blanks unless `matchCase`. */
export interface Comparison {
  readonly attribute: string;
  readonly equals?: Scalar;
  readonly in?: readonly Scalar[];
  readonly notEquals?: Scalar;
  readonly startsWith?: string;
  readonly endsWith?: string;
  readonly contains?: string;
  readonly present?: boolean;
  readonly greaterThan?: number;
  readonly lessThan?: number;
  /** ISO date or `now`, `now+14d`, `now-2d`. */
  readonly before?: string;
  readonly after?: string;
  readonly matchCase?: boolean;
}
export type Filter =
  { readonly all: readonly Filter[] } | { readonly any: readonly Filter[] } | { readonly not: Filter } | Comparison;

export const MESSAGING_FIELDS = [
  'contact_name',
  'first_name',
  'last_name',
  'phone_number',
  'email',
  'group',
  'alias',
  'country',
  'state',
  'location',
  'note',
  'date_of_birth',
] as const;
export type MessagingField = (typeof MESSAGING_FIELDS)[number];

export type TransformName = 'trim' | 'collapseSpaces' | 'lower' | 'upper' | 'title' | 'digits' | 'stripDiacritics';

export interface MappingRule {
  readonly to: MessagingField;
  /** Absent on a rule with `constant`. */
  readonly from?: string;
  readonly constant?: string;
  readonly fallback: readonly string[];
  readonly transform: readonly TransformName[];
  readonly default?: string;
  readonly whenEmpty: 'keep' | 'clear';
  readonly apply: 'always' | 'on-create';
}

export type LeaverCause = 'deleted' | 'disabled' | 'outOfScope' | 'unreachable';
export type LeaverAction = 'remove-from-lists' | 'unsubscribe' | 'delete' | 'keep';

export interface Protection {
  readonly maxRemovals: number;
  readonly maxRemovalShare: number;
  readonly perListShare: number;
  readonly floor: number;
  readonly maxUpdateShare: number;
  /** `approve` holds everything that the first run would do. */
  readonly firstRun: 'apply' | 'approve';
  /** User principal names of people who must never be missing. */
  readonly canaries: readonly string[];
  /** Hours after which a hold is planned and announced afresh. */
  readonly holdHours: number;
}

/** What happens to the contact of somebody who leaves, and how many days after. */
export interface Leaver {
  readonly action: LeaverAction;
  readonly afterDays: number;
}

export interface SyncConfig {
  readonly name: string;
  readonly direction: 'one-way';
  readonly source: 'entra-id';
  readonly target: 'messagemedia';
  readonly schedule: string;
  readonly fullSchedule: string;
  readonly timeZone: string;
  readonly people: { readonly users: { readonly guests: boolean; readonly disabled: boolean } };
  readonly mapping: readonly MappingRule[];
  /** The whole scope as one expression; `{all: []}` is everybody. */
  readonly filters: Filter;
  readonly phone: { readonly defaultCountry?: string; readonly accept: 'mobile' | 'valid' | 'possible' };
  readonly lists: {
    readonly create: boolean;
    readonly prefix: string;
    readonly names: Readonly<Record<string, string>>;
  };
  readonly leavers: Readonly<Record<LeaverCause, Leaver>>;
  readonly protection: Protection;
  readonly retention: { readonly runsDays: number };
}
