import { readContact, readField, readList, readOwner, readPage } from '../../../src/adapters/messagemedia/answers.ts';

const FIELD = { id: 'f-1', label: 'Mail', mergeTag: 'email', type: 'EMAIL', maxLength: 255 };
const CONTACT = {
  id: 'c-1',
  accountId: 'a-1',
  vendorId: 'v-1',
  firstName: 'Ada',
  lastName: 'Example',
  alias: '',
  dateOfBirth: '1990-02-03',
  country: 'Australia',
  state: 'Victoria',
  location: 'Melbourne',
  note: 'made by hand',
  channels: [
    { channelId: '+61491570156', type: 'SMS', subscriptionState: 'UNSUBSCRIBED' },
    { channelId: 'someone', type: 'FACEBOOK' },
  ],
  customFields: [{ id: 'f-1', mergeTag: 'email', type: 'EMAIL', value: 'ada@example.com' }],
  lists: [{ id: 'l-1', name: 'Sales' }],
};

describe('readContact', () => {
  it('keeps what the engine looks at', () => {
    const { vendorId: _vendorId, customFields: _customFields, ...kept } = CONTACT;

    expect(readContact(CONTACT)).toEqual({
      ...kept,
      customFields: [{ id: 'f-1', mergeTag: 'email', value: 'ada@example.com' }],
    });
  });

  it('takes texts that are missing or null for empty ones', () => {
    const bare = { id: 'c-1', accountId: 'a-1', firstName: null, channels: [], customFields: [], lists: [] };

    expect(readContact(bare)).toMatchObject({ firstName: '', lastName: '', note: '' });
    expect(readContact(bare)).not.toHaveProperty('dateOfBirth');
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['a text', 'contact'],
    ['a list', [CONTACT]],
    ['no id', { ...CONTACT, id: undefined }],
    ['an empty id', { ...CONTACT, id: '' }],
    ['no account', { ...CONTACT, accountId: undefined }],
    ['no channels, which is not the same as none', { ...CONTACT, channels: undefined }],
    ['no custom fields', { ...CONTACT, customFields: null }],
    ['no lists', { ...CONTACT, lists: {} }],
    ['a channel without a number', { ...CONTACT, channels: [{ type: 'SMS' }] }],
    ['a channel without a type', { ...CONTACT, channels: [{ channelId: '+61491570156' }] }],
    ['a value without its field', { ...CONTACT, customFields: [{ value: 'x' }] }],
    ['a value without its merge tag', { ...CONTACT, customFields: [{ id: 'f-1', value: 'x' }] }],
    ['a list without a name', { ...CONTACT, lists: [{ id: 'l-1' }] }],
    ['a channel that is no object', { ...CONTACT, channels: [7] }],
    ['a value that is no object', { ...CONTACT, customFields: ['x'] }],
  ])('does not take %s for a contact', (_what, json) => {
    expect(readContact(json)).toBeUndefined();
  });
});

describe('readList', () => {
  it.each<[unknown]>([[undefined], [{ name: 'Sales' }], [{ id: 'l-1', name: 7 }]])('does not believe %j', (json) => {
    expect(readList(json)).toBeUndefined();
  });
});

describe('readField', () => {
  it('reads a field', () => {
    expect(readField({ ...FIELD, accountId: 'a-1' })).toEqual(FIELD);
  });

  it.each<[unknown]>([
    [undefined],
    [{ ...FIELD, id: '' }],
    [{ ...FIELD, mergeTag: undefined }],
    [{ ...FIELD, type: 'SOMETHING' }],
    [{ ...FIELD, maxLength: '255' }],
  ])('does not believe %j', (json) => {
    expect(readField(json)).toBeUndefined();
  });
});

describe('readPage', () => {
  const read = readPage(readList);

  it('reads the items and where to go on', () => {
    const page = { content: [{ id: 'l-1', name: 'Sales' }], nextPageToken: 'more', totalElements: 7 };

    expect(read(page)).toEqual({ items: page.content, nextPageToken: 'more', totalElements: 7 });
  });

  it('takes an empty token for the end', () => {
    expect(read({ content: [], nextPageToken: '' })).toEqual({ items: [] });
  });

  it.each<[unknown]>([[undefined], [[]], [{}], [{ content: {} }], [{ content: [{ id: 'l-1' }] }]])(
    'does not believe %j',
    (json) => {
      expect(read(json)).toBeUndefined();
    },
  );
});

describe('readOwner', () => {
  it.each<[unknown, unknown]>([
    [{ accountId: 'a-1', id: 'x' }, { accountId: 'a-1' }],
    [{ id: 'x' }, undefined],
    [undefined, undefined],
  ])('finds the account of %j', (json, expected) => {
    expect(readOwner(json)).toEqual(expected);
  });
});
