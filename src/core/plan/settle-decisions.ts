import { fieldPolicies } from '../config/field-policies.ts';
import { flowOf } from '../config/sync-config.ts';
import type { SyncConfig } from '../config/sync-config.ts';
import { evaluateFilter } from '../people/filter.ts';
import type { Person } from '../people/person.ts';
import type { MappingContext } from '../people/rule-value.ts';
import { subjectOf } from '../people/scope.ts';
import { undoMapping } from '../people/undo-mapping.ts';
import type { Wanted } from './diff-person.ts';
import type { KnownLists, Link } from './link.ts';
import { frozenUntil } from './memory.ts';
import { valuesOf, withdraw } from './merge-person.ts';
import type { Decisions, Sides } from './merge-person.ts';
import type { Operation } from './operation.ts';

/** A person of the directory, with what the contact should be. */
export interface Mapped {
  readonly person: Person;
  readonly wanted: Wanted;
  readonly invalid: Operation['invalid'];
}

/** What people are planned with. */
export interface Planning {
  readonly config: SyncConfig;
  readonly known: KnownLists;
  readonly context: MappingContext;
}

/** Fields whose value in the directory cannot be used, or whose rule does not count for the person. */
export function openFields({ person, invalid }: Mapped, { config, context }: Planning) {
  const policies = fieldPolicies(config);
  const unusable = new Set(invalid.map(({ field }) => field));
  return (field: string): boolean => {
    if (unusable.has(field)) return true;
    const when = policies.ruleOf(field)?.when;
    return when !== undefined && evaluateFilter(when, subjectOf(person, context)) !== true;
  };
}

export interface Settled {
  readonly decisions: Decisions;
  readonly invalid: Operation['invalid'];
  readonly extras: Pick<Operation, 'writes' | 'elsewhere' | 'turns' | 'frozenUntil'>;
}

/** What is frozen, or cannot be written to the directory, is left alone; the rest is made ready to be written. */
export function settleDecisions(
  made: Decisions,
  sides: Sides,
  { person, link }: Mapped & { readonly link?: Link },
  planning: Planning,
): Settled {
  const { config, context } = planning;
  const isPull = flowOf(config) === 'pull';
  const frozen = new Map(
    Object.keys(valuesOf(made, 'push', 'pull')).flatMap((field): [string, number][] => {
      const until = frozenUntil(link?.memory, field, context.now);
      return until === undefined ? [] : [[field, until]];
    }),
  );
  // What may not be written to the contact is as if the directory had nothing to say.
  const thawed = withdraw(isPull ? withoutPushes(made) : made, new Set(frozen.keys()));
  const pulled = valuesOf(thawed, 'pull');
  // Contacts of the directory and of mailboxes are only read.
  const isReadOnly = person.kind !== undefined && person.kind !== 'user';
  const undone = undoMapping(person, isReadOnly ? {} : pulled, currentValues(sides), config, context);
  const kept = isReadOnly ? Object.keys(pulled) : [];
  const refused = [...undone.invalid.map(({ field }) => field), ...undone.elsewhere, ...kept];
  const decisions = withdraw(thawed, new Set(refused));
  const turns = Object.keys(valuesOf(decisions, 'push', 'pull'));
  return {
    decisions,
    invalid: undone.invalid,
    extras: {
      ...(undone.writes.length === 0 ? {} : { writes: undone.writes }),
      ...(undone.elsewhere.length === 0 ? {} : { elsewhere: undone.elsewhere }),
      ...(turns.length === 0 || flowOf(config) === 'push' ? {} : { turns }),
      ...(frozen.size === 0 ? {} : { frozenUntil: Math.min(...frozen.values()) }),
    },
  };
}

function withoutPushes(made: Decisions): Decisions {
  return new Map([...made].map(([field, merge]) => [field, merge.kind === 'push' ? { kind: 'none' } : merge]));
}

/** What fields have that are not written: parts of one name are written together. */
function currentValues({ directory, base, contact }: Sides): Readonly<Record<string, string>> {
  return { ...base, ...directory, ...contact };
}
