import { z } from 'zod';
import { checkTimeZone, parseSchedule } from './schedule.ts';
import { Custom } from './schema-custom.ts';
import { Filters } from './schema-filter.ts';
import { Mapping } from './schema-mapping.ts';
import { Exclude, People } from './schema-people.ts';
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

const Sync = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9-]{1,32}$/, { error: '1 to 32 lower-case letters, digits and hyphens' })
      .default('default')
      .meta({ description: 'Key of everything that is stored for this sync.', examples: ['default'] }),
    direction: z
      .enum(['one-way'])
      .default('one-way')
      .meta({ description: 'Which sides are written.', examples: ['one-way'] }),
    source: z
      .enum(['entra-id'])
      .default('entra-id')
      .meta({ description: 'Where people come from.', examples: ['entra-id'] }),
    target: z
      .enum(['messagemedia'])
      .default('messagemedia')
      .meta({ description: 'Where contacts are kept.', examples: ['messagemedia'] }),
    schedule: Schedule.meta({
      description: 'When changes are synchronised: 5-field cron or 6-field NCRONTAB, in `timeZone`.',
      examples: ['0 6 * * *', '0 */15 8-18 * * 1-5'],
    }),
    fullSchedule: Schedule.exactOptional().meta({
      description: 'When everybody is read and compared. Default: Sundays at the same time.',
      examples: ['0 6 * * 0'],
    }),
    timeZone: TimeZone.default('UTC').meta({
      description: 'IANA time zone of both schedules.',
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
    protection: Protection.prefault({}),
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
