import type { MessageMedia } from '../../local/messagemedia/server.ts';
import { aNumber, CONTACTS, column, LISTS, startAccount, textOf, UNKNOWN_ID } from './messagemedia-calls.ts';
import type { Client } from './messagemedia-calls.ts';

let simulator: MessageMedia;
let client: Client;

beforeEach(async () => {
  ({ simulator, client } = await startAccount());
});

afterEach(async () => {
  await client.close();
  await simulator.close();
  expect(simulator.failures).toEqual([]);
});

describe('deleteContactById', () => {
  it('answers 204, then 404, and takes the contact off its lists', async () => {
    const { id } = simulator.account.seedContact({ number: aNumber(1), lists: ['Sales'] });

    const first = await client.call('DELETE', `${CONTACTS}/${id}`);
    const second = await client.call('DELETE', `${CONTACTS}/${id}`);

    expect([first.status, second.status]).toEqual([204, 404]);
    expect(simulator.account.snapshot()).toMatchObject({ contacts: [], lists: [{ contactIds: [] }] });
    simulator.account.assertNoViolations();
  });
});

describe('getContactById', () => {
  it('answers a contact, or 404', async () => {
    const contact = simulator.account.seedContact({ number: aNumber(1) });

    const found = await client.call('GET', `${CONTACTS}/${contact.id}`);
    const missing = await client.call('GET', `${CONTACTS}/${UNKNOWN_ID}`);

    expect(found).toEqual({ status: 200, body: contact });
    expect(missing.status).toBe(404);
    simulator.account.assertNoViolations();
  });
});

describe('getContactsPage', () => {
  async function firstNames(query: string): Promise<unknown[]> {
    const answer = await client.call('GET', `${CONTACTS}?${query}`);
    return column(answer, 'firstName');
  }

  it('filters by list, id, number, channel type and subscription, and all of them at once', async () => {
    const ada = simulator.account.seedContact({ firstName: 'Ada', number: aNumber(1), lists: ['Sales', 'Support'] });
    simulator.account.seedContact({ firstName: 'Ben', number: aNumber(2), lists: ['Support'] });
    const chat = { type: 'WHATSAPP', channelId: aNumber(3) } as const;
    const cleo = simulator.account.seedContact({ firstName: 'Cleo', channels: [chat] });
    simulator.account.optOut(aNumber(2));
    const [sales, support] = ada.lists.map((list) => list.id);
    const numbers = `channelIds=${encodeURIComponent(aNumber(2))}&channelIds=${encodeURIComponent(aNumber(3))}`;

    await expect(firstNames('')).resolves.toEqual(['Ada', 'Ben', 'Cleo']);
    await expect(firstNames(`listIds=${sales}&listIds=${support}`)).resolves.toEqual(['Ada', 'Ben']);
    await expect(firstNames(`contactIds=${cleo.id}&contactIds=${ada.id}`)).resolves.toEqual(['Ada', 'Cleo']);
    await expect(firstNames(numbers)).resolves.toEqual(['Ben', 'Cleo']);
    await expect(firstNames('channelTypes=WHATSAPP&channelTypes=GBM')).resolves.toEqual(['Cleo']);
    await expect(firstNames('channelSubscriptionState=UNSUBSCRIBED')).resolves.toEqual(['Ben']);
    await expect(firstNames(`listIds=${support}&channelSubscriptionState=SUBSCRIBED`)).resolves.toEqual(['Ada']);
    await expect(firstNames(`${numbers}&listIds=${sales}`)).resolves.toEqual([]);
    await expect(firstNames(`${numbers}&channelTypes=SMS&contactIds=${cleo.id}`)).resolves.toEqual([]);
    await expect(firstNames(`contactIds=${UNKNOWN_ID}`)).resolves.toEqual([]);
    simulator.account.assertNoViolations();
  });

  it('pages to the end, twenty at a time unless told otherwise', async () => {
    for (let index = 0; index < 45; index += 1) simulator.account.seedContact({ number: aNumber(index) });

    const first = await client.call('GET', CONTACTS);
    const second = await client.call('GET', `${CONTACTS}?nextPageToken=${textOf(first, 'nextPageToken')}`);
    const third = await client.call('GET', `${CONTACTS}?nextPageToken=${textOf(second, 'nextPageToken')}&pageSize=5`);

    expect([first, second, third].map((page) => column(page, 'id').length)).toEqual([20, 20, 5]);
    expect([first, second, third].map((page) => page.body?.['totalElements'])).toEqual([45, 45, 45]);
    expect(third.body).not.toHaveProperty('nextPageToken');
    expect(new Set([first, second, third].flatMap((page) => column(page, 'id'))).size).toBe(45);
    simulator.account.assertNoViolations();
  });

  it('shows nobody twice and misses nobody when contacts are deleted between two pages', async () => {
    const ids = [0, 1, 2, 3].map((index) => simulator.account.seedContact({ number: aNumber(index) }).id);
    const first = await client.call('GET', `${CONTACTS}?pageSize=2`);
    simulator.account.deleteContact(ids[0] ?? '');
    simulator.account.deleteContact(ids[1] ?? '');

    const second = await client.call('GET', `${CONTACTS}?pageSize=2&nextPageToken=${textOf(first, 'nextPageToken')}`);

    expect(column(second, 'id')).toEqual([ids[2], ids[3]]);
  });

  it.each([
    ['a page size of 0', 'pageSize=0'],
    ['a token that it never gave', 'nextPageToken=bm9uc2Vuc2U'],
    ['a token backwards', 'prevPageToken=bm9uc2Vuc2U'],
  ])('refuses %s', async (_, query) => {
    const answer = await client.call('GET', `${CONTACTS}?${query}`);

    expect(answer).toMatchObject({ status: 400, body: { type: 'validation' } });
  });

  it('refuses a token of other filters', async () => {
    for (let index = 0; index < 3; index += 1) simulator.account.seedContact({ number: aNumber(index) });
    const first = await client.call('GET', `${CONTACTS}?pageSize=1`);
    const token = textOf(first, 'nextPageToken');

    const answer = await client.call('GET', `${CONTACTS}?pageSize=1&channelTypes=SMS&nextPageToken=${token}`);

    expect(answer.status).toBe(400);
  });

  it('refuses more than 1000 a page as a breach of the contract', async () => {
    const answer = await client.call('GET', `${CONTACTS}?pageSize=1001`);

    expect(answer.status).toBe(400);
    expect(simulator.account.violations).toMatchObject([{ side: 'request', where: 'query/pageSize' }]);
  });

  it('shows the name of a list that was renamed by hand', async () => {
    const { lists } = simulator.account.seedContact({ number: aNumber(1), lists: ['Sales'] });
    await client.call('PATCH', `${LISTS}/${lists[0]?.id}`, { json: { name: 'Sales team' } });

    const answer = await client.call('GET', CONTACTS);

    expect(column(answer, 'lists')).toEqual([[{ id: lists[0]?.id, name: 'Sales team' }]]);
  });
});
