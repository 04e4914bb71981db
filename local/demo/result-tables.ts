import pc from 'picocolors';
import type { AccountSnapshot } from '../messagemedia/account.ts';
import type { ApiRecord } from '../stack/api-client.ts';
import type { FinishedRun } from './run-step.ts';
import { printTable, seconds } from './screen.ts';
import type { Column } from './screen.ts';

const OUTCOMES = [
  'read',
  'created',
  'adopted',
  'updated',
  'moved',
  'removed',
  'unchanged',
  'skipped',
  'held',
  'failed',
];

const REASONS: Readonly<Record<string, string>> = {
  'no-phone': 'the directory has no mobile number',
  'bad-phone': 'the number is not a valid one',
  'not-mobile': 'the number is no mobile',
  'duplicate-phone': 'a colleague has the same number',
  'contact-conflict': 'the contact with this number belongs to somebody else',
};

/** Everybody who was seen and left out of the first sync, by reason. */
export function printSkipped(run: FinishedRun['run'], skipped: readonly ApiRecord[]): void {
  const byReason = Map.groupBy(skipped, ({ reason }) => reason ?? 'unknown');
  const rows = [...byReason]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([reason, records]) => [reason, REASONS[reason] ?? '', records.length]);
  const outside = (run.counts['read'] ?? 0) - (run.counts['inScope'] ?? 0) - skippedOutside(skipped);
  printTable(
    [{ title: 'Skipped because' }, { title: '' }, { title: 'People', align: 'right' }],
    [...rows, ['not-in-scope', 'other department, a guest, or disabled', outside]],
  );
}

// People who are in scope and share a number are counted in scope; all others who were skipped are not.
function skippedOutside(skipped: readonly ApiRecord[]): number {
  return skipped.filter(({ reason }) => reason !== 'duplicate-phone').length;
}

/** A column per run: what became of people, the calls it took, and the time. */
export function printRuns(runs: readonly FinishedRun[]): void {
  const outcomes = OUTCOMES.filter((outcome) => runs.some(({ run }) => (run.counts[outcome] ?? 0) > 0));
  const row = (title: string, number: (run: FinishedRun) => number): string[] => [
    title,
    ...runs.map((run) => dimZero(number(run))),
  ];
  printTable(
    [{ title: 'Run' }, ...runs.map(({ name }) => right(name))],
    [
      ...outcomes.map((outcome) => row(`people ${outcome}`, ({ run }) => run.counts[outcome] ?? 0)),
      row('calls to Graph', ({ traffic }) => traffic.graph),
      row('calls to MessageMedia', ({ traffic }) => traffic.messageMedia),
      row('  of these writes', ({ traffic }) => traffic.writes),
      row('tokens and vault', ({ traffic }) => traffic.tokensAndVault),
      ['time', ...runs.map(({ durationMs }) => seconds(durationMs))],
    ],
  );
}

export interface ListSizes {
  readonly start: AccountSnapshot;
  readonly afterFirst: AccountSnapshot;
  readonly end: AccountSnapshot;
  /** How many ought to be on the list at the end, by its id. */
  readonly expected: ReadonlyMap<string, number>;
}

/** The lists as read back from the account, beside what the oracle expects at the end. */
export function printLists({ start, afterFirst, end, expected }: ListSizes): void {
  const sizeIn = (account: AccountSnapshot, id: string): string =>
    String(account.lists.find((list) => list.id === id)?.contactIds.length ?? pc.dim('–'));
  const rows = end.lists.map(({ id, name, contactIds }) => {
    const wanted = expected.get(id) ?? 0;
    const verdict = wanted === contactIds.length ? pc.green('✔') : pc.red('✖');
    return [name, sizeIn(start, id), sizeIn(afterFirst, id), contactIds.length, `${wanted} ${verdict}`];
  });
  const contacts = [start, afterFirst, end].map((account) => account.contacts.length);
  printTable(
    [{ title: 'List' }, ...['at the start', 'after the first sync', 'at the end', 'oracle'].map(right)],
    [...rows, [pc.dim('contacts in all'), ...contacts, '']],
  );
}

function right(title: string): Column {
  return { title, align: 'right' };
}

function dimZero(number: number): string {
  return number === 0 ? pc.dim('0') : String(number);
}
