import type { Api } from './api/api.ts';
import type { Run } from './api/answers.ts';
import type { Context } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { Refusal } from './refusal.ts';
import { durationText } from './screen/times.ts';

const ACTIVE_STATES: readonly string[] = ['queued', 'running'];
/** Quick at first, since a small run takes a second; then no burden for an app that works for half an hour. */
const FIRST_LOOK_MS = 250;
const LAST_LOOK_MS = 3000;
/** A restart of the app or a gateway's hiccup does not end a run, and so not the watching of it. */
const PATIENCE = 10;

export function isActive(run: { readonly state: string }): boolean {
  return ACTIVE_STATES.includes(run.state);
}

/** Looks at a run until it has ended, or for so long, with its progress on a terminal. `held` counts as ended. */
export async function followRun(
  context: Pick<Context, 'api' | 'dialogue' | 'now' | 'sleep'>,
  runId: string,
  atMostMs = Number.POSITIVE_INFINITY,
): Promise<Run> {
  const { dialogue, now, sleep } = context;
  const startedAt = now();
  let pause = FIRST_LOOK_MS;
  try {
    for (;;) {
      const run = await lookPatiently(context.api(), runId, sleep);
      if (!isActive(run) || now() - startedAt >= atMostMs) return run;
      dialogue.progress(progressText(run, now() - startedAt));
      await sleep(pause);
      pause = Math.min(pause * 1.5, LAST_LOOK_MS);
    }
  } finally {
    dialogue.progress('');
  }
}

async function lookPatiently(api: Api, runId: string, sleep: Context['sleep']): Promise<Run> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await api.readRun(runId);
    } catch (error) {
      const passes = error instanceof Refusal && error.exit === EXIT.neighbourDown;
      if (!passes || failures === PATIENCE) throw error;
      await sleep(LAST_LOOK_MS);
    }
  }
}

function progressText({ state, phase, counts }: Run, sinceMs: number): string {
  const people = counts.read === 0 ? '' : `, ${counts.read} people read`;
  return `${state === 'queued' ? 'waits for a worker' : phase}${people}, ${durationText(sinceMs)}`;
}
