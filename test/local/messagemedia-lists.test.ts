import type { MessageMedia, MessageMediaOptions } from '../../local/messagemedia/server.ts';
import { aNumber, column, LISTS, startAccount, textOf, UNKNOWN_ID } from './messagemedia-calls.ts';
import type { Client } from './messagemedia-calls.ts';

let simulator: MessageMedia;
let client: Client;

async function start(options: Partial<MessageMediaOptions> = {}): Promise<void> {
  ({ simulator, client } = await startAccount(options));
}

function membersOf(name: string): readonly string[] {
  return simulator.account.snapshot().lists.find((list) => list.name === name)?.contactIds ?? [];
}

afterEach(async () => {
  await client.close();
  await simulator.close();
  expect(simulator.failures).toEqual([]);
  simulator.account.assertNoViolations();
});

describe('contact lists', () => {
  beforeEach(() => start());

  it('are created, read, renamed and deleted', async () => {
    const created = await client.call('POST', LISTS, { json: { name: 'Sales', alias: 'sales' } });
    const target = `${LISTS}/${textOf(created, 'id')}`;
    const renamed = await client.call('PATCH', target, { json: { name: 'Sales team' } });
    const read = await client.call('GET', target);
    const deleted = await client.call('DELETE', target);

    expect(created).toMatchObject({ status: 201, body: { name: 'Sales', alias: 'sales' } });
    expect(renamed).toMatchObject({ status: 200, body: { name: 'Sales team', alias: 'sales' } });
    expect(read.body).toEqual(renamed.body);
    expect(deleted).toEqual({ status: 204, body: undefined });
    expect(simulator.account.snapshot().lists).toEqual([]);
  });

  it.each(['GET', 'PATCH', 'DELETE'] as const)('answer 404 to %s of one that is gone', async (method) => {
    const json = method === 'PATCH' ? { name: 'Sales' } : undefined;

    const answer = await client.call(method, `${LISTS}/${UNKNOWN_ID}`, { json });

    expect(answer).toMatchObject({ status: 404, body: { type: 'not_found' } });
  });

  it('have unique names, case aside', async () => {
    simulator.account.seedList('Sales');
    const support = simulator.account.seedList('Support');

    const created = await client.call('POST', LISTS, { json: { name: 'SALES' } });
    const renamed = await client.call('PATCH', `${LISTS}/${support.id}`, { json: { name: 'sales' } });
    const same = await client.call('PATCH', `${LISTS}/${support.id}`, { json: { name: 'support' } });

    expect([created.status, renamed.status, same.status]).toEqual([409, 409, 200]);
  });

  it('need a name', async () => {
    const answer = await client.call('POST', LISTS, { json: { name: ' ' } });

    expect(answer).toMatchObject({
      status: 400,
      body: { invalidFields: [{ name: 'name', code: 'must_not_be_empty' }] },
    });
  });

  it('are found by name, alias and id, and paged', async () => {
    const sales = simulator.account.seedList('Sales', 'one');
    const support = simulator.account.seedList('Support', 'two');

    const byName = await client.call('GET', `${LISTS}?name=sales`);
    const byAlias = await client.call('GET', `${LISTS}?alias=two`);
    const byId = await client.call('GET', `${LISTS}?listIds=${sales.id}&listIds=${support.id}&pageSize=1`);

    expect(column(byName, 'id')).toEqual([sales.id]);
    expect(column(byAlias, 'id')).toEqual([support.id]);
    expect(column(byId, 'id')).toEqual([sales.id]);
    expect(byId.body).toMatchObject({ totalElements: 2, nextPageToken: expect.any(String) });
  });

  it('leave their members in the account when they are deleted', async () => {
    const { lists } = simulator.account.seedContact({ number: aNumber(1), lists: ['Sales'] });

    await client.call('DELETE', `${LISTS}/${lists[0]?.id}`);

    expect(simulator.account.snapshot().contacts).toMatchObject([{ lists: [] }]);
  });
});

describe('contact lists whose names need not be unique', () => {
  beforeEach(() => start({ uniqueListNames: false }));

  it('accept a name twice', async () => {
    simulator.account.seedList('Sales');

    const answer = await client.call('POST', LISTS, { json: { name: 'Sales' } });

    expect(answer.status).toBe(201);
  });
});

describe('modifyContactsInContactList', () => {
  beforeEach(() => start());

  it('adds and removes at once; a repeat changes nothing', async () => {
    const ada = simulator.account.seedContact({ number: aNumber(1) });
    const ben = simulator.account.seedContact({ number: aNumber(2), lists: ['Sales'] });
    const target = `${LISTS}/${ben.lists[0]?.id}/contacts`;
    const json = { contactsToAddIds: [ada.id], contactsToRemoveIds: [ben.id] };

    const first = await client.call('PATCH', target, { json });
    const second = await client.call('PATCH', target, { json });

    expect([first.status, second.status]).toEqual([200, 200]);
    expect(membersOf('Sales')).toEqual([ada.id]);
    expect(simulator.account.contactsWith(aNumber(2))).toMatchObject([{ lists: [] }]);
  });

  it.each(['contactsToAddIds', 'contactsToRemoveIds'])(
    'refuses the whole call for one unknown id in %s',
    async (name) => {
      const ada = simulator.account.seedContact({ number: aNumber(1) });
      const list = simulator.account.seedList('Sales');
      const json = { contactsToAddIds: [ada.id], [name]: [ada.id, UNKNOWN_ID] };

      const answer = await client.call('PATCH', `${LISTS}/${list.id}/contacts`, { json });

      const problem = { name, code: 'invalid_reference', invalidIds: [UNKNOWN_ID] };
      expect(answer.status).toBe(400);
      expect(answer.body?.['invalidFields']).toContainEqual(expect.objectContaining(problem));
      expect(membersOf('Sales')).toEqual([]);
    },
  );

  it('refuses to add and remove the same contact', async () => {
    const { id } = simulator.account.seedContact({ number: aNumber(1) });
    const list = simulator.account.seedList('Sales');
    const json = { contactsToAddIds: [id], contactsToRemoveIds: [id] };

    const answer = await client.call('PATCH', `${LISTS}/${list.id}/contacts`, { json });

    expect(answer).toMatchObject({ status: 400, body: { invalidFields: [{ code: 'incorrect_operation' }] } });
  });

  it('answers 400 for an unknown list, because no 404 is documented', async () => {
    const answer = await client.call('PATCH', `${LISTS}/${UNKNOWN_ID}/contacts`, { json: {} });

    expect(answer).toMatchObject({
      status: 400,
      body: { invalidFields: [{ name: 'listId', code: 'invalid_reference' }] },
    });
  });
});

describe('modifyContactsInContactList where bad ids are not named', () => {
  beforeEach(() => start({ namesBadIds: false }));

  it('says only that there is a bad reference', async () => {
    const list = simulator.account.seedList('Sales');

    const answer = await client.call('PATCH', `${LISTS}/${list.id}/contacts`, {
      json: { contactsToAddIds: [UNKNOWN_ID] },
    });

    const reason = expect.any(String) as string;
    expect(answer.body?.['invalidFields']).toEqual([{ name: 'contactsToAddIds', code: 'invalid_reference', reason }]);
  });
});

describe('addContactToContactList and removeContactFromContactList', () => {
  beforeEach(() => start());

  it('add one contact and remove it again, as often as they are asked to', async () => {
    const { id } = simulator.account.seedContact({ number: aNumber(1) });
    const list = simulator.account.seedList('Sales');
    const target = `${LISTS}/${list.id}/contacts/${id}`;

    const added = await client.call('POST', target);
    const addedAgain = await client.call('POST', target);
    const members = membersOf('Sales');
    const removed = await client.call('DELETE', target);
    const removedAgain = await client.call('DELETE', target);

    expect([added, addedAgain, removed, removedAgain].map(({ status }) => status)).toEqual([201, 200, 204, 204]);
    expect(members).toEqual([id]);
    expect(membersOf('Sales')).toEqual([]);
  });

  it.each(['POST', 'DELETE'] as const)('answer 400 to %s with an unknown list or contact', async (method) => {
    const { id } = simulator.account.seedContact({ number: aNumber(1) });
    const list = simulator.account.seedList('Sales');

    const noList = await client.call(method, `${LISTS}/${UNKNOWN_ID}/contacts/${id}`);
    const noContact = await client.call(method, `${LISTS}/${list.id}/contacts/${UNKNOWN_ID}`);

    expect(noList).toMatchObject({ status: 400, body: { invalidFields: [{ name: 'listId' }] } });
    expect(noContact).toMatchObject({ status: 400, body: { invalidFields: [{ name: 'contactId' }] } });
  });
});
