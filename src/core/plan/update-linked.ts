import { fieldPolicies } from '../config/field-policies.ts';
import type { SyncConfig } from '../config/sync-config.ts';
import { updateContactFor } from './diff-person.ts';
import type { Wanted } from './diff-person.ts';
import type { Drift } from './drift.ts';
import type { KnownLists, Link } from './link.ts';
import { mergePerson } from './merge-person.ts';
import type { Operation } from './operation.ts';

/** A linked person as directory, contact and our tables have them. */
export interface LinkedPerson {
  readonly wanted: Wanted;
  readonly link: Link;
  /** Undefined: as it was left, or nobody looked. */
  readonly drift: Drift | undefined;
  readonly invalid: Operation['invalid'];
  /** What was last written is not sure. */
  readonly doubt: boolean;
}

/** What is to be done about a linked person: what the directory asks for, and where the contact is not as it was left. */
export function updateLinked(
  { wanted, link, drift, invalid, doubt }: LinkedPerson,
  known: KnownLists,
  config: SyncConfig,
): Omit<Operation, 'hash' | 'personId' | 'department'> {
  if (drift === undefined) return updateContactFor(wanted, link, known, invalid, doubt);
  if (drift.gone === true) {
    return { ...updateContactFor(wanted, link, known, invalid, true), kind: 'update', repair: true, gone: true };
  }
  const { strayPhone, rejoins, reported, agreed, ...merged } = mergePerson(wanted, link, drift, fieldPolicies(config));
  const draft = updateContactFor(merged.wanted, merged.link, known, invalid, doubt, strayPhone);
  return {
    ...draft,
    ...(draft.kind === 'none' ? {} : { repair: true as const }),
    ...(strayPhone === undefined || strayPhone === '' ? {} : { strayPhone }),
    ...(rejoins.length === 0 ? {} : { rejoins }),
    ...(reported.length === 0 ? {} : { reported }),
    ...(Object.keys(agreed).length === 0 ? {} : { unchanged: agreed }),
  };
}
