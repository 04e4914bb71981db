import { z } from 'zod';
import { checkTimeZone, parseSchedule } from './schedule.ts';
import { Custom } from './schema-custom.ts';
import { Filters } from './schema-filter.ts';
import { Mapping } from './schema-mapping.ts';
import { Exclude, People } from './schema-people.ts';
import { DRIFTS, SIDES } from './sync-config.ts';
import { isExtension } from './writable-attributes.ts';
import { Leavers, Lists, Phone, Protection, Retention } from './schema-policy.ts';

const Schedule = z.string().superRefine((text, context) => {
  const reading = parseSchedule(text);
  if (reading.ok) return;
  context.addIssue({ code: 'custom', message: `a schedule that cron and NCRONTAB read alike (${reading.problem})` });
});

const TimeZone = z.string().superRefine((zone, context) => {
  const check = checkTimeZone(zone);
  if (check.ok) return;
  context.addIssue({ code: 'custom', message: 'an IANA time zone', params: { nearest: check.nearest } });
});

// Whatever else it could be, people use for something else.
const OptOutAttribute = z.string().superRefine((path, context) => {
  if (isExtension(path)) return;
  const message =
    'extension_<application id, 32 hexadecimal digits without dashes>_<name> or onPremisesExtensionAttributes.extensionAttribute1 to 15';
  context.addIssue({ code: 'custom', message });
});

const Sync = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9-]{1,32}$/, { error: '1 to 32 lower-case letters, digits and hyphens' })
      .default('default')
      .meta({ description: 'Key of everything that is stored for this sync.', examples: ['default'] }),
    direction: z
      .enum(['one-way', 'bidirectional'])
      .default('one-way')
      .meta({
        description: 'Which sides are written: the target alone, or both, field by field as each rule says.',
        examples: ['one-way', 'bidirectional'],
      }),
    source: z
      .enum(SIDES)
      .default('entra-id')
      .meta({ description: 'The side whose values stand, where only the other one is written.', examples: SIDES }),
    target: z
      .enum(SIDES)
      .exactOptional()
      .meta({
        description: 'The side that is written: the other one than `source`.',
        examples: ['messagemedia', 'entra-id'],
      }),
    schedule: Schedule.meta({
      description: 'When changes are synchronised: 5-field cron or 6-field NCRONTAB, in `timeZone`.',
      examples: ['0 6 * * *', '0 */15 8-18 * * 1-5'],
    }),
    fullSchedule: Schedule.exactOptional().meta({
      description: 'When everybody is read and compared. Default: Sundays at the same time.',
      examples: ['0 6 * * 0'],
    }),
    reconcileSchedule: Schedule.exactOptional().meta({
      description:
        'When everybody is compared and the contacts are read, too: for what somebody changed in MessageMedia. Not set: only when asked for.',
      examples: ['0 4 * * 6'],
    }),
    timeZone: TimeZone.default('UTC').meta({
      description: 'IANA time zone of the schedules.',
      examples: ['UTC', 'Australia/Sydney', 'Europe/London'],
    }),
    people: People.default(['users']),
    mapping: Mapping,
    custom: Custom.default({}),
    filters: Filters.default({ all: [] }),
    exclude: Exclude.prefault({}),
    phone: Phone.prefault({}),
    lists: Lists.prefault({}),
    leavers: Leavers.prefault({}),
    optedOut: z
      .enum(['unsubscribed', 'skip'])
      .default('unsubscribed')
      .meta({
        description: 'What somebody new gets whose number has opted out: a contact that is unsubscribed, or none.',
        examples: ['skip'],
      }),
    optOutAttribute: OptOutAttribute.exactOptional().meta({
      description:
        'An extension attribute that says `opted-out` of people whose number has opted out. Written by us, never cleared.',
      examples: ['extension_00000000000000000000000000000000_messages'],
    }),
    protection: Protection.prefault({}),
    drift: z
      .enum(DRIFTS)
      .default('repair')
      .meta({
        description:
          'What a reconcile run does about our values and memberships that somebody changed in MessageMedia: `repair` writes them again, `report` shows them and leaves them.',
        examples: ['report'],
      }),
    unmatched: z
      .enum(['report'])
      .default('report')
      .meta({
        description: 'What becomes of contacts that nobody in the directory matches: they are shown, and stay.',
        examples: ['report'],
      }),
    retention: Retention.prefault({}),
  })
  .meta({ description: 'What is synchronised, when and how.' });
export type SyncInput = z.output<typeof Sync>;
export const SYNC_KEYS = Object.keys(Sync.shape);

/** The published configuration document: one `sync` object. */
export const SyncDocument = z
  .strictObject({
    $schema: z
      .string()
      .exactOptional()
      .meta({
        description: 'Lets an editor check and complete this file.',
        examples: ['./schema/sync.schema.json'],
      }),
    sync: Sync,
  })
  .meta({ title: 'Entra Sync configuration', description: 'Which people become which MessageMedia contacts.' });
