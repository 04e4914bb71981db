type Scalar = string | number | boolean;
export type LeaverCause = 'deleted' | 'disabled' | 'outOfScope' | 'unreachable';
export type LeaverAction = 'remove-from-lists' | 'unsubscribe' | 'delete' | 'keep';

/** The sync configuration as far as the oracle understands it: the short forms, as in the published sample. */
export interface OracleConfig {
  /** Directory attribute → messaging field. */
  readonly mapping: Readonly<Record<string, string>>;
  /** Attribute → the value, or one of the values, that it has to have. */
  readonly filters: Readonly<Record<string, Scalar | readonly Scalar[]>>;
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
  readonly filters?: OracleConfig['filters'];
  readonly people?: { readonly users?: { readonly guests?: boolean; readonly disabled?: boolean } };
  readonly phone?: { readonly defaultCountry?: string; readonly accept?: string };
  readonly lists?: { readonly create?: boolean; readonly prefix?: string; readonly names?: Record<string, string> };
  readonly leavers?: Partial<Record<LeaverCause, { readonly action?: LeaverAction }>>;
}

const FULL_FILTER_KEYS = ['all', 'any', 'not', 'attribute'];

/** Reads a `sync` section. Throws on a form the oracle does not know: a wrong verdict would be worse than none. */
export function readOracleConfig(sync: Readonly<Record<string, unknown>>): OracleConfig {
  const { mapping, filters = {}, people, phone = {}, lists = {}, leavers = {} } = sync as Section;
  if (typeof mapping !== 'object' || mapping === null || Array.isArray(mapping)) {
    throw new Error('The oracle reads the short form of the mapping only.');
  }
  if (Object.keys(filters).some((key) => FULL_FILTER_KEYS.includes(key))) {
    throw new Error('The oracle reads the short form of the filters only.');
  }
  const { accept = 'mobile', defaultCountry } = phone;
  if (accept !== 'mobile' && accept !== 'valid') throw new Error(`The oracle does not know phone.accept "${accept}".`);
  const actionOf = (cause: LeaverCause): LeaverAction => leavers[cause]?.action ?? 'remove-from-lists';
  return {
    mapping: mapping as OracleConfig['mapping'],
    filters,
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
