import { z } from 'zod';
import { ACCESS_PROBLEMS, REASON_CODES, SYNC_ERRORS } from '../core/errors.ts';
import type { SyncErrorCode } from '../core/errors.ts';
import { OPERATION_KINDS, OUTCOMES } from '../core/plan/operation.ts';
import { HOLD_RULES } from '../core/plan/protect.ts';
import { ADOPTION_KINDS } from '../core/run/adopt-report.ts';
import { ALERT_NAMES } from '../core/events.ts';
import { IMPACTS } from '../core/run/impact.ts';
import { WEBHOOK_PROBLEMS } from '../core/run/install-webhook.ts';
import { COUNT_NAMES, RUN_MODES, RUN_PHASES } from '../core/run/run-row.ts';
import { ROLES } from './http-routes.ts';

type CountShape = Readonly<Record<(typeof COUNT_NAMES)[number], z.ZodInt>>;

/** The schemas that stand by name in the API's document. */
export const API_SCHEMAS = z.registry<{ id: string; description: string }>();

const RUN_STATES = ['queued', 'running', 'held', 'completed', 'completed-with-errors', 'failed', 'cancelled'] as const;
const NEIGHBOURS = ['entra', 'graph', 'messagemedia', 'keyvault', 'storage'] as const;
const ERROR_CODES = Object.keys(SYNC_ERRORS) as [SyncErrorCode, ...SyncErrorCode[]];

const time = z.iso.datetime().describe('UTC, ISO 8601.');
const runId = z
  .string()
  .describe('Names one run.')
  .meta({ examples: ['r8227600812345-3f9a1c07'] });
const count = z.int().min(0);
const COUNTS = Object.fromEntries(COUNT_NAMES.map((name) => [name, count])) as CountShape;

export const RunAccepted = z
  .object({ runId, state: z.enum(RUN_STATES), statusUrl: z.url().describe('Where to ask how it goes.') })
  .register(API_SCHEMAS, { id: 'RunAccepted', description: 'A run that was started or decided.' });
export type RunAccepted = z.output<typeof RunAccepted>;

const Hold = z
  .object({
    rule: z.enum(HOLD_RULES),
    list: z.string().optional().describe('The list whose share was exceeded, or that would be empty.'),
    field: z.string().optional().describe('The field that would be cleared.'),
    operations: count.describe('Operations held by this rule.'),
    limit: z.number(),
    recent: count.describe('Unapproved operations of the last 24 hours that count too.'),
    members: count.describe('Managed members before the run.'),
    renewed: z.literal(true).optional().describe('Held before, not decided on in time, and announced afresh.'),
  })
  .register(API_SCHEMAS, { id: 'Hold', description: 'Why part of a plan waits for approval.' });

export const RunView = z
  .object({
    runId,
    state: z.enum(RUN_STATES).describe('Polling ends at anything but `queued` and `running`.'),
    phase: z.enum(RUN_PHASES),
    mode: z.enum(RUN_MODES),
    trigger: z.enum(['schedule', 'http', 'pending', 'approval']),
    dryRun: z.boolean(),
    reason: z.string().optional(),
    only: z
      .object({ departments: count, people: count })
      .optional()
      .describe('How many departments and people the run is for, when it is not for everybody.'),
    adoption: z
      .object({
        contacts: count,
        managed: count,
        linkable: count,
        ambiguous: count,
        unmanaged: count,
        orphaned: count,
        unmatched: count.optional(),
      })
      .optional()
      .describe('With `POST /adopt`, once it has ended: `linkable` and `ambiguous` count people, the others contacts.'),
    impact: z
      .object({ entering: count, leaving: count, rewritten: count })
      .optional()
      .describe('In the first full run after a change of the configuration: people whom the change itself concerns.'),
    counts: z.object(COUNTS),
    calls: z.object({ graph: count, messagemedia: count }),
    createdAt: time,
    startedAt: time.optional(),
    finishedAt: time.optional(),
    planHash: z.string().optional().describe('Set once the plan was judged; needed to approve or reject.'),
    holds: z.array(Hold),
    decision: z.object({ kind: z.enum(['approved', 'rejected']), at: time }).optional(),
    error: z.object({ code: z.enum(ERROR_CODES), message: z.string() }).optional(),
  })
  .register(API_SCHEMAS, { id: 'Run', description: 'One run.' });
export type RunView = z.output<typeof RunView>;

export const RunPage = z
  .object({ items: z.array(RunView), nextCursor: z.string().optional() })
  .register(API_SCHEMAS, { id: 'RunPage', description: 'Runs, newest first.' });

export const RecordView = z
  .object({
    personId: z
      .string()
      .describe('Object id in the directory; of a contact without an owner, the id that it carries, or empty.'),
    department: z.string(),
    operation: z.string().describe(OPERATION_KINDS.join(', ')),
    outcome: z.enum([...OUTCOMES, 'planned']),
    reason: z.enum(REASON_CODES).optional(),
    words: z.string().describe('One sentence, without personal data.'),
    fields: z.array(
      z.object({
        field: z.string(),
        before: z.string().optional(),
        after: z.string(),
        to: z.literal('directory').optional().describe('Written to the directory; absent: to the contact.'),
        leftAlone: z
          .literal(true)
          .optional()
          .describe("Differs and stays so: `before` is the contact's value, `after` the directory's."),
      }),
    ),
    lists: z.object({ add: z.array(z.string()), remove: z.array(z.string()) }),
    contactIds: z.array(z.string()).optional().describe('Contacts between which nobody but people can decide.'),
    adoption: z.enum(ADOPTION_KINDS).optional(),
    likely: z
      .array(z.string())
      .optional()
      .describe('Of a contact that nobody matches: people with a name, a mail or a number in common.'),
    impact: z.enum(IMPACTS).optional().describe('What the change of the configuration itself does.'),
  })
  .register(API_SCHEMAS, { id: 'Record', description: 'What a run did, or plans to do, to one person.' });
export type RecordView = z.output<typeof RecordView>;

export const RecordPage = z
  .object({ items: z.array(RecordView), nextCursor: z.string().optional() })
  .register(API_SCHEMAS, { id: 'RecordPage', description: 'Records of a run.' });

export const PauseView = z
  .object({ paused: z.boolean(), since: time.optional().describe('Since when; only while it is paused.') })
  .register(API_SCHEMAS, { id: 'Pause', description: 'Whether the sync starts runs by itself.' });
export type PauseView = z.output<typeof PauseView>;

export const ErasureView = z
  .object({
    personId: z.string().describe('Object id in the directory.'),
    rows: count.describe('Rows that were deleted or rewritten without the person.'),
    kept: z.array(z.enum(['consent'])).describe('What stays: the evidence that a number opted out.'),
  })
  .register(API_SCHEMAS, { id: 'Erasure', description: 'What was forgotten of a person.' });
export type ErasureView = z.output<typeof ErasureView>;

export const WebhookView = z
  .object({
    url: z.string().describe('Where MessageMedia sends opt-outs.'),
    registered: z.boolean().describe('Whether MessageMedia knows it.'),
    signing: z
      .enum(['on', 'off', 'not-available'])
      .describe('Whether events are signed. `not-available`: this account does not have the option.'),
    keyBits: count.optional().describe('Size of the signing key.'),
    problems: z.array(z.enum(WEBHOOK_PROBLEMS)).describe('What is wrong with it; empty when nothing is.'),
  })
  .register(API_SCHEMAS, { id: 'Webhook', description: 'How the webhook for opt-outs stands.' });
export type WebhookView = z.output<typeof WebhookView>;

const access = z.enum(ACCESS_PROBLEMS).describe('What is wrong with our access.');

export const NeighbourHealth = z
  .object({
    neighbour: z.enum(NEIGHBOURS),
    ok: z.boolean(),
    code: z.enum(ERROR_CODES).optional().describe('Why not.'),
    access: access.optional(),
    message: z.string().optional().describe('Why not, in words, and how to mend it where that is known.'),
    latencyMs: count,
    checkedAt: time,
    ageSeconds: count.describe('How old this answer is: real calls are made at most once a minute.'),
  })
  .register(API_SCHEMAS, { id: 'NeighbourHealth', description: 'The answer of a real call to a neighbour.' });
export type NeighbourHealth = z.output<typeof NeighbourHealth>;

export const StatusView = z
  .object({
    lastSuccessAt: time.optional(),
    lastRun: z.object({ runId, state: z.enum(RUN_STATES), finishedAt: time.optional() }).optional(),
    activeRunId: z.string().optional(),
    tokenAgeHours: z.number().optional().describe('Age of the delta token; it lasts about 7 days.'),
    paused: z.boolean().describe('Nothing starts by itself.'),
    pausedSince: time.optional(),
    alerts: z
      .array(z.object({ name: z.enum(ALERT_NAMES), since: time }))
      .describe('What needs somebody. docs/operations.md says what to do about each.'),
    credentials: z
      .array(
        z.object({
          name: z.string().describe('Name of the secret in the vault.'),
          expiresAt: time,
          daysLeft: z.int().describe('Whole days; negative when the day has passed.'),
        }),
      )
      .describe('Secrets whose expiry the vault knows.'),
    held: count.describe('People whose change waits for approval.'),
    leaversKept: count.describe('People who left and whose contact is kept.'),
    pending: z.record(z.string(), count).describe('People who wait, by reason.'),
    schedule: z.object({
      words: z.string(),
      fullWords: z.string(),
      reconcileWords: z.string().optional().describe('When contacts are compared, if not only when asked for.'),
      next: z.array(time).describe('Next five runs.'),
    }),
    neighbours: z.array(NeighbourHealth),
  })
  .register(API_SCHEMAS, { id: 'Status', description: 'How the sync is doing.' });
export type StatusView = z.output<typeof StatusView>;

z.object({ status: z.literal('ok') }).register(API_SCHEMAS, { id: 'Health', description: 'The app is alive.' });

z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.enum(ERROR_CODES),
  correlationId: z.string().describe('Finds the invocation in the log.'),
  runId: z.string().optional().describe('With `run-active`: the run that is.'),
  role: z.enum(ROLES).optional().describe('With `forbidden`: the role that is needed.'),
  access: access.optional(),
  problems: z.array(z.looseObject({})).optional().describe('Every bad field, setting or configuration value at once.'),
}).register(API_SCHEMAS, { id: 'Problem', description: 'An error (RFC 9457).' });
