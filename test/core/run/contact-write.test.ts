import fc from 'fast-check';
import { NATIVE_FIELDS, type Channel, type Contact, type ContactWrite } from '../../../src/core/people/contact.ts';
import { MARKER_TAG } from '../../../src/core/people/matching.ts';
import type { Link } from '../../../src/core/plan/link.ts';
import type { Operation } from '../../../src/core/plan/operation.ts';
import { endCase, isOpen, takenOver, type Case } from '../../../src/core/run/apply-case.ts';
import { changesTo, newContact, valuesAfter } from '../../../src/core/run/contact-write.ts';
import { isEmptyWrite, nativeValues } from '../../../src/core/run/contact-fields.ts';
import { existingLists, listIdOf } from '../../../src/core/run/existing-lists.ts';
import { isApplied } from '../../../src/core/run/is-applied.ts';
import { hasUnwritableChannel, writableChannels } from '../../../src/core/run/merge-channels.ts';
import { aContact, aPerson } from '../../support/people.ts';
import { aLink, aList, anOperation, PERSON_ID, RUN_START } from '../../support/plan.ts';
import { aCase, aRun } from '../../support/run.ts';

const PHONE = '+61491570156';
const NEW_PHONE = '+61491570157';
const FOREIGN_PHONE = '+61491570158';

const RUN = aRun({
  resolved: {
    lists: { sales: 'list-1', support: 'list-2' },
    fields: { [MARKER_TAG]: 'field-1', email: 'field-2', floor: 'field-3' },
    missingLists: ['legal'],
  },
});
const MARKER = { id: 'field-1', mergeTag: MARKER_TAG, value: PERSON_ID };
const EMAIL = { id: 'field-2', mergeTag: 'email', value: 'ada@example.com' };
const BY_HAND = { id: 'field-9', mergeTag: 'birthday_gift', value: 'cake' };

const LEFT = { cause: 'disabled', action: 'remove-from-lists', at: RUN_START } as const;

function setting(...fields: readonly (readonly [field: string, after: string])[]): Operation['fields'] {
  return fields.map(([field, after]) => ({ field, after }));
}

/** Somebody who takes over the contact of a leaver. */
function takingOver(left: Partial<Link> = {}, changes: Partial<Case> = {}): Case {
  const link = aLink({ contactId: 'contact-7', left: LEFT, ...left });
  return aCase({ formerOwner: { person: aPerson({}, { id: 'former' }), link, etag: 'etag-7' }, ...changes });
}

describe('endCase', () => {
  it('ends an open case, for the first reason it is given', () => {
    const one = aCase();
    const wasOpen = isOpen(one);

    endCase(one, { outcome: 'rejected', reason: 'contact-conflict' });
    endCase(one, { outcome: 'wait', retryAfterMs: 1_000 });

    expect([wasOpen, isOpen(one)]).toEqual([true, false]);
    expect(one.ending).toEqual({ outcome: 'rejected', reason: 'contact-conflict' });
  });
});

describe('valuesAfter', () => {
  it('lays what changes over what stays and what was there already, without the number', () => {
    const link = aLink({ fields: { firstName: 'Ada', note: 'old', alias: 'a' } });
    const operation = anOperation({ unchanged: { alias: 'ada' }, fields: setting(['note', 'new'], ['phone', PHONE]) });

    expect(valuesAfter({ operation, link, pulled: {} })).toEqual({ firstName: 'Ada', note: 'new', alias: 'ada' });
  });

  it('does without a link', () => {
    expect(valuesAfter({ operation: anOperation(), link: undefined, pulled: {} })).toEqual({});
  });

  it('takes of what goes to the directory only what arrived there', () => {
    const link = aLink({ fields: { firstName: 'Ada', note: 'old' } });
    const fields = setting(['firstName', 'Eve'], ['note', 'new']).map((change) => ({
      ...change,
      to: 'directory' as const,
    }));

    const values = valuesAfter({ operation: anOperation({ fields }), link, pulled: { note: 'new' } });

    expect(values).toEqual({ firstName: 'Ada', note: 'new' });
  });
});

describe('nativeValues', () => {
  it('are the native values that a contact has', () => {
    const contact = aContact({ firstName: 'Ada', dateOfBirth: '1990-01-31', customFields: [EMAIL] });

    expect(nativeValues(contact)).toMatchObject({ firstName: 'Ada', dateOfBirth: '1990-01-31' });
    expect(Object.values(nativeValues(aContact())).join('')).toBe('');
  });
});

describe('existingLists', () => {
  it('leaves out lists that could not be made', () => {
    expect(existingLists(RUN, [aList('Sales'), aList('Legal')])).toEqual([{ ...aList('Sales'), id: 'list-1' }]);
  });

  it('is empty before lists were prepared', () => {
    expect(existingLists(aRun(), [aList('Sales')])).toEqual([]);
    expect(listIdOf(aRun(), aList('Sales'))).toBeUndefined();
  });
});

describe('newContact', () => {
  const operation = anOperation({
    kind: 'create',
    phone: PHONE,
    fields: setting(
      ['phone', PHONE],
      ['firstName', 'Ada'],
      ['note', ''],
      ['custom:email', EMAIL.value],
      ['custom:floor', ''],
    ),
    lists: { add: [aList('Sales'), aList('Legal')], remove: [] },
  });

  it('is whole: number, values, marker and the lists that exist, nothing empty', () => {
    expect(newContact(RUN, aCase({ operation }))).toEqual({
      native: { firstName: 'Ada' },
      channels: [{ type: 'SMS', channelId: PHONE }],
      customFields: [
        { id: 'field-2', value: EMAIL.value },
        { id: 'field-1', value: PERSON_ID },
      ],
      lists: ['list-1'],
    });
  });

  it('names no lists when there are none', () => {
    const onNone = aCase({ operation: { ...operation, lists: { add: [], remove: [] } } });

    expect(newContact(RUN, onNone)).not.toHaveProperty('lists');
  });

  it('keeps lists and values of the link when it takes the place of a lost contact', () => {
    const link = aLink({
      fields: { lastName: 'Example', firstName: 'Grace', 'custom:floor': '4', 'custom:gone': 'x' },
      lists: { support: { id: 'list-2', name: 'Support' }, vip: { id: 'list-9', name: 'VIP' } },
    });
    const lists = { add: [aList('Sales')], remove: [aList('VIP')] };

    const write = newContact(RUN, aCase({ operation: { ...operation, fields: [], lists }, link }));

    expect(write.native).toEqual({ firstName: 'Grace', lastName: 'Example' });
    expect(write.customFields).toEqual([
      { id: 'field-3', value: '4' },
      { id: 'field-1', value: PERSON_ID },
    ]);
    expect(write.lists).toEqual(['list-1', 'list-2']);
  });

  it('is on a list that was made anew, and not on the one that the link still names', () => {
    const link = aLink({ lists: { sales: { id: 'list-old', name: 'Sales' } } });

    expect(newContact(RUN, aCase({ operation, link })).lists).toEqual(['list-1']);
  });

  it('brings along what people added by hand, below what we write, and nothing that is cleared', () => {
    const carry = {
      native: { firstName: 'Old', location: 'Perth', note: 'secret' },
      channels: [
        { type: 'WHATSAPP', channelId: FOREIGN_PHONE, subscriptionState: 'UNSUBSCRIBED' },
        { type: 'SMS', channelId: PHONE },
      ],
      lists: ['list-1', 'list-9'],
      customFields: [
        { id: 'field-1', value: 'somebody else' },
        { id: 'field-3', value: 'cleared' },
        { id: 'field-9', value: BY_HAND.value },
      ],
    } as const;

    const write = newContact(RUN, aCase({ operation, link: aLink({ carry }) }));

    expect(write.native).toEqual({ firstName: 'Ada', location: 'Perth' });
    expect(write.channels).toEqual([{ type: 'SMS', channelId: PHONE }, carry.channels[0]]);
    expect(write.customFields).toEqual([
      { id: 'field-2', value: EMAIL.value },
      { id: 'field-1', value: PERSON_ID },
      { id: 'field-9', value: BY_HAND.value },
    ]);
    expect(write.lists).toEqual(['list-1', 'list-9']);
  });

  it('cannot be made before the marker field is there', () => {
    expect(() => newContact(aRun(), aCase({ operation }))).toThrow(MARKER_TAG);
  });
});

describe('takenOver', () => {
  it.each<[string, Case, boolean]>([
    ['by somebody without a contact', takingOver(), true],
    ['by somebody with one, when it is ours to delete', takingOver({ created: true }, { link: aLink() }), false],
    ['by somebody with one, when it is not ours to delete', takingOver({ created: false }, { link: aLink() }), true],
    ['of nobody', aCase(), false],
    [
      'of somebody who has none',
      aCase({ formerOwner: { person: aPerson({}, { id: 'former' }), etag: 'etag-7' } }),
      false,
    ],
  ])('a contact is taken over %s', (_name, one, isTaken) => {
    expect(takenOver(one)).toEqual(isTaken ? one.formerOwner?.link : undefined);
  });
});

describe('changesTo', () => {
  const linked = (changes: Partial<Operation>, contact?: Contact, link: Link = aLink()): Case =>
    aCase({ operation: anOperation({ phone: PHONE, ...changes }), link, contact });

  it('sends the native values that change, and clears with an empty text', () => {
    const one = linked({ fields: setting(['firstName', 'Ada'], ['note', '']) });

    expect(changesTo(RUN, one)).toEqual({ native: { firstName: 'Ada', note: '' } });
  });

  it('sends nothing when nothing changes', () => {
    const write = changesTo(RUN, linked({}, aContact({ customFields: [MARKER, BY_HAND] })));

    expect(isEmptyWrite(write)).toBe(true);
  });

  it('sends all custom fields when one differs, hand-made ones included', () => {
    const one = linked(
      { fields: setting(['custom:email', 'new@example.com']) },
      aContact({ customFields: [EMAIL, BY_HAND] }),
    );

    expect(changesTo(RUN, one).customFields).toEqual([
      { id: 'field-2', value: 'new@example.com' },
      { id: 'field-9', value: BY_HAND.value },
    ]);
  });

  it.each<[string, Operation['fields'], Contact]>([
    ['has the value already', setting(['custom:email', EMAIL.value]), aContact({ customFields: [EMAIL] })],
    ['lacks a value that is cleared', setting(['custom:email', '']), aContact()],
    ['has the number already', setting(['phone', PHONE]), aContact({ number: PHONE })],
  ])('sends no set when the contact %s', (_name, fields, contact) => {
    expect(isEmptyWrite(changesTo(RUN, linked({ fields }, contact)))).toBe(true);
  });

  it('leaves out a custom field that does not exist', () => {
    expect(changesTo(RUN, linked({ fields: setting(['custom:gone', 'x']) }, aContact()))).toEqual({ native: {} });
  });

  it.each<[string, Case]>([
    ['that is adopted', aCase({ operation: anOperation({ kind: 'adopt' }), contact: aContact({ marker: 'former' }) })],
    ['in doubt', linked({ doubt: true }, aContact())],
    ['that is taken over', takingOver({ fields: {} }, { contact: aContact({ marker: 'former' }) })],
  ])('marks a contact %s as the person’s', (_name, one) => {
    expect(changesTo(RUN, one).customFields).toEqual([{ id: 'field-1', value: PERSON_ID }]);
  });

  it('puts the new number in the place of the old one and leaves the other channels', () => {
    const channels = [
      { type: 'SMS', channelId: PHONE, subscriptionState: 'SUBSCRIBED' },
      { type: 'SMS', channelId: FOREIGN_PHONE, subscriptionState: 'UNSUBSCRIBED' },
      { type: 'WHATSAPP', channelId: PHONE },
    ] as const;

    const one = linked({ phone: NEW_PHONE, fields: setting(['phone', NEW_PHONE]) }, aContact({ channels }));

    expect(changesTo(RUN, one).channels).toEqual([
      { type: 'SMS', channelId: FOREIGN_PHONE, subscriptionState: 'UNSUBSCRIBED' },
      { type: 'WHATSAPP', channelId: PHONE },
      { type: 'SMS', channelId: NEW_PHONE },
    ]);
  });

  it('takes the old number off a contact that has both', () => {
    const channels = [PHONE, NEW_PHONE].map((channelId) => ({ type: 'SMS', channelId }));

    const one = linked({ phone: NEW_PHONE, fields: setting(['phone', NEW_PHONE]) }, aContact({ channels }));

    expect(changesTo(RUN, one).channels).toEqual([{ type: 'SMS', channelId: NEW_PHONE }]);
  });

  it('adds the number to an adopted contact that has it only elsewhere', () => {
    const contact = aContact({ channels: [{ type: 'WHATSAPP', channelId: PHONE }] });

    const one = aCase({ operation: anOperation({ kind: 'adopt', phone: PHONE }), contact });

    expect(changesTo(RUN, one).channels).toEqual([
      { type: 'WHATSAPP', channelId: PHONE },
      { type: 'SMS', channelId: PHONE },
    ]);
  });

  it('leaves nothing of a leaver on the contact that is taken over', () => {
    const fields = { firstName: 'Grace', note: 'leaver', alias: '', dateOfBirth: '1990-01-31', 'custom:floor': '4' };
    const contact = aContact({
      number: FOREIGN_PHONE,
      customFields: [{ ...BY_HAND, id: 'field-3', mergeTag: 'floor', value: '4' }],
    });
    const operation = anOperation({ kind: 'adopt', phone: PHONE, fields: setting(['firstName', 'Ada']) });

    const write = changesTo(RUN, takingOver({ fields, phone: FOREIGN_PHONE }, { operation, contact }));

    expect(write).toEqual({
      native: { firstName: 'Ada', note: '' },
      channels: [{ type: 'SMS', channelId: PHONE }],
      customFields: [
        { id: 'field-3', value: '' },
        { id: 'field-1', value: PERSON_ID },
      ],
    });
  });

  const someChannels: fc.Arbitrary<Channel[]> = fc.uniqueArray(
    fc
      .record({
        type: fc.constantFrom('SMS', 'WHATSAPP'),
        channelId: fc.constantFrom(PHONE, NEW_PHONE, FOREIGN_PHONE),
        state: fc.constantFrom('SUBSCRIBED', 'UNSUBSCRIBED', undefined),
      })
      .map(({ state, ...channel }): Channel =>
        state === undefined ? channel : { ...channel, subscriptionState: state },
      ),
    { selector: ({ type, channelId }) => `${type} ${channelId}` },
  );
  const someValue = fc.constantFrom('', 'one', 'two');
  const someCase = fc
    .record({
      channels: someChannels,
      phone: fc.constantFrom(PHONE, NEW_PHONE),
      present: fc.record({ email: someValue, floor: someValue }),
      changes: fc.dictionary(fc.constantFrom('firstName', 'note', 'custom:email', 'custom:floor'), someValue),
      doubt: fc.boolean(),
    })
    .map(({ channels, phone, present, changes, doubt }) => {
      const customFields = [MARKER, BY_HAND, { ...EMAIL, value: present.email }];
      const contact = aContact({
        channels,
        customFields: [...customFields, { id: 'field-3', mergeTag: 'floor', value: present.floor }],
      });
      const fields = setting(...Object.entries(changes), ['phone', phone]);
      return linked({ phone, fields, doubt }, contact);
    });

  const isSms = ({ type, channelId }: Channel, number: string): boolean => type === 'SMS' && channelId === number;

  /** The contact after a PATCH, whether it replaces sets or merges them. */
  function patched(contact: Contact, write: ContactWrite, merges: boolean): Contact {
    const tagOf = (id: string): string => contact.customFields.find((field) => field.id === id)?.mergeTag ?? '';
    const kept = contact.channels.filter(
      (channel) => !write.channels?.some((one) => one.type === channel.type && one.channelId === channel.channelId),
    );
    return {
      ...contact,
      ...write.native,
      channels:
        write.channels === undefined ? contact.channels : merges ? [...kept, ...write.channels] : write.channels,
      customFields:
        write.customFields?.map((field) => ({ ...field, mergeTag: tagOf(field.id) })) ?? contact.customFields,
    };
  }

  it('never subscribes, never loses an opt-out or what people added by hand', () => {
    fc.assert(
      fc.property(someCase, (one) => {
        const { channels, customFields } = changesTo(RUN, one);

        expect(channels?.every((channel) => (channel.subscriptionState as string) !== 'SUBSCRIBED') ?? true).toBe(true);
        for (const { type, channelId, subscriptionState } of one.contact!.channels) {
          const isOld = type === 'SMS' && channelId === one.link!.phone;
          const after = channels?.find((channel) => channel.type === type && channel.channelId === channelId);
          if (channels === undefined || isOld) continue;
          expect(after?.subscriptionState).toBe(subscriptionState === 'UNSUBSCRIBED' ? 'UNSUBSCRIBED' : undefined);
          expect(after).toBeDefined();
        }
        if (customFields !== undefined) expect(customFields).toContainEqual({ id: BY_HAND.id, value: BY_HAND.value });
      }),
    );
  });

  it('has no more to send of sets after a PATCH; only where channels merge does the old number stay', () => {
    fc.assert(
      fc.property(someCase, fc.boolean(), (one, merges) => {
        const contact = patched(one.contact!, changesTo(RUN, one), merges);

        const again = changesTo(RUN, { ...one, contact });

        const keptOld = one.operation.phone !== PHONE && contact.channels.some((channel) => isSms(channel, PHONE));
        if (!merges) expect(keptOld).toBe(false);
        if (!keptOld) expect(again).not.toHaveProperty('channels');
        expect(again).not.toHaveProperty('customFields');
      }),
    );
  });
});

describe('isEmptyWrite', () => {
  it.each<[ContactWrite, boolean]>([
    [{ native: {} }, true],
    [{ native: { note: '' } }, false],
    [{ native: {}, channels: [] }, false],
    [{ native: {}, customFields: [] }, false],
  ])('%j: %j', (write, isEmpty) => {
    expect(isEmptyWrite(write)).toBe(isEmpty);
  });
});

describe('hasUnwritableChannel', () => {
  it.each([
    ['SMS', false],
    ['WHATSAPP', false],
    ['EMAIL', true],
    ['FACEBOOK', true],
  ])('%s: %j', (type, isUnwritable) => {
    const channels = [
      { type: 'SMS', channelId: PHONE },
      { type, channelId: FOREIGN_PHONE },
    ];

    expect(hasUnwritableChannel(aContact({ channels }))).toBe(isUnwritable);
  });
});

describe('writableChannels', () => {
  it('keeps opt-outs, drops subscriptions and what cannot be written', () => {
    const channels = [
      { type: 'SMS', channelId: PHONE, subscriptionState: 'SUBSCRIBED' },
      { type: 'WHATSAPP', channelId: PHONE, subscriptionState: 'UNSUBSCRIBED' },
      { type: 'EMAIL', channelId: 'ada@example.com' },
    ] as const;

    expect(writableChannels(aContact({ channels }))).toEqual([
      { type: 'SMS', channelId: PHONE },
      { type: 'WHATSAPP', channelId: PHONE, subscriptionState: 'UNSUBSCRIBED' },
    ]);
  });
});

describe('isApplied', () => {
  const update = anOperation({
    phone: PHONE,
    fields: setting(['phone', PHONE], ['firstName', 'Ada']),
    lists: { add: [aList('Sales'), aList('Legal')], remove: [aList('Support')] },
  });
  const removal = (action: 'remove-from-lists' | 'unsubscribe' | 'delete' | 'keep'): Operation =>
    anOperation({ kind: 'remove', cause: 'disabled', action });
  const left = (action: 'remove-from-lists' | 'unsubscribe' | 'keep', lists: Link['lists'] = {}): Link =>
    aLink({ lists, left: { ...LEFT, action } });

  it.each<[string, Operation, Link | undefined, boolean]>([
    ['link as wanted', update, aLink(), true],
    ['no link', update, undefined, false],
    ['leaver', update, aLink({ left: LEFT }), false],
    ['other number', update, aLink({ phone: NEW_PHONE }), false],
    ['other value', update, aLink({ fields: { firstName: 'Grace' } }), false],
    ['list not joined', update, aLink({ lists: {} }), false],
    ['former list of the same name', update, aLink({ lists: { sales: { id: 'list-9', name: 'Sales' } } }), false],
    [
      'list not left',
      update,
      aLink({ lists: { ...aLink().lists, support: { id: 'list-2', name: 'Support' } } }),
      false,
    ],
    ['doubt', { ...update, doubt: true }, aLink(), false],
    ['left as planned', removal('remove-from-lists'), left('remove-from-lists'), true],
    ['left by another action', removal('unsubscribe'), left('remove-from-lists'), false],
    ['left, yet on a list', removal('remove-from-lists'), left('remove-from-lists', aLink().lists), false],
    ['kept on the lists', removal('keep'), left('keep', aLink().lists), true],
    ['not left', removal('remove-from-lists'), aLink({ lists: {} }), false],
    ['deleted', removal('delete'), undefined, true],
    ['not deleted', removal('delete'), aLink(), false],
    ['gone instead of left', removal('unsubscribe'), undefined, false],
  ])('%s', (_name, operation, link, expected) => {
    expect(isApplied(RUN, operation, link)).toBe(expected);
  });

  it('compares native and custom values alike', () => {
    const fields = Object.fromEntries([...NATIVE_FIELDS, 'custom:email'].map((field) => [field, 'x']));

    for (const field of Object.keys(fields)) {
      const operation = anOperation({ phone: PHONE, fields: setting([field, 'x']) });
      expect(isApplied(RUN, operation, aLink({ fields }))).toBe(true);
      expect(isApplied(RUN, operation, aLink({ fields: { ...fields, [field]: 'y' } }))).toBe(false);
    }
  });
});
