import type { ReasonCode } from '../../core/errors.ts';
import { REASON_WORDS } from '../../core/plan/describe.ts';
import type { NeighbourHealth, Run, Status } from '../api/answers.ts';
import type { Context } from '../command.ts';
import { marked, tableLines } from './look.ts';
import type { Look } from './look.ts';
import { agoText, timeText } from './times.ts';
import { counted, grouped, listed } from './words.ts';

export interface ShownStatus {
  readonly status: Status;
  /** The newest run that still waits for a decision. */
  readonly heldRun: Run | undefined;
}

/** Reasons to wait that end without anybody; people who wait for them are in step all the same. */
const HARMLESS: readonly string[] = ['grace', 'duplicate-phone', 'frozen', 'excluded'];

/** How the sync is doing as people ask: is everybody in step, what waits, when is the next run, who is not well? */
export function statusLines(
  { status, heldRun }: ShownStatus,
  { look, now, typed }: Pick<Context, 'look' | 'now' | 'typed'>,
): readonly string[] {
  return [
    ...headline(status, look),
    '',
    ...tableLines([{ title: '' }, { title: '', fills: true }], factsOf(status, now(), look), look),
    ...waitingLines(status, look),
    ...heldLines(heldRun, typed),
    ...alertLines(status, look),
    '',
    ...neighbourLines(status.neighbours, look),
    ...credentialLines(status, look),
  ];
}

/** Why people may not be what the directory says; empty when they are. */
export function whatIsOff(status: Status): readonly string[] {
  const { paused, lastRun, lastSuccessAt, held, pending, neighbours } = status;
  const unwell = neighbours.filter(({ ok }) => !ok).map(({ neighbour }) => neighbour);
  const waiting = Object.entries(pending).filter(([reason]) => !HARMLESS.includes(reason));
  const undecided = waiting.reduce((sum, [, people]) => sum + people, 0) - held;
  return [
    ...(paused ? ['the sync is paused'] : []),
    ...(lastSuccessAt === undefined ? ['no run has succeeded yet'] : []),
    ...(lastRun?.state === 'failed' ? ['the last run failed'] : []),
    ...(held > 0 ? [`${counted(held, 'person waits', 'people wait')} for approval`] : []),
    ...(undecided > 0 ? [`${counted(undecided, 'person', 'people')} could not be brought in step`] : []),
    ...(unwell.length > 0 ? [`${listed(unwell)} ${unwell.length === 1 ? 'does' : 'do'} not answer as expected`] : []),
  ];
}

function headline(status: Status, look: Look): readonly string[] {
  const off = whatIsOff(status);
  if (off.length === 0) return [`${look.paint.green('✔')} ${look.paint.bold('In step.')}`];
  return marked(look.paint.yellow('▲'), `${look.paint.bold('Not in step:')} ${listed(off)}.`, look);
}

function factsOf(status: Status, now: number, look: Look): readonly (readonly [string, string])[] {
  const { lastSuccessAt, lastRun, activeRunId, tokenAgeHours, pausedSince, schedule, leaversKept } = status;
  return [
    ...(pausedSince === undefined ? [] : [['Paused', `since ${timeText(pausedSince, look)}`] as const]),
    [
      'Last success',
      lastSuccessAt === undefined ? 'none' : `${timeText(lastSuccessAt, look)} (${agoText(lastSuccessAt, now)})`,
    ],
    ...(lastRun === undefined ? [] : [['Last run', `${lastRun.runId}, ${lastRun.state}`] as const]),
    ...(activeRunId === undefined ? [] : [['Under way', activeRunId] as const]),
    ['Schedule', scheduleText(schedule)],
    ['Next runs', schedule.next.map((at) => timeText(at, look)).join('\n')],
    ...(tokenAgeHours === undefined
      ? []
      : [['Delta token', `${tokenAgeText(tokenAgeHours)}; it lasts about 7 days`] as const]),
    ...(leaversKept === 0 ? [] : [['Leavers', `${counted(leaversKept, 'contact')} kept`] as const]),
  ];
}

function scheduleText({ words, fullWords, reconcileWords }: Status['schedule']): string {
  const contacts = reconcileWords === undefined ? '' : `, their contacts too ${reconcileWords}`;
  return `${words}; everybody is compared ${fullWords}${contacts}`;
}

function tokenAgeText(hours: number): string {
  return hours < 1 ? 'less than an hour old' : `${counted(Math.floor(hours), 'hour')} old`;
}

function waitingLines({ pending }: Status, look: Look): readonly string[] {
  const reasons = Object.entries(pending).toSorted((a, b) => b[1] - a[1]);
  if (reasons.length === 0) return [];
  const rows = reasons.map(([reason, people]) => [grouped(people), reason, wordsOf(reason)]);
  const columns = [{ title: '', align: 'right' }, { title: '' }, { title: '', fills: true }] as const;
  return ['', look.paint.bold('Waiting'), ...tableLines(columns, rows, look)];
}

function wordsOf(reason: string): string {
  return Object.hasOwn(REASON_WORDS, reason) ? REASON_WORDS[reason as ReasonCode] : '';
}

function heldLines(run: Run | undefined, typed: Context['typed']): readonly string[] {
  return run === undefined ? [] : [`  See and decide:  ${typed(`approve ${run.runId}`)}`];
}

function alertLines({ alerts }: Status, look: Look): readonly string[] {
  if (alerts.length === 0) return [];
  const lines = alerts.map(({ name, since }) => `  ${look.paint.yellow('▲')} ${name}, since ${timeText(since, look)}`);
  return ['', look.paint.bold('Alerts'), ...lines];
}

function neighbourLines(neighbours: readonly NeighbourHealth[], look: Look): readonly string[] {
  const rows = neighbours.map(({ neighbour, ok, code, message, latencyMs, ageSeconds }) => [
    ok ? look.paint.green('✔') : look.paint.red('✖'),
    neighbour,
    ok ? `${latencyMs} ms${ageSeconds > 0 ? `, ${ageSeconds} s ago` : ''}` : (message ?? code ?? 'not well'),
  ]);
  return [
    look.paint.bold('Neighbours'),
    ...tableLines([{ title: '' }, { title: '' }, { title: '', fills: true }], rows, look),
  ];
}

function credentialLines({ credentials }: Status, look: Look): readonly string[] {
  if (credentials.length === 0) return [];
  const rows = credentials.map(({ name, expiresAt, daysLeft }) => [
    name,
    daysLeft < 0
      ? `expired ${timeText(expiresAt, look)}`
      : `expires in ${counted(daysLeft, 'day')}, ${timeText(expiresAt, look)}`,
  ]);
  return ['', look.paint.bold('Credentials'), ...tableLines([{ title: '' }, { title: '', fills: true }], rows, look)];
}
