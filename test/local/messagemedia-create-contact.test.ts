import type { MessageMedia, MessageMediaOptions } from '../../local/messagemedia/server.ts';
import { aNumber, CONTACTS, sms, startAccount, UNKNOWN_ID } from './messagemedia-calls.ts';
import type { Client } from './messagemedia-calls.ts';

let simulator: MessageMedia;
let client: Client;

async function start(options: Partial<MessageMediaOptions> = {}): Promise<void> {
  ({ simulator, client } = await startAccount(options));
}

afterEach(async () => {
  await client.close();
  await simulator.close();
  expect(simulator.failures).toEqual([]);
});

describe('createContact', () => {
  beforeEach(() => start({ now: () => Date.UTC(2026, 0, 2) }));

  it('keeps names, lists and custom fields, and subscribes the number', async () => {
    const list = simulator.account.seedList('Sales');
    const field = simulator.account.seedField({ mergeTag: 'email', type: 'EMAIL' });

    const answer = await client.call('POST', CONTACTS, {
      json: {
        firstName: 'Ada',
        lastName: 'Example',
        dateOfBirth: '1990-02-28',
        channels: [sms(aNumber(1))],
        lists: [{ id: list.id }],
        customFields: [{ id: field.id, value: 'ada@example.com' }],
      },
    });

    expect(answer).toEqual({
      status: 201,
      body: {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        accountId: 'InventedAccount001',
        vendorId: 'InventedVendor',
        firstName: 'Ada',
        lastName: 'Example',
        fullName: 'Ada Example',
        alias: '',
        dateOfBirth: '1990-02-28',
        country: '',
        state: '',
        location: '',
        note: '',
        createdDate: '2026-01-02T00:00:00.000Z',
        lastModifiedDate: '2026-01-02T00:00:00.000Z',
        channels: [{ type: 'SMS', channelId: aNumber(1), subscriptionState: 'SUBSCRIBED' }],
        customFields: [{ id: field.id, mergeTag: 'email', type: 'EMAIL', value: 'ada@example.com' }],
        lists: [{ id: list.id, name: 'Sales' }],
      },
    });
    expect(simulator.account.snapshot().lists[0]?.contactIds).toEqual([answer.body?.['id']]);
    simulator.account.assertNoViolations();
  });

  it.each([
    ['no channel', { channels: [] }, { name: 'channels', code: 'must_not_be_empty' }],
    [
      'a number with a leading zero',
      { channels: [sms('07700900001')] },
      { code: 'invalid_format', channelType: 'PHONE' },
    ],
    ['a number with blanks', { channels: [sms('+44 7700 900001')] }, { name: 'channelId', code: 'invalid_format' }],
    ['a channel twice', { channels: [sms(aNumber(1)), sms(aNumber(1))] }, { code: 'duplicated_value' }],
    [
      'an unknown list',
      { channels: [sms(aNumber(1))], lists: [{ id: UNKNOWN_ID }] },
      { name: 'lists', code: 'invalid_reference', invalidIds: [UNKNOWN_ID] },
    ],
    [
      'an unknown custom field',
      { channels: [sms(aNumber(1))], customFields: [{ id: UNKNOWN_ID, value: 'x' }] },
      { name: 'customFields', code: 'invalid_reference', invalidIds: [UNKNOWN_ID] },
    ],
  ])('refuses %s', async (_, json, problem) => {
    const answer = await client.call('POST', CONTACTS, { json });

    expect(answer).toMatchObject({ status: 400, body: { type: 'validation', invalidFields: [problem] } });
    expect(simulator.account.snapshot().contacts).toEqual([]);
    simulator.account.assertNoViolations();
  });

  it('refuses a custom value longer than its field, and a field twice', async () => {
    const { id } = simulator.account.seedField({ mergeTag: 'floor', maxLength: 3 });
    const customFields = [
      { id, value: '123' },
      { id, value: '1234' },
    ];

    const answer = await client.call('POST', CONTACTS, { json: { channels: [sms(aNumber(1))], customFields } });

    expect(answer.status).toBe(400);
    expect(answer.body?.['invalidFields']).toEqual([
      expect.objectContaining({ name: 'customFields', code: 'invalid_length', invalidIds: [id] }),
      expect.objectContaining({ name: 'customFields', code: 'duplicated_value' }),
    ]);
  });

  it('answers 409 for a number that another contact has, on whichever channel', async () => {
    simulator.account.seedContact({ number: aNumber(1) });

    const channels = [{ type: 'WHATSAPP', channelId: aNumber(1) }];
    const answer = await client.call('POST', CONTACTS, { json: { channels } });

    expect(answer).toMatchObject({ status: 409, body: { type: 'conflict' } });
    simulator.account.assertNoViolations();
  });

  it('remembers an opt-out after the contact is deleted', async () => {
    const { id } = simulator.account.seedContact({ number: aNumber(1) });
    simulator.account.optOut(aNumber(1));
    await client.call('DELETE', `${CONTACTS}/${id}`);

    const answer = await client.call('POST', CONTACTS, { json: { channels: [sms(aNumber(1))] } });

    expect(answer.body?.['channels']).toEqual([sms(aNumber(1), 'UNSUBSCRIBED')]);
    expect(simulator.account.subscribedWrites).toEqual([]);
  });

  it('subscribes an opted-out number when it is told to, and records who asked', async () => {
    simulator.account.optOut(aNumber(1));

    const answer = await client.call('POST', CONTACTS, { json: { channels: [sms(aNumber(1), 'SUBSCRIBED')] } });

    expect(answer.body?.['channels']).toEqual([sms(aNumber(1), 'SUBSCRIBED')]);
    expect(simulator.account.subscribedWrites).toEqual([{ method: 'POST', path: CONTACTS, channelId: aNumber(1) }]);
  });

  it('records the asking to subscribe even when it is refused', async () => {
    await client.call('POST', CONTACTS, { json: { channels: [sms('0', 'SUBSCRIBED')] } });

    expect(simulator.account.subscribedWrites).toHaveLength(1);
  });
});

describe('createContact where numbers need not be unique', () => {
  beforeEach(() => start({ uniqueNumbers: false }));

  it('accepts a number twice', async () => {
    simulator.account.seedContact({ number: aNumber(1) });

    const answer = await client.call('POST', CONTACTS, { json: { channels: [sms(aNumber(1))] } });

    expect(answer.status).toBe(201);
    expect(simulator.account.contactsWith(aNumber(1))).toHaveLength(2);
  });
});
