import { getCountries } from 'libphonenumber-js/max';
import { z } from 'zod';
import { Text } from './schema-text.ts';

const COUNTRIES: readonly string[] = getCountries();
// What people write for a country whose ISO code is another one.
const COUNTRY_HABITS: Readonly<Record<string, string>> = { UK: 'GB', EN: 'GB', EL: 'GR' };

const Country = z.string().superRefine((code, context) => {
  if (COUNTRIES.includes(code)) return;
  const upper = code.trim().toUpperCase();
  const nearest = COUNTRY_HABITS[upper] ?? COUNTRIES.find((country) => country === upper);
  context.addIssue({ code: 'custom', message: 'a two-letter ISO country code such as AU', params: { nearest } });
});

export const Phone = z
  .strictObject({
    defaultCountry: Country.exactOptional().meta({
      description: 'Country of numbers without a country code, when neither usageLocation nor country tells.',
      examples: ['AU'],
    }),
    accept: z
      .enum(['mobile', 'valid', 'possible'])
      .default('mobile')
      .meta({
        description: 'Which numbers count: mobile ones, every valid one, or every one of a possible length.',
        examples: ['mobile'],
      }),
  })
  .meta({ description: 'How phone numbers are read.' });

export const Lists = z
  .strictObject({
    create: z
      .boolean()
      .default(true)
      .meta({ description: 'Whether missing lists are created.', examples: [true] }),
    prefix: z
      .string()
      .default('')
      .meta({ description: 'Put before every list name.', examples: ['Entra '] }),
    names: z
      .record(Text, Text)
      .default({})
      .meta({ description: 'Other names for some groups; the prefix is added.', examples: [{ Sales: 'Sales team' }] }),
  })
  .meta({ description: 'How the values of `group` become contact lists.' });

const Leaver = z.strictObject({
  action: z
    .enum(['remove-from-lists', 'unsubscribe', 'delete', 'keep'])
    .default('remove-from-lists')
    .meta({ description: 'What happens to the contact.', examples: ['remove-from-lists'] }),
  afterDays: z
    .int()
    .min(0)
    .max(365)
    .default(0)
    .meta({ description: 'Days to wait before it happens; who is back by then stays as they were.', examples: [30] }),
});
export const LEAVER_KEYS = Object.keys(Leaver.shape);

const leaver = (description: string) => Leaver.prefault({}).meta({ description, examples: [{ action: 'keep' }] });

export const Leavers = z
  .strictObject({
    deleted: leaver('People deleted from the directory.'),
    disabled: leaver('People whose account was disabled.'),
    outOfScope: leaver('People whom the filters no longer include.'),
    unreachable: leaver('People without a usable number.'),
  })
  .meta({
    description: 'What happens to the contacts of people who leave, by cause; the first cause that fits counts.',
  });

const Share = z.number().min(0).max(1);
const Count = z.int().min(0);

export const Protection = z
  .strictObject({
    maxRemovals: Count.default(200).meta({ description: 'Removals in 24 hours before approval.', examples: [200] }),
    maxRemovalShare: Share.default(0.2).meta({
      description: 'Share of the managed people that may be removed in 24 hours.',
      examples: [0.2],
    }),
    perListShare: Share.default(0.1).meta({
      description: 'Share of one list that may be removed in 24 hours.',
      examples: [0.1],
    }),
    floor: Count.default(10).meta({ description: 'Up to so many operations no share applies.', examples: [10] }),
    maxUpdateShare: Share.default(0.5).meta({
      description: 'Share of the managed people that may be updated in 24 hours.',
      examples: [0.5],
    }),
    firstRun: z
      .enum(['apply', 'approve'])
      .default('apply')
      .meta({
        description: 'What the very first run does with its plan: applies it, or holds all of it for approval.',
        examples: ['approve'],
      }),
    canaries: z
      .array(Text)
      .max(20)
      .default([])
      .meta({
        description:
          'User principal names of people who must never be missing: when one is, nobody is removed without approval.',
        examples: [['duty.manager@example.com']],
      }),
    holdHours: z
      .int()
      .min(1)
      .max(8760)
      .default(72)
      .meta({ description: 'Hours after which a hold is planned and announced afresh.', examples: [72] }),
  })
  .meta({ description: 'Limits; whatever is above them waits for approval.' });

export const Retention = z
  .strictObject({
    runsDays: z
      .int()
      .min(1)
      .max(3650)
      .default(90)
      .meta({
        description: 'Days for which runs and their records are kept.',
        examples: [90],
      }),
  })
  .meta({ description: 'How long reports are kept.' });
