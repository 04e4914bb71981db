import { phoneOf } from './exclude-rules.ts';
import { isFullForm, type FiltersInput, type ShortFilterInput } from './schema-filter.ts';
import type { MappingInput, MappingRuleInput, TransformInput } from './schema-mapping.ts';
import type { PeopleInput } from './schema-people.ts';
import type { SyncInput } from './schema.ts';
import { readSchedule } from './cron-pattern.ts';
import { defaultFullSchedule } from './schedule.ts';
import { flowOf } from './sync-config.ts';
import type { Comparison, Filter, MappingRule, Owner, PeopleKinds, SyncConfig } from './sync-config.ts';
import { TRANSFORMS, type Transform } from '../people/transforms.ts';

/** Writes short forms out and fills in the defaults that depend on other values. */
export function toSyncConfig(input: SyncInput): SyncConfig {
  const target = input.source === 'messagemedia' ? 'entra-id' : 'messagemedia';
  return {
    target,
    ...input,
    schedule: readSchedule(input.schedule).pattern,
    fullSchedule:
      input.fullSchedule === undefined ? defaultFullSchedule(input.schedule) : readSchedule(input.fullSchedule).pattern,
    ...(input.reconcileSchedule === undefined
      ? {}
      : { reconcileSchedule: readSchedule(input.reconcileSchedule).pattern }),
    people: toPeople(input.people),
    // With MessageMedia as the source it owns every field.
    mapping: toMapping(input.mapping, flowOf(input) === 'pull' ? 'messaging' : 'directory'),
    filters: toFilter(input.filters),
    exclude: toExclusions(input),
    custom: toCustom(input.custom),
  };
}

function toPeople(people: PeopleInput): PeopleKinds {
  if (Array.isArray(people)) {
    const users = { guests: false, disabled: false };
    return { users, orgContacts: people.includes('orgContacts'), mailboxContacts: [] };
  }
  const { users, orgContacts, mailboxContacts = [] } = people;
  return { users, orgContacts: orgContacts !== undefined, mailboxContacts };
}

function toExclusions({ exclude, phone }: SyncInput): SyncConfig['exclude'] {
  const phones = exclude.phones.map((written) => phoneOf(written, phone.defaultCountry));
  return { ...exclude, phones: phones.filter((number) => number !== undefined) };
}

function toCustom(custom: SyncInput['custom']): SyncConfig['custom'] {
  return Object.fromEntries(Object.entries(custom).map(([tag, shape]) => [tag, { label: tag, ...shape }]));
}

function toMapping(mapping: MappingInput, owner: Owner): readonly MappingRule[] {
  if (Array.isArray(mapping)) return mapping.map((rule) => toRule(rule, owner));
  return Object.entries(mapping).map(([from, to]) => toRule({ from, to }, owner));
}

function toRule({ when, transform = [], ...rule }: MappingRuleInput, owner: Owner): MappingRule {
  return {
    fallback: [],
    whenEmpty: 'keep',
    apply: 'always',
    owner,
    conflict: 'directory',
    format: 'keep',
    ...rule,
    transform: transform.map(toTransform),
    ...(when === undefined ? {} : { when: toFilter(when) }),
  };
}

function toTransform(transform: TransformInput): Transform {
  return typeof transform === 'string' ? TRANSFORMS[transform].schema.parse({ name: transform }) : transform;
}

function toFilter(filters: FiltersInput | Filter): Filter {
  return isFullForm(filters)
    ? (filters as Filter)
    : { all: Object.entries(filters as ShortFilterInput).map(toComparison) };
}

function toComparison([attribute, value]: [string, ShortFilterInput[string]]): Comparison {
  return Array.isArray(value) ? { attribute, in: value } : { attribute, equals: value };
}
