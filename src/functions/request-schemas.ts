import { z } from 'zod';
import { OPERATION_KINDS, OUTCOMES } from '../core/plan/operation.ts';
import { ADOPTION_KINDS } from '../core/run/adopt-report.ts';
import { IMPACTS } from '../core/run/impact.ts';
import { RUN_MODES } from '../core/run/run-row.ts';
import { API_SCHEMAS } from './api-schemas.ts';

const cursor = z.string().regex(/^[\x21-\x7e]{1,512}$/, 'must be a nextCursor of an earlier answer');
const reveal = z.enum(['true', 'false']).default('false').describe('Show values instead of masks.');
const reason = z.string().trim().min(1).max(200).optional().describe('Why, for the history. No personal data.');

export const RunRequestBody = z
  .strictObject({
    mode: z
      .enum(RUN_MODES)
      .default('delta')
      .describe(
        '`delta`: changes since the last run; `full`: everybody; `reconcile`: everybody, and what became of the contacts.',
      ),
    dryRun: z.boolean().default(false).describe('Plan and judge only: nothing is written to MessageMedia.'),
    departments: z
      .array(z.string().trim().min(1).max(256))
      .min(1)
      .max(20)
      .optional()
      .describe('Only the people of these departments, whoever is in them now or was when last seen.'),
    people: z
      .array(z.string().trim().min(1).max(320))
      .min(1)
      .max(100)
      .optional()
      .describe('Only these people, by object id or user principal name; with `departments`, these as well.'),
    reason,
  })
  .register(API_SCHEMAS, { id: 'RunRequest', description: 'What to run.' });

export const AdoptBody = z
  .strictObject({
    dryRun: z.boolean().default(false).describe('Show what would be matched: nothing is written to MessageMedia.'),
    reason,
  })
  .register(API_SCHEMAS, { id: 'Adopt', description: 'How to match an account that was there before.' });

export const DecisionBody = z
  .strictObject({
    planHash: z
      .string()
      .min(1)
      .max(128)
      .describe('The planHash of the run as it was shown: another plan is not decided.'),
  })
  .register(API_SCHEMAS, { id: 'Decision', description: 'Which plan is approved or rejected.' });

export const WebhookBody = z
  .strictObject({
    publicKey: z
      .string()
      .regex(/^[A-Za-z0-9+/]{100,2000}={0,2}$/, 'must be base64')
      .optional()
      .describe('Public half of the signing key that is enabled at MessageMedia already: SPKI, DER, in base64.'),
    replaceKey: z
      .boolean()
      .default(false)
      .describe('Make a new signing key and enable it in place of one that this app does not know.'),
  })
  .register(API_SCHEMAS, { id: 'InstallWebhook', description: 'How to set the webhook up at MessageMedia.' });

/** The body of a call that takes nothing: `{}`, or none. */
export const NoFieldsBody = z.strictObject({});

export const ListRunsQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20).describe('Runs in one answer.'),
  cursor: cursor.optional().describe('`nextCursor` of the answer before.'),
});

export const ListRecordsQuery = z.strictObject({
  outcome: z
    .enum([...OUTCOMES, 'planned'])
    .optional()
    .describe('Only records with this outcome.'),
  operation: z.enum(OPERATION_KINDS).optional().describe('Only records with this operation.'),
  department: z.string().max(256).optional().describe('Only people of this department.'),
  adoption: z.enum(ADOPTION_KINDS).optional().describe('Only what a run of `POST /adopt` found of this kind.'),
  impact: z.enum(IMPACTS).optional().describe('Only whom the change of the configuration itself concerns in this way.'),
  limit: z.coerce.number().int().min(1).max(500).default(100).describe('Records in one answer.'),
  cursor: cursor.optional().describe('`nextCursor` of the answer before.'),
  reveal,
});

/** Exactly one of the two: a body that names both would have two answers. */
export const LookupBody = z
  .strictObject({
    upn: z.string().trim().min(3).max(320).optional().describe('User principal name.'),
    number: z.string().trim().min(3).max(64).optional().describe('Phone number, with its country code.'),
  })
  .refine(({ upn, number }) => (upn === undefined) !== (number === undefined), 'must name one of upn and number')
  .register(API_SCHEMAS, { id: 'Lookup', description: 'Whom to look up: by one of the two.' });

export const RevealQuery = z.strictObject({ reveal });
