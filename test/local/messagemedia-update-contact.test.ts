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

describe('updateContact', () => {
  let now = 0;

  beforeEach(() => {
    now = Date.UTC(2026, 0, 1);
    return start({ now: () => now });
  });

  it('changes what is sent, clears what is sent empty and leaves the rest', async () => {
    const seed = { number: aNumber(1), firstName: 'Ada', note: 'VIP', customFields: { floor: '3' }, lists: ['Sales'] };
    const before = simulator.account.seedContact(seed);
    now += 1000;

    const answer = await client.call('PATCH', `${CONTACTS}/${before.id}`, { json: { lastName: 'Example', note: '' } });

    const changes = {
      lastName: 'Example',
      fullName: 'Ada Example',
      note: '',
      lastModifiedDate: '2026-01-01T00:00:01.000Z',
    };
    expect(answer).toEqual({ status: 200, body: { ...before, ...changes } });
    simulator.account.assertNoViolations();
  });

  it('answers 404 for a contact that is gone', async () => {
    const answer = await client.call('PATCH', `${CONTACTS}/${UNKNOWN_ID}`, { json: { note: 'x' } });

    expect(answer).toMatchObject({ status: 404, body: { type: 'not_found' } });
    simulator.account.assertNoViolations();
  });

  it('refuses an empty date of birth as a breach of the contract', async () => {
    const { id } = simulator.account.seedContact({ number: aNumber(1), dateOfBirth: '1990-02-28' });

    const answer = await client.call('PATCH', `${CONTACTS}/${id}`, { json: { dateOfBirth: '' } });

    expect(answer.status).toBe(400);
    expect(() => simulator.account.assertNoViolations()).toThrow('body/dateOfBirth');
  });

  it('refuses to leave a contact without a channel', async () => {
    const { id } = simulator.account.seedContact({ number: aNumber(1) });

    const answer = await client.call('PATCH', `${CONTACTS}/${id}`, { json: { channels: [] } });

    expect(answer.status).toBe(400);
    expect(simulator.account.contactsWith(aNumber(1))).toHaveLength(1);
  });

  it('answers 409 for a number of another contact, but not for its own', async () => {
    const { id } = simulator.account.seedContact({ number: aNumber(1) });
    simulator.account.seedContact({ number: aNumber(2) });

    const own = await client.call('PATCH', `${CONTACTS}/${id}`, { json: { channels: [sms(aNumber(1))] } });
    const others = await client.call('PATCH', `${CONTACTS}/${id}`, { json: { channels: [sms(aNumber(2))] } });

    expect([own.status, others.status]).toEqual([200, 409]);
  });

  it('frees a number that a contact gives up', async () => {
    const { id } = simulator.account.seedContact({ number: aNumber(1) });

    await client.call('PATCH', `${CONTACTS}/${id}`, { json: { channels: [sms(aNumber(2))] } });
    const answer = await client.call('POST', CONTACTS, { json: { channels: [sms(aNumber(1))] } });

    expect(answer.status).toBe(201);
  });

  it('unsubscribes a number for good', async () => {
    const { id } = simulator.account.seedContact({ number: aNumber(1) });

    await client.call('PATCH', `${CONTACTS}/${id}`, { json: { channels: [sms(aNumber(1), 'UNSUBSCRIBED')] } });
    const again = await client.call('PATCH', `${CONTACTS}/${id}`, { json: { channels: [sms(aNumber(1))] } });

    expect(again.body?.['channels']).toEqual([sms(aNumber(1), 'UNSUBSCRIBED')]);
  });
});

describe('updateContact in the two modes', () => {
  const replaced = { numbers: [aNumber(2)], floor: undefined, lists: ['Support'] };
  const merged = { numbers: [aNumber(1), aNumber(2)], floor: '3', lists: ['Sales', 'Support'] };

  it.each([
    ['replaces', 'replace', replaced],
    ['merges', 'merge', merged],
  ] as const)('%s channels, custom fields and lists', async (_, mode, expected) => {
    await start({ channelsMode: mode, customFieldsMode: mode, listsMode: mode });
    const seed = { number: aNumber(1), customFields: { floor: '3', desk: 'A' }, lists: ['Sales'] };
    const { id, customFields } = simulator.account.seedContact(seed);
    const support = simulator.account.seedList('Support');
    const desk = customFields.find(({ mergeTag }) => mergeTag === 'desk')?.id;
    const json = {
      channels: [sms(aNumber(2))],
      customFields: [{ id: desk, value: 'B' }],
      lists: [{ id: support.id }],
    };

    const answer = await client.call('PATCH', `${CONTACTS}/${id}`, { json });

    expect(answer.status).toBe(200);
    const [contact] = simulator.account.snapshot().contacts;
    expect(contact?.channels.map(({ channelId }) => channelId)).toEqual(expected.numbers);
    expect(contact?.customFields.find(({ mergeTag }) => mergeTag === 'floor')?.value).toBe(expected.floor);
    expect(contact?.customFields.find(({ mergeTag }) => mergeTag === 'desk')?.value).toBe('B');
    expect(contact?.lists.map(({ name }) => name)).toEqual(expected.lists);
    simulator.account.assertNoViolations();
  });

  it('clears a custom field with an empty value when it merges', async () => {
    await start({ customFieldsMode: 'merge' });
    const { id, customFields } = simulator.account.seedContact({ number: aNumber(1), customFields: { floor: '3' } });
    const json = { customFields: [{ id: customFields[0]?.id, value: '' }] };

    const answer = await client.call('PATCH', `${CONTACTS}/${id}`, { json });

    expect(answer.body?.['customFields']).toEqual([]);
  });

  it('keeps channels of types that cannot be written', async () => {
    await start({ channelsMode: 'replace' });
    const facebook = { type: 'FACEBOOK', channelId: 'invented-page-user' } as const;
    const { id } = simulator.account.seedContact({ number: aNumber(1), channels: [facebook] });

    await client.call('PATCH', `${CONTACTS}/${id}`, { json: { channels: [sms(aNumber(2))] } });

    const [contact] = simulator.account.snapshot().contacts;
    expect(contact?.channels.map(({ type }) => type)).toEqual(['FACEBOOK', 'SMS']);
  });
});
