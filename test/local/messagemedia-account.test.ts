import type { MessageMedia } from '../../local/messagemedia/server.ts';
import { aNumber, CONTACTS, column, sms, startAccount, UNKNOWN_ID } from './messagemedia-calls.ts';
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

describe('the account', () => {
  it('is edited by hand: names, channels and lists as a whole, custom fields one by one', async () => {
    const seed = { firstName: 'Ada', number: aNumber(1), dateOfBirth: '1990-02-28', lists: ['Sales', 'Support'] };
    const { id } = simulator.account.seedContact({ ...seed, customFields: { floor: '3', desk: 'A' } });

    const change = { note: 'moved', number: aNumber(2), dateOfBirth: '', lists: ['support'] };
    const edited = simulator.account.editContact(id, { ...change, customFields: { floor: '' } });

    const read = await client.call('GET', `${CONTACTS}/${id}`);
    expect(read.body).toEqual(edited);
    expect(edited).toMatchObject({
      firstName: 'Ada',
      note: 'moved',
      channels: [{ channelId: aNumber(2) }],
      customFields: [{ mergeTag: 'desk', value: 'A' }],
      lists: [{ name: 'Support' }],
    });
    expect(edited).not.toHaveProperty('dateOfBirth');
    expect(simulator.account.contactsWith(aNumber(1))).toEqual([]);
  });

  it('loses contacts, lists and custom fields, and renames lists, by hand', async () => {
    const { id, customFields } = simulator.account.seedContact({ number: aNumber(1), customFields: { floor: '3' } });
    const sales = simulator.account.seedList('Sales');
    const support = simulator.account.seedList('Support');

    simulator.account.deleteContact(id);
    simulator.account.deleteField(customFields[0]?.id ?? '');
    simulator.account.deleteList(sales.id);
    simulator.account.renameList(support.id, 'Helpdesk');

    expect(simulator.account.snapshot()).toMatchObject({
      contacts: [],
      customFields: [],
      lists: [{ name: 'Helpdesk' }],
    });
    expect(simulator.account.listNamed('helpdesk')?.id).toBe(support.id);
    expect(simulator.account.listNamed('Sales')).toBeUndefined();
  });

  it.each([
    ['editContact', () => simulator.account.editContact(UNKNOWN_ID, {})],
    ['deleteContact', () => simulator.account.deleteContact(UNKNOWN_ID)],
    ['deleteList', () => simulator.account.deleteList(UNKNOWN_ID)],
    ['deleteField', () => simulator.account.deleteField(UNKNOWN_ID)],
    ['renameList', () => simulator.account.renameList(UNKNOWN_ID, 'Sales')],
  ])('throws from %s for an id that it does not have', (_, act) => {
    expect(act).toThrow(`has no`);
  });

  it('gives a snapshot that later changes do not touch', () => {
    const { id } = simulator.account.seedContact({ number: aNumber(1), note: 'before', lists: ['Sales'] });
    const snapshot = simulator.account.snapshot();
    const copy = structuredClone(snapshot);

    simulator.account.editContact(id, { note: 'after', number: aNumber(2), lists: [] });
    simulator.account.optOut(aNumber(2));

    expect(snapshot).toEqual(copy);
    expect(simulator.account.snapshot()).toMatchObject({
      contacts: [{ note: 'after' }],
      preferences: [sms(aNumber(2), 'UNSUBSCRIBED')],
      blockedNumbers: [aNumber(2)],
    });
  });

  it('finds a hundred numbers among twenty thousand contacts, page by page too', async () => {
    const numbers = Array.from({ length: 20_000 }, (_, index) => `+4477${String(index).padStart(8, '0')}`);
    for (const number of numbers) simulator.account.seedContact({ number });
    const wanted = numbers.slice(-100).map((number) => `channelIds=${encodeURIComponent(number)}`);

    const found = await client.call('GET', `${CONTACTS}?pageSize=1000&${wanted.join('&')}`);
    const page = await client.call('GET', `${CONTACTS}?pageSize=1000`);

    expect(column(found, 'id')).toHaveLength(100);
    expect(column(page, 'id')).toHaveLength(1000);
    expect(page.body?.['totalElements']).toBe(20_000);
    simulator.account.assertNoViolations();
  });
});
