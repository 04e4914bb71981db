import type { Run } from '../api/answers.ts';
import { marked, tableLines, wrapped } from '../screen/look.ts';
import type { Column, Look } from '../screen/look.ts';
import { holdLines, impactLines, tookText } from '../screen/run-lines.ts';
import { counted, grouped, listed } from '../screen/words.ts';
import { SIGNS } from './plan-group.ts';
import type { DepartmentPlan, PlanGroup, PlanSummary, Sign, Standing } from './plan-group.ts';
import { cureOf } from './plan-warnings.ts';
import type { PlanWarning } from './plan-warnings.ts';
import { changesSomething } from './summarise-plan.ts';

export interface ShownPlan {
  readonly run: Run;
  readonly summary: PlanSummary;
  readonly warnings: readonly PlanWarning[];
}

/** More than a screen full of anything is for --csv and --json. */
const MOST_DEPARTMENTS = 25;
const MOST_GROUPS = 8;
const MOST_LISTS = 25;

const READ_WORDS: Readonly<Record<string, string>> = {
  delta: 'what changed since the last run',
  full: 'everybody',
  reconcile: 'everybody, and what became of their contacts',
};

const VERBS: Readonly<Record<Sign, string>> = { '+': 'to add', '~': 'to update', '-': 'to remove', '↔': 'to move' };

/** A plan as people read it: what happens to whom by department, the lists, the totals, and what to look at first. */
export function planLines(plan: ShownPlan, look: Look): readonly string[] {
  const { run, summary, warnings } = plan;
  const { departments, lists } = summary;
  return [
    ...headLines(run, look),
    ...departments.slice(0, MOST_DEPARTMENTS).flatMap((department) => departmentLines(department, look)),
    ...moreLines(departments.length - MOST_DEPARTMENTS, 'department', look),
    ...tableOfDepartments(summary, look),
    ...tableOfLists(lists, look),
    '',
    ...totalLines(summary, look),
    ...impactLines(run, look),
    ...holdLines(run, look),
    ...warnings.flatMap((warning) => warningLines(warning, look)),
  ];
}

function headLines(run: Run, { paint }: Look): readonly string[] {
  const took = tookText(run);
  const read = counted(run.counts.read, 'person', 'people');
  const what = READ_WORDS[run.mode] ?? READ_WORDS['delta']!;
  return [
    `${paint.bold('Plan')} ${run.runId}`,
    paint.dim(`  ${what}: ${read} read${took === undefined ? '' : ` in ${took}`}; nothing was written`),
    ...(run.reason === 'configuration-changed'
      ? [`  ${paint.yellow('▲')} The configuration has changed since the last run: everybody is compared.`]
      : []),
  ];
}

function departmentLines({ department, groups }: DepartmentPlan, look: Look): readonly string[] {
  if (groups.length === 0) return [];
  const name = department === '' ? 'Without a department' : department;
  const width = Math.max(...groups.map(({ people }) => grouped(people).length));
  return [
    '',
    look.paint.bold(name),
    ...groups.slice(0, MOST_GROUPS).flatMap((group) => groupLines(group, width, look)),
    ...moreLines(groups.length - MOST_GROUPS, 'kind of change', look, 'kinds of change'),
  ];
}

function groupLines({ standing, words, people }: PlanGroup, width: number, look: Look): readonly string[] {
  const count = grouped(people).padStart(width);
  return marked(`  ${signOf(standing, look)} ${count} `, words, look, width + 6);
}

function signOf(standing: Standing, { paint }: Look): string {
  if (!('sign' in standing)) return paint.dim('·');
  if (standing.kind === 'held') return paint.yellow(standing.sign);
  return signColours(standing.sign, paint);
}

function signColours(sign: Sign, paint: Look['paint']): string {
  if (sign === '+') return paint.green(sign);
  return sign === '-' ? paint.red(sign) : paint.cyan(sign);
}

function moreLines(more: number, one: string, { paint }: Look, many?: string): readonly string[] {
  return more > 0 ? [paint.dim(`  … and ${counted(more, one, many)} more`)] : [];
}

const DEPARTMENT_COLUMNS: readonly Column[] = [
  { title: 'Department' },
  ...SIGNS.map((sign): Column => ({ title: sign, align: 'right' })),
  { title: 'held', align: 'right' },
  { title: 'same', align: 'right' },
  { title: 'left out', align: 'right' },
];

function tableOfDepartments({ departments, totals }: PlanSummary, look: Look): readonly string[] {
  if (departments.length === 0) return [];
  const cells = (name: string, { changes, held, same, out }: PlanSummary['totals']): readonly string[] => [
    name,
    ...[...SIGNS.map((sign) => changes[sign]), held, same, out].map((number) => (number === 0 ? '·' : grouped(number))),
  ];
  const rows = departments
    .slice(0, MOST_DEPARTMENTS)
    .map((one) => cells(one.department === '' ? '(none)' : one.department, one));
  const total = departments.length > 1 ? [cells('Total', totals)] : [];
  return ['', ...tableLines(DEPARTMENT_COLUMNS, [...rows, ...total], look)];
}

const LIST_COLUMNS: readonly Column[] = [
  { title: 'List' },
  { title: 'join', align: 'right' },
  { title: 'leave', align: 'right' },
];

function tableOfLists(lists: PlanSummary['lists'], look: Look): readonly string[] {
  if (lists.length === 0) return [];
  const rows = lists.slice(0, MOST_LISTS).map(({ list, joins, leaves }) => [list, grouped(joins), grouped(leaves)]);
  return ['', ...tableLines(LIST_COLUMNS, rows, look), ...moreLines(lists.length - MOST_LISTS, 'list', look)];
}

function totalLines(summary: PlanSummary, look: Look): readonly string[] {
  const { changes, held, same, out } = summary.totals;
  if (!changesSomething(summary)) {
    return [`${look.paint.green('✔')} Nothing to do${out > 0 ? ` (${grouped(out)} left out)` : ''}.`];
  }
  const parts = [
    ...SIGNS.filter((sign) => changes[sign] > 0).map((sign) => `${grouped(changes[sign])} ${VERBS[sign]}`),
    ...(held > 0 ? [`${grouped(held)} would be held`] : []),
    ...(same > 0 ? [`${grouped(same)} the same`] : []),
    ...(out > 0 ? [`${grouped(out)} left out`] : []),
  ];
  return wrapped(`${look.paint.bold('In all:')} ${listed(parts)}.`, look, 0);
}

function warningLines(warning: PlanWarning, look: Look): readonly string[] {
  const cure = cureOf(warning);
  return [
    ...marked(`  ${look.paint.yellow('▲')}`, warning.words, look, 4),
    ...warning.details.flatMap((detail) => wrapped(detail, look, 6)),
    ...(cure === undefined ? [] : wrapped(`To mend it: ${cure}.`, look, 6).map((line) => look.paint.dim(line))),
  ];
}
