import type { Run } from '../api/answers.ts';
import { adoptionText } from './adoption.ts';
import { holdText } from './holds.ts';
import { impactText } from './impact.ts';
import { marked, wrapped } from './look.ts';
import type { Look } from './look.ts';
import { durationText } from './times.ts';
import { counted, grouped, listed } from './words.ts';

/** Counts in the order in which people ask for them; the others are derived or of no interest. */
const COUNTS: readonly string[] = [
  'created',
  'adopted',
  'updated',
  'moved',
  'removed',
  'restored',
  'pulled',
  'held',
  'rejected',
  'failed',
  'superseded',
  'skipped',
  'unchanged',
];

const STATE_WORDS: Readonly<Record<string, string>> = {
  queued: 'waits for a worker',
  running: 'is under way',
  held: 'has ended; part of it waits for approval',
  completed: 'is completed',
  'completed-with-errors': 'is completed, but not for everybody',
  failed: 'has failed',
  cancelled: 'was cancelled',
};

const MODE_WORDS: Readonly<Record<string, string>> = { delta: 'Delta', full: 'Full', reconcile: 'Reconcile' };

/** `12 created, 3 unchanged`; the counts that are not zero. */
function countsText(counts: Readonly<Record<string, number>>): string {
  const told = COUNTS.filter((name) => (counts[name] ?? 0) > 0).map((name) => `${grouped(counts[name]!)} ${name}`);
  return told.length === 0 ? 'nothing to do' : listed(told);
}

/** A run that ended before it did anything has nothing to count. */
function countLines({ state, counts }: Run, look: Look): readonly string[] {
  const ended = state !== 'failed' && state !== 'cancelled';
  if (!ended && counts.read === 0) return [];
  return wrapped(`${counted(counts.read, 'person', 'people')} read: ${countsText(counts)}.`, look, 2);
}

export function tookText({ startedAt, finishedAt }: Run): string | undefined {
  if (startedAt === undefined || finishedAt === undefined) return undefined;
  return durationText(Date.parse(finishedAt) - Date.parse(startedAt));
}

/** A run as it stands: state, counts, what it holds, why it failed. */
export function runLines(run: Run, look: Look): readonly string[] {
  const { paint } = look;
  const kind = `${MODE_WORDS[run.mode] ?? run.mode} ${run.dryRun ? 'dry run' : 'run'}`;
  const took = tookText(run);
  const state = `${STATE_WORDS[run.state] ?? run.state}${took === undefined ? '' : ` (${took})`}`;
  return [
    ...marked(markOf(run, look), `${kind} ${paint.bold(run.runId)} ${state}.`, look),
    ...countLines(run, look),
    ...(run.reason === undefined ? [] : wrapped(`Reason: ${run.reason}`, look, 2)),
    ...impactLines(run, look),
    ...adoptionCountLines(run, look),
    ...holdLines(run, look),
    ...(run.error === undefined ? [] : wrapped(`${paint.red(run.error.code)}: ${run.error.message}`, look, 2)),
  ];
}

export function impactLines({ impact }: Pick<Run, 'impact'>, look: Look): readonly string[] {
  const text = impactText(impact);
  return text === undefined ? [] : wrapped(text, look, 2);
}

function adoptionCountLines({ adoption }: Pick<Run, 'adoption'>, look: Look): readonly string[] {
  const text = adoptionText(adoption);
  return text === undefined ? [] : wrapped(text, look, 2);
}

/** What a run holds, a line each. */
export function holdLines({ holds }: Pick<Run, 'holds'>, look: Look): readonly string[] {
  return holds.flatMap((hold) => marked(`  ${look.paint.yellow('▲')}`, holdText(hold), look, 4));
}

function markOf({ state }: Run, { paint }: Look): string {
  if (state === 'completed') return paint.green('✔');
  if (state === 'failed' || state === 'cancelled') return paint.red('✖');
  return state === 'queued' || state === 'running' ? paint.cyan('●') : paint.yellow('▲');
}
