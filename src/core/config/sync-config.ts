import type { CustomFieldType } from '../people/contact.ts';
import type { PhoneFormat } from '../people/phone-format.ts';
import type { PhoneRules } from '../people/phone.ts';
import type { Transform } from '../people/transforms.ts';
import type { MailboxFolder } from '../ports.ts';

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
  /** An RE2 pattern that some part of the text has to fit. */
  readonly matches?: string;
  readonly present?: boolean;
  readonly greaterThan?: number;
  readonly lessThan?: number;
  /** ISO date or `now`, `now+14d`, `now-2d`. */
  readonly before?: string;
  readonly after?: string;
  readonly matchCase?: boolean;
}

/** Whether the person is a member of a group; with `transitive`, also through groups inside it. */
export interface Membership {
  readonly memberOf: string;
  readonly transitive?: boolean;
}

/** What decides by itself: the leaves of a filter. */
export type Clause = Comparison | Membership;
export type Filter =
  { readonly all: readonly Filter[] } | { readonly any: readonly Filter[] } | { readonly not: Filter } | Clause;

export const MESSAGING_FIELDS = [
  'contact_name',
  'first_name',
  'last_name',
  'phone_number',
  'whatsapp_number',
  'email',
  'group',
  'alias',
  'country',
  'state',
  'location',
  'note',
  'date_of_birth',
] as const;
export type NamedField = (typeof MESSAGING_FIELDS)[number];
/** A custom field by its merge tag. */
export type CustomTarget = `custom.${string}`;
export type MessagingField = NamedField | CustomTarget;

export interface MappingRule {
  readonly to: MessagingField;
  /** Exactly one of `from`, `template` and `constant` is there. */
  readonly from?: string;
  readonly template?: string;
  readonly constant?: string;
  readonly fallback: readonly string[];
  readonly transform: readonly Transform[];
  readonly default?: string;
  /** Absent: the rule is for everybody. */
  readonly when?: Filter;
  readonly whenEmpty: 'keep' | 'clear';
  readonly apply: 'always' | 'on-create';
  readonly owner: Owner;
  /** What happens when both sides changed a field that either owns. */
  readonly conflict: Conflict;
  /** In which form a number is written to the directory. */
  readonly format: PhoneFormat;
}

/** What a custom field that is missing is created as. */
export interface CustomFieldShape {
  readonly label: string;
  readonly type: CustomFieldType;
  readonly maxLength: number;
}

export type LeaverCause = 'deleted' | 'disabled' | 'outOfScope' | 'unreachable';
export type LeaverAction = 'remove-from-lists' | 'unsubscribe' | 'delete' | 'keep';

/** Who a field belongs to: whose value stands on both sides, or whichever changed last. */
export const OWNERS = ['directory', 'messaging', 'either'] as const;
export type Owner = (typeof OWNERS)[number];
/** Which side's change wins when both changed. */
export const CONFLICTS = ['directory', 'messaging', 'report'] as const;
export type Conflict = (typeof CONFLICTS)[number];
/** The two that are kept in step. */
export const SIDES = ['entra-id', 'messagemedia'] as const;
type Side = (typeof SIDES)[number];
/** Which sides are written: the contacts, the directory, or both. */
export type Flow = 'push' | 'pull' | 'both';
/** Whether an edit where a field does not belong is put right, or only told. */
export const DRIFTS = ['repair', 'report'] as const;
export type Drifting = (typeof DRIFTS)[number];

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

/** The kinds of people that are read. */
export interface PeopleKinds {
  readonly users: { readonly guests: boolean; readonly disabled: boolean };
  readonly orgContacts: boolean;
  readonly mailboxContacts: readonly MailboxFolder[];
}

/** Who and what is never touched, on either side. */
export interface Exclusions {
  /** Object ids or user principal names. */
  readonly people: readonly string[];
  /** E.164. */
  readonly phones: readonly string[];
  /** Names of lists as they are in MessageMedia. */
  readonly lists: readonly string[];
  /** Ids of MessageMedia contacts. */
  readonly contacts: readonly string[];
}

export interface SyncConfig {
  readonly name: string;
  readonly direction: 'one-way' | 'bidirectional';
  readonly source: Side;
  readonly target: Side;
  readonly schedule: string;
  readonly fullSchedule: string;
  /** When everybody is compared and the account is read, too; absent: only when somebody asks for it. */
  readonly reconcileSchedule?: string;
  readonly timeZone: string;
  readonly people: PeopleKinds;
  readonly mapping: readonly MappingRule[];
  /** The whole scope as one expression; `{all: []}` is everybody. */
  readonly filters: Filter;
  readonly exclude: Exclusions;
  /** The custom fields that the configuration describes, by merge tag. */
  readonly custom: Readonly<Record<string, CustomFieldShape>>;
  readonly phone: PhoneRules;
  readonly lists: {
    readonly create: boolean;
    readonly prefix: string;
    readonly names: Readonly<Record<string, string>>;
  };
  readonly leavers: Readonly<Record<LeaverCause, Leaver>>;
  /** What somebody new gets whose number has opted out: a contact that is unsubscribed, or none. */
  readonly optedOut: 'unsubscribed' | 'skip';
  /** Where the directory is told of people whose number has opted out. */
  readonly optOutAttribute?: string;
  readonly protection: Protection;
  /** What becomes of our values and memberships that somebody changed in MessageMedia. */
  readonly drift: Drifting;
  /** What becomes of contacts that nobody in the directory matches. */
  readonly unmatched: 'report';
  readonly retention: { readonly runsDays: number };
}

/** Which sides a sync writes. */
export function flowOf({ direction, source }: Pick<SyncConfig, 'direction' | 'source'>): Flow {
  if (direction === 'bidirectional') return 'both';
  return source === 'messagemedia' ? 'pull' : 'push';
}
