import fc from 'fast-check';
import type { SyncConfig } from '../../../src/core/config/sync-config.ts';
import type { Verdict } from '../../../src/core/people/filter.ts';
import type { AttributeValue, Person } from '../../../src/core/people/person.ts';
import type { MappingContext } from '../../../src/core/people/rule-value.ts';
import { aPerson } from '../../support/people.ts';
import { aConfig } from '../config/configuration.ts';
import { aContext, BOARD, ON_CALL } from './mapping-context.ts';

export const ATTRIBUTES = [
  'displayName',
  'givenName',
  'surname',
  'mail',
  'mobilePhone',
  'department',
  'country',
  'employeeHireDate',
  'businessPhones',
  'accountEnabled',
  'userType',
  'usageLocation',
  'userPrincipalName',
] as const;
const PATHS = [
  ...ATTRIBUTES.slice(0, 7),
  'businessPhones',
  'businessPhones[1]',
  'employeeOrgData.division',
  'manager.mail',
];

const TEXTS = [
  'Sales',
  ' sales ',
  'Ada Example',
  '0491 570 156',
  '02 5550 0156',
  'Guest',
  '+61491570157',
  'ada@example.com',
  '2026-01-31',
  'AU',
  '',
];

const value = fc.oneof(
  fc.constantFrom<AttributeValue>(...TEXTS, null, true, false, 7, [], ['', '+61 491 570 158'], { division: 'East' }),
  fc.string({ unit: 'binary', maxLength: 40 }),
);
const attributes = fc.dictionary(fc.constantFrom(...ATTRIBUTES, 'employeeOrgData', 'manager'), value);

/** Half of them are ordinary people with a few odd values; of the others nearly nothing is as it should be. */
export const people: fc.Arbitrary<Person> = fc
  .record(
    {
      presence: fc.constantFrom<Person['presence']>('present', 'present', 'soft-deleted'),
      attributes: fc.oneof(
        attributes,
        attributes.map((odd) => ({ ...odd, ...aPerson().attributes })),
        fc.array(fc.tuple(fc.constantFrom(...ATTRIBUTES), value), { maxLength: 4 }).map((odd) => ({
          ...aPerson().attributes,
          ...Object.fromEntries(odd),
        })),
      ),
      manager: attributes,
      kind: fc.constantFrom('user', 'orgContact', 'mailboxContact'),
    },
    { requiredKeys: ['presence', 'attributes'] },
  )
  .map((person) => ({ id: '00000000-0000-4000-8000-000000000001', ...person }));

const path = fc.constantFrom(...PATHS);
const text = fc.constantFrom('Sales', 'a', 'EXAMPLE', '+61', '@');

const comparisons = fc.oneof(
  fc.record({ attribute: path, equals: text }),
  fc.record({ attribute: path, in: fc.array(text, { minLength: 1, maxLength: 2 }), matchCase: fc.boolean() }),
  fc.record({ attribute: path, notEquals: text }),
  fc.record({ attribute: path, contains: text }),
  fc.record({ attribute: path, matches: fc.constantFrom('^s', '(a|e)+$', '\\d{2}') }),
  fc.record({ attribute: path, present: fc.boolean() }),
  fc.record({ attribute: fc.constant('employeeHireDate'), before: fc.constantFrom('now', '2026-02-01') }),
  fc.record({ attribute: fc.constant('accountEnabled'), equals: fc.boolean() }),
  fc.record({ memberOf: fc.constantFrom(ON_CALL, BOARD), transitive: fc.boolean() }),
);

export const filters: fc.Arbitrary<object> = fc.letrec<{ filter: object }>((tie) => ({
  filter: fc.oneof(
    { depthSize: 'small' },
    comparisons,
    fc.record({ all: fc.array(tie('filter'), { maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('filter') }),
  ),
})).filter;

const transforms = fc.array(
  fc.constantFrom<unknown>(
    'trim',
    'upper',
    'title',
    'digits',
    'stripDiacritics',
    'first',
    'last',
    'join',
    'date',
    'e164',
    'country',
    'hash',
    { name: 'replace', find: 'a', with: 'bb' },
    { name: 'regexReplace', pattern: '[aeiou]+', with: '<$&>' },
    { name: 'substring', start: -3 },
    { name: 'split', separator: ' ' },
    { name: 'map', values: { Sales: 'Sell' }, default: '' },
    { name: 'truncateWords', maxLength: 5 },
    { name: 'date', order: 'dmy', format: 'd MMM yyyy' },
  ),
  { maxLength: 3 },
);

const extras = fc.record(
  {
    fallback: fc.array(path, { maxLength: 2 }),
    transform: transforms,
    when: filters,
    whenEmpty: fc.constantFrom('keep', 'clear'),
    apply: fc.constantFrom('always', 'on-create'),
  },
  { requiredKeys: [] },
);
const source = fc.oneof(
  fc.record({ from: path }),
  fc.record({ from: path, default: fc.constantFrom('2026-01-31', 'none', 'ada@example.com') }),
  fc.record({ template: fc.constantFrom('{givenName} {surname}', '{{{department}}}', 'x{manager.mail}') }),
);
const number = fc.oneof(
  { weight: 5, arbitrary: fc.constant({ from: 'mobilePhone' }) },
  { weight: 2, arbitrary: fc.record({ from: path }) },
  { weight: 1, arbitrary: fc.constant({ template: '{mobilePhone}' }) },
);

function rule(to: string, from: fc.Arbitrary<object>): fc.Arbitrary<object> {
  return fc.tuple(from, extras).map(([drawn, extra]) => {
    const { whenEmpty, ...others } = extra as { readonly whenEmpty?: string };
    return { to, ...drawn, ...others, ...(to === 'date_of_birth' || whenEmpty === undefined ? {} : { whenEmpty }) };
  });
}

const FIELDS = ['contact_name', 'first_name', 'email', 'note', 'date_of_birth', 'custom.staff', 'custom.site'];

/** Rules for the number, any of the fields, and up to three lists. */
const mappings = fc
  .tuple(
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constant({ to: 'phone_number', from: 'mobilePhone', fallback: ['businessPhones[1]'] }),
      },
      { weight: 1, arbitrary: rule('phone_number', number) },
    ),
    fc.option(rule('whatsapp_number', number), { nil: undefined }),
    fc.subarray(FIELDS).chain((fields) => fc.tuple(...fields.map((field) => rule(field, source)))),
    fc.array(fc.oneof(rule('group', source), fc.constant({ to: 'group', constant: 'All staff' })), { maxLength: 3 }),
  )
  .map(([phone, whatsapp, fields, groups]) => [
    phone,
    ...(whatsapp === undefined ? [] : [whatsapp]),
    ...fields,
    ...groups,
  ]);

export const accepts = fc.constantFrom('mobile', 'valid', 'possible');

/** Valid configurations, as the real parser reads them. */
export const configs: fc.Arbitrary<SyncConfig> = fc
  .record(
    {
      mapping: mappings,
      filters: fc.oneof({ weight: 1, arbitrary: filters }, { weight: 1, arbitrary: fc.constant({}) }),
      phone: fc.record({
        defaultCountry: fc.constantFrom('AU', 'GB'),
        accept: accepts,
      }),
      people: fc.constantFrom<unknown>(['users', 'orgContacts'], {
        users: { guests: true, disabled: true },
        mailboxContacts: [{ mailbox: 'a@example.com', folder: 'Contacts' }],
      }),
      exclude: fc.constantFrom<unknown>(
        { phones: ['+61491570157'], lists: ['all staff'] },
        { people: ['ada@example.com'] },
      ),
      lists: fc.constantFrom<unknown>({ prefix: 'E ' }, { names: { sales: 'Sales team' } }),
    },
    { requiredKeys: ['mapping'] },
  )
  .map(aConfig);

const verdict = fc.constantFrom<Verdict>(true, false, 'unknown');

export const contexts: fc.Arbitrary<MappingContext> = fc
  .dictionary(fc.constantFrom(ON_CALL, BOARD, `${ON_CALL} transitive`, `${BOARD} transitive`), verdict)
  .map(aContext);
