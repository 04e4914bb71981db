import { describeSchedule } from '../config/schedule-words.ts';
import { upcoming } from '../config/schedule.ts';
import { readActiveAlerts } from './alerts.ts';
import type { Alert } from './alerts.ts';
import type { Engine } from './engine.ts';
import type { RunState } from './run-row.ts';
import { readState } from './state-row.ts';

/** Where a sync stands, from our tables alone. Times are milliseconds since 1970. */
export interface SyncStatus {
  readonly lastSuccessAt?: number;
  readonly lastRun?: { readonly runId: string; readonly state: RunState; readonly finishedAt?: number };
  readonly activeRunId?: string;
  readonly tokenIssuedAt?: number;
  /** Since when nothing starts by itself; absent while the sync is not paused. */
  readonly pausedSince?: number;
  /** What needs people. */
  readonly alerts: readonly Alert[];
  /** People who wait, by reason code. */
  readonly pending: Readonly<Record<string, number>>;
  readonly held: number;
  /** Contacts of leavers that still carry their number. */
  readonly leaversKept: number;
  readonly schedule: {
    readonly words: string;
    readonly fullWords: string;
    /** Absent: contacts are only compared when somebody asks for it. */
    readonly reconcileWords?: string;
    readonly next: readonly number[];
  };
}

const NEXT_RUNS = 5;

async function countPending(engine: Engine): Promise<{ pending: Record<string, number>; held: number }> {
  const pending: Record<string, number> = {};
  let held = 0;
  for await (const rows of engine.tables.people.scan(engine.config.name, 'pending:', { facetsOnly: true })) {
    for (const { facets } of rows) {
      const reason = String(facets['reason']);
      pending[reason] = (pending[reason] ?? 0) + 1;
      if (facets['outcome'] === 'held') held += 1;
    }
  }
  return { pending, held };
}

async function countLeavers(engine: Engine): Promise<number> {
  let leavers = 0;
  for await (const rows of engine.tables.people.scan(engine.config.name, 'person:', { facetsOnly: true })) {
    leavers += rows.filter(({ facets }) => facets['left'] === true).length;
  }
  return leavers;
}

export async function readStatus(engine: Engine): Promise<SyncStatus> {
  const { config, clock } = engine;
  const state = await readState(engine);
  const { lastSuccessAt, lastRun, lease, token, paused } = state;
  return {
    ...(lastSuccessAt === undefined ? {} : { lastSuccessAt }),
    ...(lastRun === undefined ? {} : { lastRun }),
    ...(lease === undefined ? {} : { activeRunId: lease.runId }),
    ...(token === undefined ? {} : { tokenIssuedAt: token.issuedAt }),
    ...(paused === undefined ? {} : { pausedSince: paused.since }),
    alerts: await readActiveAlerts(engine),
    ...(await countPending(engine)),
    leaversKept: await countLeavers(engine),
    schedule: {
      words: describeSchedule(config.schedule, config.timeZone),
      fullWords: describeSchedule(config.fullSchedule, config.timeZone),
      ...(config.reconcileSchedule === undefined
        ? {}
        : { reconcileWords: describeSchedule(config.reconcileSchedule, config.timeZone) }),
      next: upcoming(config.schedule, config.timeZone, clock.now(), NEXT_RUNS),
    },
  };
}
