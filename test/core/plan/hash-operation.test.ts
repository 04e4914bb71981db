import fc from 'fast-check';
import { hashOperation, hashWish } from '../../../src/core/plan/hash-operation.ts';
import { OPERATION_KINDS, type Operation } from '../../../src/core/plan/operation.ts';
import { aList, anOperation, someField, someLists } from '../../support/plan.ts';
import { createTestDigest } from '../../support/test-digest.ts';

const digest = createTestDigest();
const hash = (operation: Operation): string => hashOperation(operation, digest);

const OPERATION = anOperation({
  contactId: 'contact-1',
  phone: '+61491570156',
  fields: [
    { field: 'note', before: 'old', after: 'new' },
    { field: 'alias', after: 'ada' },
  ],
  lists: { add: [aList('Support'), aList('Legal')], remove: [aList('Sales')] },
});

const someOperation = fc
  .record({
    kind: fc.constantFrom(...OPERATION_KINDS),
    fields: fc
      .uniqueArray(fc.tuple(someField, fc.option(fc.string(), { nil: undefined }), fc.string()), {
        selector: ([field]) => field,
      })
      .map((changes) =>
        changes.map(([field, before, after]) => (before === undefined ? { field, after } : { field, before, after })),
      ),
    lists: fc.record({ add: someLists, remove: someLists }),
  })
  .map(anOperation);

describe('hashOperation', () => {
  it.each<[string, Partial<Operation>]>([
    ['the person', { personId: '00000000-0000-4000-8000-000000000002' }],
    ['the kind', { kind: 'restore' }],
    ['the action', { action: 'delete' }],
    ['the contact', { contactId: 'contact-2' }],
    ['the number', { phone: '+61491570157' }],
    ['a value before', { fields: [{ field: 'note', before: 'older', after: 'new' }, OPERATION.fields[1]!] }],
    ['a value never known before', { fields: [{ field: 'note', after: 'new' }, OPERATION.fields[1]!] }],
    ['an empty value before', { fields: [OPERATION.fields[0]!, { field: 'alias', before: '', after: 'ada' }] }],
    ['a value after', { fields: [{ field: 'note', before: 'old', after: 'newer' }, OPERATION.fields[1]!] }],
    ['a field', { fields: [{ field: 'location', before: 'old', after: 'new' }, OPERATION.fields[1]!] }],
    ['a field more', { fields: [...OPERATION.fields, { field: 'state', after: '' }] }],
    ['a field less', { fields: OPERATION.fields.slice(1) }],
    ['a list to join', { lists: { add: [aList('Support')], remove: [aList('Sales')] } }],
    ['another list to join', { lists: { ...OPERATION.lists, add: [aList('Support'), aList('Finance')] } }],
    ['a list to leave', { lists: { ...OPERATION.lists, remove: [] } }],
    ['the direction of the lists', { lists: { add: OPERATION.lists.remove, remove: OPERATION.lists.add } }],
  ])('changes with %s', (_name, change) => {
    expect(hash({ ...OPERATION, ...change })).not.toBe(hash(OPERATION));
  });

  it.each<[string, Partial<Operation>]>([
    ['the reason', { reason: 'disabled' }],
    ['the department', { department: 'Legal' }],
    ['the name a list goes by', { lists: { ...OPERATION.lists, remove: [{ key: 'sales', name: 'SALES' }] } }],
    ['what was planned before', { hash: 'hash-9' }],
  ])('stays the same whatever %s', (_name, change) => {
    expect(hash({ ...OPERATION, ...change })).toBe(hash(OPERATION));
  });

  it('does not depend on the order of fields and lists', () => {
    fc.assert(
      fc.property(someOperation, (operation) => {
        const reversed = {
          ...operation,
          fields: operation.fields.toReversed(),
          lists: { add: operation.lists.add.toReversed(), remove: operation.lists.remove.toReversed() },
        };

        expect(hash(reversed)).toBe(hash(operation));
      }),
    );
  });

  it('is made of the same text for good: what was approved is found again by a later version', () => {
    const text = hashOperation(OPERATION, { ...digest, hash: (hashed) => hashed });

    expect(JSON.parse(text)).toEqual([
      OPERATION.personId,
      'update',
      null,
      'contact-1',
      '+61491570156',
      [
        ['alias', null, 'ada'],
        ['note', 'old', 'new'],
      ],
      ['legal', 'support'],
      ['sales'],
    ]);
  });

  it('gives different operations different hashes', () => {
    const identity = ({ kind, fields, lists }: Operation): string => {
      const keys = (refs: Operation['lists']['add']): string[] => refs.map(({ key }) => key).toSorted();
      const changes = fields.map((change) => JSON.stringify(change)).toSorted();
      return JSON.stringify([kind, changes, keys(lists.add), keys(lists.remove)]);
    };
    fc.assert(
      fc.property(someOperation, someOperation, (one, other) => {
        expect(hash(one) === hash(other)).toBe(identity(one) === identity(other));
      }),
    );
  });
});

describe('hashWish', () => {
  const wish = (operation: Operation): string | undefined => hashWish(operation, digest);
  const MADE = anOperation({
    kind: 'create',
    phone: '+61491570156',
    fields: [
      { field: 'phone', after: '+61491570156' },
      { field: 'note', after: 'new' },
      { field: 'alias', after: 'ada' },
    ],
    lists: { add: [aList('Support'), aList('Legal')], remove: [] },
  });

  it.each<[string, Partial<Operation>]>([
    ['is found, with a value that it has already', { fields: [MADE.fields[1]!], unchanged: { alias: 'ada' } }],
    ['has another value until then', { fields: [MADE.fields[2]!, { field: 'note', before: 'old', after: 'new' }] }],
    [
      'is on one of the lists already',
      { lists: { add: [aList('Legal')], remove: [] }, memberOf: [{ ...aList('Support'), id: 'list-2' }] },
    ],
    ['is taken off the lists of a leaver', { lists: { ...MADE.lists, remove: [aList('Sales')] } }],
    ['has a value that is cleared', { fields: [...MADE.fields, { field: 'title', before: 'Dr', after: '' }] }],
    ['lacks a value as it should', { unchanged: { title: '' } }],
    ['is told to the directory, too', { fields: [...MADE.fields, { field: 'email', after: 'x', to: 'directory' }] }],
  ])('is the same of a contact that %s', (_name, found) => {
    const adopted = anOperation({ ...MADE, kind: 'adopt', contactId: 'contact-1', ...found });

    expect(wish(adopted)).toBe(wish(MADE));
  });

  it.each<[string, Partial<Operation>]>([
    ['the person', { personId: '00000000-0000-4000-8000-000000000002' }],
    ['the number', { phone: '+61491570157' }],
    ['a value', { fields: [MADE.fields[0]!, { field: 'note', after: 'newer' }, MADE.fields[2]!] }],
    ['a field', { fields: [MADE.fields[0]!, { field: 'location', after: 'new' }, MADE.fields[2]!] }],
    ['a value less', { fields: MADE.fields.slice(0, 2) }],
    ['a value more, which the contact has', { unchanged: { title: 'Dr' } }],
    ['a list', { lists: { add: [aList('Support'), aList('Finance')], remove: [] } }],
    ['a list more, which the contact is on', { memberOf: [{ ...aList('Finance'), id: 'list-3' }] }],
  ])('changes with %s', (_name, change) => {
    expect(wish({ ...MADE, ...change })).not.toBe(wish(MADE));
  });

  it('does not depend on the order of fields and lists', () => {
    const { fields, lists } = MADE;
    const reversed = { ...MADE, fields: fields.toReversed(), lists: { add: lists.add.toReversed(), remove: [] } };

    expect(wish(reversed)).toBe(wish(MADE));
  });

  it.each(OPERATION_KINDS.filter((kind) => kind !== 'create' && kind !== 'adopt'))('is none for "%s"', (kind) => {
    expect(wish({ ...MADE, kind })).toBeUndefined();
  });
});
