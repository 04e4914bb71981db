import type { NeighbourHealth, Status } from '../api/answers.ts';
import type { Api } from '../api/api.ts';
import { EXIT, exitOfCode } from '../exit-codes.ts';
import { Refusal } from '../refusal.ts';
import { fine } from './check.ts';
import type { Check } from './check.ts';
import { cureFor } from './cures.ts';

/** What the first calls have shown. Without a status there is nothing more to look at. */
export interface AppChecks {
  readonly checks: readonly Check[];
  readonly status: Status | undefined;
}

/** Whether the app is there, takes our key, and has settings it can work with; then how it gets on with its neighbours. */
export async function checkApp(api: Api, url: string): Promise<AppChecks> {
  const health = await attempt(() => api.health());
  if (health.refusal !== undefined) return { checks: [refused('app', health.refusal)], status: undefined };
  const app = fine('app', `answers at ${url}`);
  const { value: status, refusal } = await attempt(() => api.status());
  if (status !== undefined) {
    const checks = [app, KEY, CONFIGURATION, ...checkNeighbours(status.neighbours)];
    return { checks, status };
  }
  return { checks: [app, ...withoutStatus(refusal!)], status: undefined };
}

const KEY = fine('key', 'is accepted');
const CONFIGURATION = fine('configuration', 'settings and configuration are valid');

/** GET /status did not come through: its refusal says how far it came. */
function withoutStatus(refusal: Refusal): readonly Check[] {
  if (refusal.exit === EXIT.access && refusal.problem === undefined) return [refused('key', refusal)];
  if (refusal.code === 'forbidden') return [refused('key', refusal)];
  if (refusal.code === 'configuration-invalid' && refusal.problem?.problems !== undefined) {
    return [KEY, { ...refused('configuration', refusal), section: 'error-codes' }];
  }
  const neighbours = (refusal.problem?.neighbours ?? []) as readonly NeighbourHealth[];
  if (neighbours.every(({ ok }) => ok)) return [KEY, { ...refused('status', refusal), section: 'error-codes' }];
  return [KEY, CONFIGURATION, ...checkNeighbours(neighbours)];
}

/** Where one neighbour is needed to ask another (the vault for a secret), its words stand once. */
function checkNeighbours(neighbours: readonly NeighbourHealth[]): readonly Check[] {
  return neighbours.map((one, at) => {
    const check = checkNeighbour(one);
    const first = neighbours
      .slice(0, at)
      .find(({ ok, message }) => !ok && message !== undefined && message === one.message);
    return first === undefined ? check : { ...check, words: `for the same reason as ${first.neighbour}`, cures: [] };
  });
}

function checkNeighbour({ neighbour, ok, code = 'unexpected', access, message, latencyMs }: NeighbourHealth): Check {
  if (ok) return fine(neighbour, `answered in ${latencyMs} ms`);
  const { section, words } = cureFor(neighbour, code, access);
  return {
    name: neighbour,
    state: 'failed',
    words: message ?? code,
    cures: words === undefined ? [] : [words],
    section,
    exit: exitOfCode(code),
  };
}

export function refused(name: string, refusal: Refusal): Check {
  return { name, state: 'failed', words: refusal.message, cures: refusal.hints, exit: refusal.exit };
}

interface Attempt<Value> {
  readonly value?: Value;
  readonly refusal?: Refusal;
}

/** A refusal is what a check looks for; any other error is a bug and passes on. */
export async function attempt<Value>(call: () => Promise<Value>): Promise<Attempt<Value>> {
  try {
    return { value: await call() };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { refusal: error };
  }
}
