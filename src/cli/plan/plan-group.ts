import type { PersonRecord } from '../api/answers.ts';

/** What a plan does to a contact, as people read it. */
export const SIGNS = ['+', '~', '-', '↔'] as const;
export type Sign = (typeof SIGNS)[number];

const SIGN_OF: Readonly<Record<string, Sign>> = {
  create: '+',
  adopt: '+',
  restore: '+',
  update: '~',
  pull: '~',
  remove: '-',
  move: '↔',
};

/** Where one person stands in a plan: changed, held, the same as before, or left out. */
export type Standing = { readonly kind: 'changes' | 'held'; readonly sign: Sign } | { readonly kind: 'same' | 'out' };

export function standingOf({ operation, outcome }: PersonRecord): Standing {
  const sign = Object.hasOwn(SIGN_OF, operation) ? SIGN_OF[operation] : undefined;
  if (sign === undefined) return { kind: outcome === 'unchanged' ? 'same' : 'out' };
  if (outcome === 'held') return { kind: 'held', sign };
  return outcome === 'planned' || outcome === 'done' ? { kind: 'changes', sign } : { kind: 'out' };
}

/** People of one department to whom the same thing happens. */
export interface PlanGroup {
  readonly standing: Standing;
  /** One sentence, the same for all of them. */
  readonly words: string;
  readonly people: number;
}

export interface DepartmentPlan {
  /** As most of its people spell it; empty for people without one. */
  readonly department: string;
  readonly changes: Readonly<Record<Sign, number>>;
  readonly held: number;
  readonly same: number;
  readonly out: number;
  /** Changes first, then what is held, then who is left out; many people before few. */
  readonly groups: readonly PlanGroup[];
}

export interface ListPlan {
  readonly list: string;
  readonly joins: number;
  readonly leaves: number;
}

export interface PlanSummary {
  readonly departments: readonly DepartmentPlan[];
  readonly totals: Omit<DepartmentPlan, 'department' | 'groups'>;
  readonly lists: readonly ListPlan[];
}
