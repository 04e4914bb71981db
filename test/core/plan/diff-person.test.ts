import fc from 'fast-check';
import type { LeaverAction } from '../../../src/core/config/sync-config.ts';
import {
  adoptContactFor,
  createContactFor,
  hasLeft,
  removeContactOf,
  skipPerson,
  updateContactFor,
  type Wanted,
} from '../../../src/core/plan/diff-person.ts';
import type { ContactList } from '../../../src/core/people/contact.ts';
import type { KnownLists, Link, Membership } from '../../../src/core/plan/link.ts';
import type { ListRef, Operation } from '../../../src/core/plan/operation.ts';
import { aLink, aList, RUN_START, someField, someLists } from '../../support/plan.ts';
import { createTestDigest } from '../../support/test-digest.ts';
import { listKey } from '../../../src/core/people/list-names.ts';

type Draft = ReturnType<typeof updateContactFor>;

const digest = createTestDigest();
const KNOWN = { sales: 'list-1', support: 'list-2', finance: 'list-3', legal: 'list-4' };
const NUMBERS = ['+61491570156', '+61491570157'] as const;
const NOTHING = { fields: [], lists: { add: [], remove: [] }, invalid: [] };
const INVALID: Operation['invalid'] = [{ field: 'note', limit: 'at most 512 characters' }];

function wanting(changes: Partial<Wanted> = {}): Wanted {
  const phone = changes.phone ?? NUMBERS[0];
  return {
    phone,
    phoneKey: digest.pseudonym(phone),
    fields: { firstName: 'Ada' },
    onCreate: [],
    lists: [aList('Sales')],
    ...changes,
  };
}

/** The link that stands after a create, adoption or update was carried out in full, by the rules of the base. */
function applied(draft: Draft, before: Link | undefined): Link {
  const fields: Record<string, string> = { ...before?.fields, ...draft.unchanged };
  for (const { field, after } of draft.fields) if (field !== 'phone') fields[field] = after;
  const lists: Record<string, Membership> = { ...before?.lists };
  for (const { key, ...membership } of draft.memberOf ?? []) lists[key] ??= membership;
  for (const { key } of draft.lists.remove) delete lists[key];
  for (const { key, name } of draft.lists.add) lists[key] = { id: KNOWN[key as keyof typeof KNOWN], name };
  return aLink({
    contactId: draft.contactId ?? 'contact-1',
    created: draft.kind === 'create' || before?.created === true,
    phone: draft.phone!,
    phoneKey: draft.phoneKey!,
    fields,
    lists,
  });
}

function memberships(lists: readonly ListRef[], mark: Pick<Membership, 'byHand'> = {}): Link['lists'] {
  return Object.fromEntries(
    lists.map(({ key, name }) => [key, { id: KNOWN[key as keyof typeof KNOWN], name, ...mark }]),
  );
}

const someValue = fc.constantFrom('', 'Ada', 'Grace', '4');
const someFields = fc.dictionary(someField, someValue);
const someWanted: fc.Arbitrary<Wanted> = fc
  .record({
    phone: fc.constantFrom(...NUMBERS),
    fields: someFields,
    onCreate: fc.uniqueArray(someField),
    lists: someLists,
  })
  .map(wanting);
const someLink: fc.Arbitrary<Link> = fc
  .record({
    phone: fc.constantFrom(...NUMBERS),
    fields: someFields,
    created: fc.boolean(),
    lists: fc
      .tuple(someLists, someLists)
      .map(([ours, byHand]) => ({ ...memberships(byHand, { byHand: true }), ...memberships(ours) })),
    left: fc.option(fc.constantFrom<LeaverAction>('remove-from-lists', 'unsubscribe'), { nil: undefined }),
  })
  .map(({ left, ...link }) =>
    aLink(left === undefined ? link : { ...link, left: { cause: 'disabled', action: left, at: RUN_START } }),
  );

const isOurWork = ({ lists }: Link, key: string): boolean => lists[key] !== undefined && lists[key].byHand !== true;
const fieldNames = ({ fields }: Draft): string[] => fields.map(({ field }) => field);

describe('skipPerson', () => {
  it('changes nothing, and says why', () => {
    expect(skipPerson('guest')).toMatchObject({ ...NOTHING, kind: 'skip', reason: 'guest' });
  });

  it('carries the number that somebody waits for', () => {
    expect(skipPerson('duplicate-phone', { phoneKey: 'key' })).toMatchObject({ kind: 'skip', phoneKey: 'key' });
  });
});

describe('createContactFor', () => {
  it('sends number, fields and lists, and reports what the contact cannot hold', () => {
    expect(createContactFor(wanting(), INVALID)).toMatchObject({
      kind: 'create',
      phone: NUMBERS[0],
      phoneKey: digest.pseudonym(NUMBERS[0]),
      fields: [
        { field: 'phone', after: NUMBERS[0] },
        { field: 'firstName', after: 'Ada' },
      ],
      lists: { add: [aList('Sales')], remove: [] },
      invalid: INVALID,
    });
  });

  it('never sends an empty value, and nothing before it', () => {
    fc.assert(
      fc.property(someWanted, (wanted) => {
        const { fields } = createContactFor(wanted, []);

        expect(fields.every(({ before, after }) => before === undefined && after !== '')).toBe(true);
      }),
    );
  });

  it('leaves nothing to plan once it was applied', () => {
    fc.assert(
      fc.property(someWanted, (wanted) => {
        const link = applied(createContactFor(wanted, []), undefined);

        expect(updateContactFor(wanted, link, KNOWN, [])).toMatchObject({ ...NOTHING, kind: 'none' });
      }),
    );
  });
});

const IDS: KnownLists = { [listKey('Sales')]: 'list-1', [listKey('Support')]: 'list-2' };

describe('adoptContactFor', () => {
  const someFound = fc.record({
    contactId: fc.constant('contact-7'),
    current: someFields,
    lists: someLists.map((lists) => Object.values(memberships(lists)).map(({ id, name }) => ({ id, name }))),
    isOurs: fc.boolean(),
  });
  const found = { contactId: 'contact-7', current: { firstName: 'Ada', note: 'VIP' }, lists: [], isOurs: false };

  it('sets what differs, remembers what is there already, leaves alone what is not wanted', () => {
    const wanted = wanting({ fields: { firstName: 'Ada', lastName: 'Example' } });

    expect(adoptContactFor(wanted, found, undefined, KNOWN, INVALID)).toMatchObject({
      kind: 'adopt',
      contactId: 'contact-7',
      ownContact: false,
      fields: [{ field: 'lastName', before: '', after: 'Example' }],
      unchanged: { firstName: 'Ada' },
      invalid: INVALID,
      overwrites: false,
    });
  });

  it.each([
    ['an empty value', { current: {} }, false],
    ['a value made by hand', { current: { firstName: 'Grace' } }, true],
    ['a value of the former owner', { current: { firstName: 'Grace' }, formerOwner: 'former' }, false],
  ])('counts replacing %s as an update: %j %j', (_name, state, overwrites) => {
    const draft = adoptContactFor(wanting(), { ...found, ...state }, undefined, KNOWN, []);

    expect(draft).toMatchObject({ overwrites, fields: [{ field: 'firstName', after: 'Ada' }] });
  });

  it('overwrites when it fills one value and replaces another', () => {
    const wanted = wanting({ fields: { firstName: 'Grace', lastName: 'Example' } });

    expect(adoptContactFor(wanted, found, undefined, KNOWN, []).overwrites).toBe(true);
  });

  it('names the former owner only when there is one', () => {
    expect(adoptContactFor(wanting(), { ...found, formerOwner: 'former' }, aLink(), KNOWN, []).formerOwner).toBe(
      'former',
    );
    expect(adoptContactFor(wanting(), found, undefined, KNOWN, [])).not.toHaveProperty('formerOwner');
  });

  it.each<[string, ContactList[], KnownLists, string[]]>([
    ['it is on none', [], IDS, ['Sales', 'Support']],
    ['it is on one that is known by its id', [{ id: 'list-1', name: 'Renamed' }], IDS, ['Support']],
    ['it is on one of that name with another id', [{ id: 'list-9', name: 'Sales' }], IDS, ['Sales', 'Support']],
    ['it is on one of that name before any is known', [{ id: 'list-9', name: ' SALES ' }], {}, ['Support']],
    ['it is on a list nobody wants', [{ id: 'list-9', name: 'VIP' }], {}, ['Sales', 'Support']],
  ])('adds to the lists it is missing on when %s', (_name, lists, known, added) => {
    const wanted = wanting({ lists: ['Sales', 'Support'].map((name) => ({ key: listKey(name), name })) });

    const draft = adoptContactFor(wanted, { ...found, lists }, undefined, known, []);

    expect(draft.lists.add.map(({ name }) => name)).toEqual(added);
    expect(draft.lists.remove).toEqual([]);
  });

  it.each([
    [false, { byHand: true }],
    [true, {}],
  ])('remembers a wanted list that it is on, and whose work that is: ours %j', (isOurs, mark) => {
    const lists = [
      { id: 'list-1', name: 'Sales' },
      { id: 'list-9', name: 'VIP' },
    ];

    const { memberOf } = adoptContactFor(wanting(), { ...found, lists, isOurs }, undefined, KNOWN, []);

    expect(memberOf).toEqual([{ ...aList('Sales'), id: 'list-1', ...mark }]);
  });

  it('takes the contact off the lists that the former owner left it on, as far as they are not wanted', () => {
    const inherited = aLink({
      lists: { ...memberships([aList('Sales'), aList('Legal')]), ...memberships([aList('Support')], { byHand: true }) },
    });

    const { lists } = adoptContactFor(wanting(), { ...found, formerOwner: 'former' }, inherited, KNOWN, []);

    expect(lists.remove).toEqual([aList('Legal')]);
  });

  it('leaves nothing to plan once it was applied', () => {
    fc.assert(
      fc.property(someWanted, someFound, fc.option(someLink, { nil: undefined }), (wanted, contact, inherited) => {
        const draft = adoptContactFor(wanted, contact, inherited, KNOWN, []);
        const base = inherited === undefined ? undefined : { ...inherited, fields: {} };

        const again = updateContactFor(wanted, applied(draft, base), KNOWN, []);

        expect(again).toMatchObject({ ...NOTHING, kind: 'none' });
      }),
    );
  });
});

describe('updateContactFor', () => {
  it.each<[string, Record<string, string>, Record<string, string>, Operation['fields']]>([
    ['never set, wanted', {}, { note: 'new' }, [{ field: 'note', after: 'new' }]],
    ['never set, wanted empty', {}, { note: '' }, []],
    ['set, wanted otherwise', { note: 'old' }, { note: 'new' }, [{ field: 'note', before: 'old', after: 'new' }]],
    ['set, wanted as it is', { note: 'old' }, { note: 'old' }, []],
    ['unset now', { note: 'old' }, { note: '' }, [{ field: 'note', before: 'old', after: '' }]],
    ['omitted', { note: 'old' }, {}, []],
    ['empty, wanted empty', { note: '' }, { note: '' }, []],
    ['empty, wanted', { note: '' }, { note: 'new' }, [{ field: 'note', before: '', after: 'new' }]],
    ['empty, omitted', { note: '' }, {}, []],
  ])('%s', (_name, base, fields, changes) => {
    const draft = updateContactFor(wanting({ fields }), aLink({ fields: base }), KNOWN, INVALID);

    expect(draft).toMatchObject({ kind: changes.length > 0 ? 'update' : 'none', fields: changes, invalid: INVALID });
    expect(draft.fields).toStrictEqual(changes);
  });

  it('changes the number, and names the one that is let go', () => {
    const draft = updateContactFor(wanting({ phone: NUMBERS[1] }), aLink(), KNOWN, []);

    expect(draft).toMatchObject({
      kind: 'update',
      fields: [{ field: 'phone', before: NUMBERS[0], after: NUMBERS[1] }],
      phoneKey: digest.pseudonym(NUMBERS[1]),
      heldPhoneKey: digest.pseudonym(NUMBERS[0]),
    });
  });

  it.each([true, false])('says whether the contact may be made anew: %j', (created) => {
    expect(updateContactFor(wanting(), aLink({ created }), KNOWN, []).ownContact).toBe(created);
  });

  it('leaves alone what is written only on create', () => {
    const wanted = wanting({ fields: { firstName: 'Grace', note: 'x' }, onCreate: ['firstName'] });

    expect(fieldNames(updateContactFor(wanted, aLink(), KNOWN, []))).toEqual(['note']);
  });

  it('moves between lists, and calls it a move even when values change too', () => {
    const wanted = wanting({ fields: { firstName: 'Grace' }, lists: [aList('Support')] });

    expect(updateContactFor(wanted, aLink(), KNOWN, [])).toMatchObject({
      kind: 'move',
      fields: [{ field: 'firstName', before: 'Ada', after: 'Grace' }],
      lists: { add: [aList('Support')], remove: [aList('Sales')] },
    });
  });

  it.each([
    ['was made anew', { sales: 'list-9' }],
    ['does not exist any more', {}],
  ])('joins a list again that %s', (_name, known) => {
    expect(updateContactFor(wanting(), aLink(), known, [])).toMatchObject({
      kind: 'move',
      lists: { add: [aList('Sales')], remove: [] },
    });
  });

  it('leaves a membership made by hand as it is, wanted or not', () => {
    const byHand = memberships([aList('Sales'), aList('Legal')], { byHand: true });

    expect(updateContactFor(wanting(), aLink({ lists: byHand }), KNOWN, [])).toMatchObject({
      ...NOTHING,
      kind: 'none',
    });
  });

  it('restores somebody who had left, even when nothing differs', () => {
    const left = { cause: 'disabled', action: 'remove-from-lists', at: RUN_START } as const;

    expect(updateContactFor(wanting(), aLink({ left }), KNOWN, [])).toMatchObject({ ...NOTHING, kind: 'restore' });
  });

  it('leaves nothing to plan once it was applied', () => {
    fc.assert(
      fc.property(someWanted, someLink, fc.boolean(), (wanted, link, doubt) => {
        const after = applied(updateContactFor(wanted, link, KNOWN, [], doubt), link);

        expect(updateContactFor(wanted, after, KNOWN, [])).toMatchObject({ ...NOTHING, kind: 'none' });
      }),
    );
  });

  it('touches only fields that the mapping wants, and leaves only lists that it joined', () => {
    fc.assert(
      fc.property(someWanted, someLink, fc.boolean(), (wanted, link, doubt) => {
        const draft = updateContactFor(wanted, link, KNOWN, [], doubt);

        const wantedNames = ['phone', ...Object.keys(wanted.fields)];
        expect(fieldNames(draft).filter((field) => !wantedNames.includes(field))).toEqual([]);
        expect(draft.lists.remove.filter(({ key }) => !isOurWork(link, key))).toEqual([]);
        expect(draft.lists.remove.filter(({ key }) => wanted.lists.some((list) => list.key === key))).toEqual([]);
      }),
    );
  });

  it('writes every wanted value and membership again after a doubt', () => {
    fc.assert(
      fc.property(someWanted, someLink, (wanted, link) => {
        const draft = updateContactFor(wanted, link, KNOWN, [], true);

        expect(draft.doubt).toBe(true);
        expect(draft.kind).not.toBe('none');
        expect(fieldNames(draft).filter((field) => field !== 'phone')).toEqual(Object.keys(wanted.fields));
        expect(draft.lists.add).toEqual(wanted.lists.filter(({ key }) => link.lists[key]?.byHand !== true));
      }),
    );
  });

  it('resolves a doubt about somebody of whom only the number is mapped', () => {
    const wanted = wanting({ fields: {}, lists: [] });

    expect(updateContactFor(wanted, aLink({ fields: {}, lists: {} }), KNOWN, [], true).kind).toBe('update');
  });
});

describe('removeContactOf', () => {
  const left = (action: LeaverAction): NonNullable<Link['left']> => ({ cause: 'disabled', action, at: RUN_START });
  const onNoList = { lists: {} };
  const onListByHand = { lists: memberships([aList('Sales')], { byHand: true }) };

  it.each<[LeaverAction, string, Partial<Link>, 'none' | 'remove']>([
    ['keep', 'is on lists', {}, 'remove'],
    ['keep', 'was kept before', { left: left('keep') }, 'none'],
    ['keep', 'left before', { left: left('remove-from-lists') }, 'none'],
    ['remove-from-lists', 'was kept before', { left: left('keep') }, 'remove'],
    ['remove-from-lists', 'left, yet is on a list by hand', { ...onListByHand, left: left('unsubscribe') }, 'none'],
    ['remove-from-lists', 'is on lists', {}, 'remove'],
    ['remove-from-lists', 'is on none, never left', onNoList, 'remove'],
    ['remove-from-lists', 'left before', { ...onNoList, left: left('remove-from-lists') }, 'none'],
    ['remove-from-lists', 'was unsubscribed before', { ...onNoList, left: left('unsubscribe') }, 'none'],
    ['remove-from-lists', 'left, yet is on a list', { left: left('remove-from-lists') }, 'remove'],
    ['unsubscribe', 'is on lists', {}, 'remove'],
    ['unsubscribe', 'left before', { ...onNoList, left: left('remove-from-lists') }, 'remove'],
    ['unsubscribe', 'was unsubscribed before', { ...onNoList, left: left('unsubscribe') }, 'none'],
    ['unsubscribe', 'was unsubscribed, yet is on a list', { left: left('unsubscribe') }, 'remove'],
    ['delete', 'is on lists', {}, 'remove'],
    ['delete', 'left before', { ...onNoList, left: left('remove-from-lists') }, 'remove'],
  ])('%s, of somebody who %s', (action, _state, link, kind) => {
    const draft = removeContactOf(aLink(link), 'disabled', action, 'disabled');

    expect(draft).toMatchObject({ kind, action, cause: 'disabled', reason: 'disabled', contactId: 'contact-1' });
    expect(draft).not.toHaveProperty('phoneKey');
  });

  it('names exactly the lists that we put the person on', () => {
    fc.assert(
      fc.property(
        someLink,
        fc.constantFrom<LeaverAction>('remove-from-lists', 'unsubscribe', 'delete'),
        (link, action) => {
          const { kind, lists, fields } = removeContactOf(link, 'deleted', action, 'not-in-scope');

          expect(lists.remove.map(({ key }) => key)).toEqual(
            kind === 'none' ? [] : Object.keys(link.lists).filter((key) => isOurWork(link, key)),
          );
          expect([...lists.add, ...fields]).toEqual([]);
        },
      ),
    );
  });

  it.each<LeaverAction>(['remove-from-lists', 'unsubscribe', 'delete'])('does "%s" again after a doubt', (action) => {
    const link = aLink({ ...onNoList, left: left(action) });

    expect(removeContactOf(link, 'disabled', action, 'disabled', true)).toMatchObject({ kind: 'remove', doubt: true });
  });

  it('takes nobody off a list whom the configuration keeps, doubt or not', () => {
    fc.assert(
      fc.property(someLink, fc.boolean(), (link, doubt) => {
        const { lists, kind } = removeContactOf(link, 'disabled', 'keep', 'disabled', doubt);

        expect(lists).toEqual({ add: [], remove: [] });
        expect(kind).toBe(link.left === undefined ? 'remove' : 'none');
      }),
    );
  });
});

describe('hasLeft', () => {
  it('is false for somebody who has not left, whatever leaving means', () => {
    expect(hasLeft(aLink({ lists: {} }), 'keep')).toBe(false);
  });

  it('is never true of a deletion: a deleted contact has no link', () => {
    for (const action of ['delete', 'unsubscribe'] as const) {
      const left = { cause: 'deleted', action, at: RUN_START } as const;

      expect(hasLeft(aLink({ lists: {}, left }), 'delete')).toBe(false);
    }
  });
});
