import type { PersonRecord } from '../api/answers.ts';
import { SIGNS, standingOf } from './plan-group.ts';
import { departmentSpelling, keyOf, spellingOf } from './spelling.ts';
import type { DepartmentPlan, ListPlan, PlanGroup, PlanSummary, Sign, Standing } from './plan-group.ts';

interface Placed {
  readonly record: PersonRecord;
  readonly standing: Standing;
}

/** A plan by department and operation, and what it means for each list. */
export function summarisePlan(records: readonly PersonRecord[]): PlanSummary {
  const placed = records.map((record): Placed => ({ record, standing: standingOf(record) }));
  const spelling = departmentSpelling(records);
  const byDepartment = Map.groupBy(placed, ({ record }) => keyOf(record.department));
  const departments = [...byDepartment].map(([key, people]): DepartmentPlan => ({
    department: spelling(key),
    ...tallied(people),
    groups: groupsOf(people),
  }));
  return {
    departments: departments.toSorted((a, b) => a.department.localeCompare(b.department, 'en')),
    totals: tallied(placed),
    lists: listsOf(placed),
  };
}

/** Whether anything would be done at all, now or once it is approved. */
export function changesSomething({ totals }: PlanSummary): boolean {
  return totals.held > 0 || SIGNS.some((sign) => totals.changes[sign] > 0);
}

function tallied(people: readonly Placed[]): PlanSummary['totals'] {
  const count = (isMeant: (standing: Standing) => boolean): number =>
    people.filter(({ standing }) => isMeant(standing)).length;
  const changing = (sign: Sign): number => count((standing) => standing.kind === 'changes' && standing.sign === sign);
  return {
    changes: Object.fromEntries(SIGNS.map((sign) => [sign, changing(sign)])) as Record<Sign, number>,
    held: count(({ kind }) => kind === 'held'),
    same: count(({ kind }) => kind === 'same'),
    out: count(({ kind }) => kind === 'out'),
  };
}

function groupsOf(people: readonly Placed[]): readonly PlanGroup[] {
  const told = people.filter(({ standing }) => standing.kind !== 'same');
  const groups = Map.groupBy(told, ({ standing, record }) => `${rankOf(standing)} ${keyOf(record.words)}`);
  return [...groups.values()]
    .map((members) => ({
      standing: members[0]!.standing,
      words: spellingOf(members.map(({ record }) => record.words))(members[0]!.record.words),
      people: members.length,
    }))
    .toSorted((a, b) => rankOf(a.standing) - rankOf(b.standing) || b.people - a.people);
}

const KIND_RANK: Readonly<Record<Standing['kind'], number>> = { changes: 0, held: 10, same: 20, out: 30 };

function rankOf(standing: Standing): number {
  return KIND_RANK[standing.kind] + ('sign' in standing ? SIGNS.indexOf(standing.sign) : 0);
}

/** Who joins and leaves, by what is done and what is held together: that is what the list comes to once it is approved. */
function listsOf(people: readonly Placed[]): readonly ListPlan[] {
  const joining = people.flatMap(({ record, standing }) => ('sign' in standing ? record.lists.add : []));
  const leaving = people.flatMap(({ record, standing }) => ('sign' in standing ? record.lists.remove : []));
  const spelling = spellingOf([...joining, ...leaving]);
  const joins = countByKey(joining);
  const leaves = countByKey(leaving);
  return [...new Set([...joins.keys(), ...leaves.keys()])]
    .map((key) => ({ list: spelling(key), joins: joins.get(key) ?? 0, leaves: leaves.get(key) ?? 0 }))
    .toSorted((a, b) => a.list.localeCompare(b.list, 'en'));
}

function countByKey(names: readonly string[]): ReadonlyMap<string, number> {
  return new Map([...Map.groupBy(names, keyOf)].map(([key, same]) => [key, same.length]));
}
