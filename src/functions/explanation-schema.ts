import { z } from 'zod';
import { CONSENT_SOURCES } from '../core/consent/opt-out.ts';
import { REASON_CODES } from '../core/errors.ts';
import { HOLD_RULES } from '../core/plan/protect.ts';
import { OUTCOMES } from '../core/plan/operation.ts';
import { MATCH_KINDS } from '../core/run/explain-match.ts';
import { API_SCHEMAS, RecordView } from './api-schemas.ts';

const time = z.iso.datetime().describe('UTC, ISO 8601.');
const reason = z.enum(REASON_CODES);
const verdict = z.union([z.boolean(), z.literal('unknown')]).describe('`unknown`: nobody could tell just now.');
const text = z.union([z.string(), z.array(z.string())]);
const PRESENCES = ['present', 'soft-deleted', 'deleted'] as const;
const KINDS = ['user', 'orgContact', 'mailboxContact'] as const;
const STATES = ['set', 'never-set', 'omitted', 'unset', 'empty'] as const;

const Clause = z
  .object({
    path: z.string().describe('The place in the configuration.'),
    expected: z.string(),
    value: z.unknown().optional().describe('The value that decided.'),
    state: z.enum(STATES).optional().describe('How the attribute stands.'),
    holds: verdict,
  })
  .register(API_SCHEMAS, { id: 'Clause', description: 'One thing that the scope or a rule asks.' });

const Step = z.object({
  what: z.string(),
  input: text.optional(),
  output: text.optional(),
  state: z.enum(STATES).optional(),
  limit: z.string().optional().describe('What the value would have had to be.'),
});

const MappedField = z
  .object({
    to: z.string(),
    steps: z.array(Step),
    when: z.array(Clause).optional(),
    value: z.record(z.string(), z.string()).optional().describe('What the contact gets.'),
    rejected: z.object({ field: z.string(), limit: z.string() }).optional(),
    undecided: z.literal(true).optional().describe('A membership decides that nobody could tell.'),
  })
  .register(API_SCHEMAS, { id: 'MappedField', description: 'How one rule came to what it gives the contact.' });

const NUMBER = {
  input: z.string(),
  e164: z.string().optional(),
  country: z.string().optional().describe('The country of the number itself.'),
  type: z.string().optional(),
  reason: z.string().optional(),
} as const;

const Phone = z
  .object({
    ...NUMBER,
    input: z.string().optional().describe('The text that decided.'),
    region: z.string().optional().describe('Where a number without a country code is read.'),
    regionFrom: z.string().optional().describe('What says so.'),
    tried: z.array(z.object(NUMBER)),
  })
  .register(API_SCHEMAS, { id: 'PhoneReading', description: 'How the number was read.' });

const Pending = z
  .object({
    outcome: z.enum(OUTCOMES),
    reason,
    words: z.string(),
    runbook: z.string(),
    runId: z.string(),
    since: time,
    until: time.optional().describe('When a run takes it up by itself.'),
    attempts: z.int().min(1).optional(),
    rule: z.enum(HOLD_RULES).optional(),
    list: z.string().optional(),
    field: z.string().optional(),
    decision: z.enum(['approved', 'rejected']).optional(),
    holder: z.string().optional().describe('Who has the number that is waited for.'),
  })
  .register(API_SCHEMAS, { id: 'Waiting', description: 'What waits, until when and why.' });

const Consent = z
  .object({
    contactId: z.string(),
    exists: z.boolean(),
    numbers: z.array(z.object({ number: z.string(), type: z.string(), state: z.string() })),
    lists: z.array(z.string()),
  })
  .register(API_SCHEMAS, { id: 'Consent', description: 'Whether the numbers of the contact may be texted.' });

const OptOut = z
  .object({
    number: z.string(),
    source: z.enum(CONSENT_SOURCES).describe('Who said so first: an event, the contact, or the blocked numbers.'),
    since: time.describe('When this app learned of it.'),
  })
  .register(API_SCHEMAS, { id: 'OptOut', description: 'A number that opted out; nothing here subscribes it again.' });

const PastChange = z.object({
  runId: z.string(),
  at: time,
  operation: z.string(),
  outcome: z.string(),
  reason: reason.optional(),
  words: z.string(),
});

/** Its name in the API's document. */
export const EXPLANATION = 'Explanation';

export const ExplanationView = z
  .object({
    person: z.object({
      id: z.string(),
      kind: z.enum(KINDS),
      presence: z.enum(PRESENCES),
      attributes: z.record(z.string(), z.unknown()),
      manager: z.record(z.string(), z.unknown()).optional(),
    }),
    found: z.object({ directory: z.boolean(), stored: z.boolean() }).describe('Who knows the person now.'),
    scope: z.object({
      inScope: z.boolean(),
      cause: z.string().optional(),
      reason: reason.optional(),
      decidedBy: z.string().optional(),
      clauses: z.array(Clause),
    }),
    mapping: z.array(MappedField),
    phone: Phone,
    match: z.object({
      how: z.enum(MATCH_KINDS),
      words: z.string(),
      contactId: z.string().optional(),
      contactIds: z.array(z.string()).optional(),
      holder: z.string().optional(),
    }),
    lists: z.array(z.object({ name: z.string(), because: z.string(), joined: z.boolean() })),
    consent: Consent.optional(),
    optOuts: z.array(OptOut).optional().describe('Of the numbers of the person; absent when there are none.'),
    pending: Pending.optional(),
    lastChanges: z.array(PastChange),
    next: RecordView,
  })
  .register(API_SCHEMAS, { id: EXPLANATION, description: 'Why one person is where they are.' });
export type ExplanationView = z.output<typeof ExplanationView>;
