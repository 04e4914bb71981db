import { isFullForm, type FiltersInput, type ShortFilterInput } from './schema-filter.ts';
import type { MappingInput, MappingRuleInput } from './schema-mapping.ts';
import type { PeopleInput } from './schema-policy.ts';
import type { SyncInput } from './schema.ts';
import { readSchedule } from './cron-pattern.ts';
import { defaultFullSchedule } from './schedule.ts';
import type { Comparison, Filter, MappingRule, SyncConfig } from './sync-config.ts';

/** Writes short forms out and fills in the defaults that depend on other values. */
export function toSyncConfig(input: SyncInput): SyncConfig {
  return {
    ...input,
    schedule: readSchedule(input.schedule).pattern,
    fullSchedule:
      input.fullSchedule === undefined ? defaultFullSchedule(input.schedule) : readSchedule(input.fullSchedule).pattern,
    people: toPeople(input.people),
    mapping: toMapping(input.mapping),
    filters: toFilter(input.filters),
  };
}

function toPeople(people: PeopleInput): SyncConfig['people'] {
  return Array.isArray(people) ? { users: { guests: false, disabled: false } } : people;
}

function toMapping(mapping: MappingInput): readonly MappingRule[] {
  if (Array.isArray(mapping)) return mapping.map(toRule);
  return Object.entries(mapping).map(([from, to]) => toRule({ from, to }));
}

function toRule(rule: MappingRuleInput): MappingRule {
  return { fallback: [], transform: [], whenEmpty: 'keep', apply: 'always', ...rule };
}

function toFilter(filters: FiltersInput): Filter {
  return isFullForm(filters)
    ? (filters as Filter)
    : { all: Object.entries(filters as ShortFilterInput).map(toComparison) };
}

function toComparison([attribute, value]: [string, ShortFilterInput[string]]): Comparison {
  return Array.isArray(value) ? { attribute, in: value } : { attribute, equals: value };
}
