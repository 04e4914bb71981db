import type { OracleFilter } from './oracle-filter.ts';
import type { OracleTransform } from './oracle-transform.ts';

export type LeaverCause = 'deleted' | 'disabled' | 'outOfScope' | 'unreachable';
export type LeaverAction = 'remove-from-lists' | 'unsubscribe' | 'delete' | 'keep';

/** A mapping rule as it stands in the configuration. */
export interface OracleRule {
  readonly to: string;
  readonly from?: string;
  readonly template?: string;
  readonly constant?: string;
  readonly fallback?: readonly string[];
  readonly transform?: readonly OracleTransform[];
  readonly default?: string;
  readonly when?: OracleFilter;
  readonly whenEmpty?: 'keep' | 'clear';
  readonly apply?: 'always' | 'on-create';
}

/** What the oracle holds a custom field's values against. */
export interface OracleField {
  readonly type?: string;
  readonly maxLength?: number;
}

/** The sync configuration as far as the oracle understands it. */
export interface OracleConfig {
  readonly rules: readonly OracleRule[];
  readonly filters: OracleFilter;
  /** Departments that the filters name: their lists may have been made by hand. */
  readonly departments: readonly string[];
  readonly custom: Readonly<Record<string, OracleField>>;
  readonly excluded: Readonly<Record<'people' | 'lists', readonly string[]>>;
  readonly guests: boolean;
  readonly disabled: boolean;
  readonly defaultCountry: string | undefined;
  readonly accept: 'mobile' | 'valid';
  readonly createLists: boolean;
  readonly listPrefix: string;
  readonly listNames: Readonly<Record<string, string>>;
  readonly leavers: Readonly<Record<LeaverCause, LeaverAction>>;
}

interface Section {
  readonly mapping?: unknown;
  readonly filters?: OracleFilter;
  readonly custom?: OracleConfig['custom'];
  readonly exclude?: Partial<Record<'people' | 'phones' | 'lists' | 'contacts', readonly string[]>>;
  readonly people?: { readonly users?: { readonly guests?: boolean; readonly disabled?: boolean } };
  readonly phone?: { readonly defaultCountry?: string; readonly accept?: string };
  readonly lists?: { readonly create?: boolean; readonly prefix?: string; readonly names?: Record<string, string> };
  readonly leavers?: Partial<Record<LeaverCause, { readonly action?: LeaverAction }>>;
}

/** Reads a `sync` section. Throws on a form the oracle does not know: a wrong verdict would be worse than none. */
export function readOracleConfig(sync: Readonly<Record<string, unknown>>): OracleConfig {
  const {
    mapping,
    filters = {},
    custom = {},
    exclude = {},
    people,
    phone = {},
    lists = {},
    leavers = {},
  } = sync as Section;
  const { accept = 'mobile', defaultCountry } = phone;
  if (accept !== 'mobile' && accept !== 'valid') throw new Error(`The oracle does not know phone.accept "${accept}".`);
  if ([exclude.phones, exclude.contacts].some((entries) => entries !== undefined && entries.length > 0)) {
    throw new Error('The oracle does not know excluded numbers and contacts.');
  }
  const actionOf = (cause: LeaverCause): LeaverAction => leavers[cause]?.action ?? 'remove-from-lists';
  return {
    rules: readRules(mapping),
    filters,
    departments: departmentsIn(filters),
    custom,
    excluded: { people: exclude.people ?? [], lists: exclude.lists ?? [] },
    guests: people?.users?.guests ?? false,
    disabled: people?.users?.disabled ?? false,
    defaultCountry,
    accept,
    createLists: lists.create ?? true,
    listPrefix: lists.prefix ?? '',
    listNames: lists.names ?? {},
    leavers: {
      deleted: actionOf('deleted'),
      disabled: actionOf('disabled'),
      outOfScope: actionOf('outOfScope'),
      unreachable: actionOf('unreachable'),
    },
  };
}

function readRules(mapping: unknown): readonly OracleRule[] {
  if (Array.isArray(mapping)) return mapping as readonly OracleRule[];
  if (typeof mapping !== 'object' || mapping === null) throw new Error('The oracle needs a mapping.');
  return Object.entries(mapping as Record<string, string>).map(([from, to]) => ({ from, to }));
}

/** Every department that a filter compares with, wherever in it. */
function departmentsIn(filter: unknown): readonly string[] {
  if (Array.isArray(filter)) return filter.flatMap(departmentsIn);
  if (typeof filter !== 'object' || filter === null) return [];
  const { attribute, equals, in: choices, department, ...others } = filter as Readonly<Record<string, unknown>>;
  const compared = attribute === 'department' ? [equals, choices] : [department];
  return [
    ...compared.flat().flatMap((name) => (typeof name === 'string' ? [name] : [])),
    ...Object.values(others).flatMap(departmentsIn),
  ];
}
