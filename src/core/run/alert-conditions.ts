import { upcoming } from '../config/schedule.ts';
import type { AlertName, EventFields } from '../events.ts';
import type { Engine } from './engine.ts';
import { TOKEN_LIFE_MS } from './start-run.ts';
import { readState } from './state-row.ts';
import type { SyncState } from './state-row.ts';

/** What the log says of an alert. */
export type AlertFields = Omit<EventFields<'alert.began'>, 'alert' | 'ageMs'>;

/** How a sync stands, and what of it needs people. */
export interface Situation {
  readonly state: SyncState;
  readonly waiting: Waiting;
  readonly conditions: ReadonlyMap<AlertName, AlertFields>;
}

const HOUR_MS = 3_600_000;
/** Time to ask for a new secret, have it approved and put it into the vault. */
const EXPIRES_SOON_MS = 30 * 24 * HOUR_MS;
/** A run that is due has some time to finish before its absence is worth a word. */
const LONGEST_RUN_MS = HOUR_MS;

/** People whose change failed, and undecided holds of removals and of everything else. */
export interface Waiting {
  readonly failing: number;
  readonly removals: number;
  readonly changes: number;
}

async function countWaiting({ tables, config }: Engine): Promise<Waiting> {
  let failing = 0;
  let removals = 0;
  let changes = 0;
  for await (const rows of tables.people.scan(config.name, 'pending:', { facetsOnly: true })) {
    for (const { facets } of rows) {
      if (facets['outcome'] === 'failed') failing += 1;
      if (facets['outcome'] !== 'held' || facets['decided'] === true) continue;
      if (facets['removal'] === true) removals += 1;
      else changes += 1;
    }
  }
  return { failing, removals, changes };
}

/** Two scheduled times have passed since the last success: nobody is being kept in step any more. */
function isStale({ config }: Engine, since: number, now: number): boolean {
  const [first, second] = upcoming(config.schedule, config.timeZone, since, 2);
  if (first === undefined || second === undefined) return false;
  return now > second + Math.min(LONGEST_RUN_MS, (second - first) / 2);
}

/** The secret that expires first, when that is soon. A vault that does not answer says nothing about its secrets. */
async function findExpiring(engine: Engine, now: number): Promise<{ name: string; expiresAt: number } | undefined> {
  const expiries = (await engine.credentialExpiries?.()) ?? [];
  const soon = expiries.filter(({ expiresAt }) => expiresAt - now < EXPIRES_SOON_MS);
  return soon.toSorted((a, b) => a.expiresAt - b.expiresAt)[0];
}

function tokenAge({ token }: SyncState, now: number): number {
  return token === undefined ? 0 : now - token.issuedAt;
}

/** Everything that needs people just now, with what the log says of it. */
export async function readSituation(engine: Engine, watchedSince: number, now: number): Promise<Situation> {
  const state = await readState(engine);
  const { lastRun, lastSuccessAt, resync, deviation } = state;
  const waiting = await countWaiting(engine);
  const { failing, removals, changes } = waiting;
  const expiring = await findExpiring(engine, now);
  const age = tokenAge(state, now);
  const conditions = new Map<AlertName, AlertFields>();
  const note = (name: AlertName, holds: boolean, fields: AlertFields): void => {
    if (holds) conditions.set(name, fields);
  };
  note('run-failed', lastRun?.state === 'failed', { runId: lastRun?.runId, code: lastRun?.code });
  note('people-failing', failing > 0, { people: failing });
  note('removals-held', removals > 0, { people: removals });
  note('change-held', changes > 0, { people: changes });
  note('resync-forced', resync !== undefined, { runId: resync?.runId, code: resync?.code });
  note('count-deviation', deviation !== undefined, { runId: deviation?.runId, read: deviation?.shown });
  note('stale', isStale(engine, lastSuccessAt ?? watchedSince, now), { until: lastSuccessAt });
  note('credential-expiring', expiring !== undefined, { secret: expiring?.name, until: expiring?.expiresAt });
  // Runs renew it half a day before: when it gets older, they do not come through.
  note('token-age', age > TOKEN_LIFE_MS + LONGEST_RUN_MS, { until: state.token?.issuedAt });
  return { state, waiting, conditions };
}
