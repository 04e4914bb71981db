import { z } from 'zod';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** What needs people, and how loudly its beginning is told. Each has an entry in docs/operations.md. */
export const ALERTS = {
  'run-failed': 'error',
  'people-failing': 'warn',
  'removals-held': 'warn',
  'change-held': 'warn',
  'resync-forced': 'warn',
  'count-deviation': 'error',
  stale: 'error',
  'credential-expiring': 'error',
  'token-age': 'error',
} as const satisfies Readonly<Record<string, LogLevel>>;
export type AlertName = keyof typeof ALERTS;
export const ALERT_NAMES = Object.keys(ALERTS) as readonly AlertName[];

/** How loud an event is: always the same, or as one of its fields says. */
type Loudness =
  LogLevel | { readonly of: string; readonly is: Readonly<Record<string, LogLevel>>; readonly otherwise: LogLevel };

function kind<Level extends Loudness, Shape extends z.ZodRawShape>(level: Level, shape: Shape) {
  return { level, fields: z.strictObject(shape) };
}

/** An id, a code or a word of our own; never a number, an address or a name of somebody. */
const word = z.string();
const many = z.int().min(0);
/** Milliseconds, or milliseconds since 1970. */
const ms = z.number();
const flag = z.boolean();
const runId = word;
const neighbour = z.enum(['graph', 'entra', 'messagemedia', 'storage', 'keyvault']);
const phase = z.enum(['read', 'split', 'plan', 'judge', 'prepare', 'apply', 'close', 'ended']);
/** What batches are cut by, as far as it is about many people. */
const department = word.optional();
const lane = { wave: many, lane: many } as const;

/** How people ended: what a run counts, but for those it read. */
const outcomes = {
  created: many,
  adopted: many,
  updated: many,
  moved: many,
  removed: many,
  restored: many,
  pulled: many,
  unchanged: many,
  skipped: many,
  held: many,
  rejected: many,
  failed: many,
  superseded: many,
} as const;

/** What is told of an error: our own words, and of a foreign one only its class and place. */
const trouble = {
  code: word,
  retryable: flag,
  audience: z.enum(['administrator', 'operator', 'developer']),
  error: word,
  message: word.optional(),
  at: word.optional(),
  neighbour: neighbour.optional(),
  failure: word.optional(),
  access: word.optional(),
  status: many.optional(),
  retryAfterMs: ms.optional(),
  requestId: word.optional(),
  neighbourCode: word.optional(),
} as const;

/** What is told of an alert, of each what it has. */
const alert = {
  alert: z.enum(ALERT_NAMES),
  ageMs: ms,
  runId: runId.optional(),
  code: word.optional(),
  people: many.optional(),
  read: many.optional(),
  secret: word.optional(),
  until: ms.optional(),
} as const;

const pace = { people: many, durationMs: ms, peoplePerSecond: z.number() } as const;

/**
 * Every event there is: a name, its level, and the only fields it has. docs/operations.md says when each is logged, and
 * the queries in infra/queries read nothing else.
 */
export const EVENTS = {
  'run.started': kind('info', {
    runId,
    mode: z.enum(['delta', 'full', 'reconcile']),
    trigger: word,
    dryRun: flag,
    reason: word.optional(),
  }),
  'run.postponed': kind('warn', { runId, phase, neighbour, failure: word, delayMs: ms, waitedMs: ms }),
  'run.poisoned': kind('error', { runId, phase }),
  'run.ended': kind(
    { of: 'state', is: { failed: 'error' }, otherwise: 'info' },
    {
      runId,
      state: word,
      mode: z.enum(['delta', 'full', 'reconcile']),
      dryRun: flag,
      code: word.optional(),
      queuedMs: ms,
      ...pace,
      graphCalls: many,
      messagemediaCalls: many,
      tokenAgeMs: ms.optional(),
      nextRunAt: ms.optional(),
      read: many,
      inScope: many,
      ...outcomes,
    },
  ),
  'phase.ended': kind('info', { runId, phase, durationMs: ms, batches: many }),
  'plan.judged': kind('info', { runId, dryRun: flag, batches: many, held: many, rules: word }),
  'plan.approved': kind('info', { runId }),
  'plan.lapsed': kind('warn', { runId }),
  'hold.opened': kind('info', { runId, rule: word, people: many, limit: z.number(), recent: many, renewed: flag }),
  'hold.decided': kind('info', { runId, decision: z.enum(['approved', 'rejected']), people: many }),
  'batch.ended': kind('info', { runId, phase: z.enum(['plan', 'apply']), ...lane, cursor: many, department, ...pace }),
  'batch.settled': kind('info', { runId, department, people: many, ...outcomes }),
  'batch.poisoned': kind('error', { runId, wave: many.optional(), lane: many.optional() }),
  'lane.postponed': kind('warn', { runId, ...lane, neighbour, delayMs: ms, waitedMs: ms }),
  'lane.called': kind('warn', { runId, ...lane }),
  'links.stored': kind('debug', { runId, people: many }),
  'list.created': kind('info', { runId, listId: word }),
  'list.found': kind('info', { runId, listId: word }),
  'person.failed': kind('error', { runId, personId: word, error: word }),
  'person.erased': kind('info', { personId: word, rows: many }),
  'neighbour.called': kind('info', {
    runId: runId.optional(),
    neighbour,
    calls: many,
    throttled: many,
    failed: many,
    slow: many,
    totalMs: ms,
    maxMs: ms,
  }),
  'neighbour.degraded': kind('warn', { neighbour, failure: word, delayMs: ms }),
  'neighbour.recovered': kind('info', { neighbour, degradedMs: ms }),
  'consent.noted': kind('info', {
    runId: runId.optional(),
    source: z.enum(['webhook', 'contact', 'blocked-list']),
    optOuts: many,
  }),
  'consent.carried': kind('info', { runId, optOuts: many, contacts: many }),
  'consent.deferred': kind('warn', { runId, neighbour, failure: word }),
  'consent.unwritable': kind('warn', { runId, contactId: word }),
  'webhook.installed': kind('info', { created: flag }),
  'webhook.weak': kind('warn', { bits: many.optional() }),
  'webhook.refused': kind('warn', { reason: word }),
  'webhook.unreadable': kind('error', {}),
  'webhook.failed': kind('error', trouble),
  'secret.failed': kind('warn', { secret: word, failure: word }),
  'alert.began': kind({ of: 'alert', is: ALERTS, otherwise: 'error' }, alert),
  'alert.continued': kind({ of: 'alert', is: ALERTS, otherwise: 'error' }, alert),
  'alert.ended': kind('info', alert),
  'sync.paused': kind('info', { activeRunId: word.optional() }),
  'sync.resumed': kind('info', {}),
  'tick.ended': kind('info', {
    activeRunId: word.optional(),
    paused: flag,
    held: many,
    failing: many,
    successAgeMs: ms.optional(),
    tokenAgeMs: ms.optional(),
    nextRunAt: ms.optional(),
  }),
  'tick.failed': kind('error', trouble),
  'message.taken': kind('info', { function: word, runId, ageMs: ms.optional(), deliveries: many.optional() }),
  'message.failed': kind('error', { function: word, runId, ...trouble }),
  'message.malformed': kind('error', { function: word, messageId: word.optional(), path: word }),
  'request.refused': kind('info', trouble),
  'request.failed': kind('error', trouble),
  'problem.found': kind('error', {
    setting: word.optional(),
    source: word.optional(),
    line: many.optional(),
    column: many.optional(),
    path: word.optional(),
    expected: word.optional(),
    found: word.optional(),
    nearest: word.optional(),
  }),
} as const satisfies Readonly<Record<string, { readonly level: Loudness; readonly fields: z.ZodObject }>>;

export type EventName = keyof typeof EVENTS;
export const EVENT_NAMES = Object.keys(EVENTS) as readonly EventName[];
export type EventFields<Name extends EventName> = Readonly<z.input<(typeof EVENTS)[Name]['fields']>>;

/** How loudly this event is told. */
export function levelOf<Name extends EventName>(name: Name, fields: EventFields<Name>): LogLevel {
  const level: Loudness = EVENTS[name].level;
  if (typeof level === 'string') return level;
  return level.is[String((fields as Readonly<Record<string, unknown>>)[level.of])] ?? level.otherwise;
}

/** People in a second, to one decimal; work that took no time at all counts as a millisecond. */
export function paceOf(people: number, durationMs: number): EventFields<'batch.ended'>['peoplePerSecond'] {
  return Math.round((people * 10_000) / Math.max(1, durationMs)) / 10;
}
