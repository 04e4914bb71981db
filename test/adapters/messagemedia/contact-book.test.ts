import { setTimeout as delay } from 'node:timers/promises';
import type { MessageMedia } from '../../../local/messagemedia/server.ts';
import { createContactBook } from '../../../src/adapters/messagemedia/contact-book.ts';
import type { ContactWrite } from '../../../src/core/people/contact.ts';
import type { ContactBook } from '../../../src/core/ports.ts';
import { aScope, failureOf } from '../../support/neighbour-calls.ts';
import type { CountingScope } from '../../support/neighbour-calls.ts';
import { aBook, anAccount, CREDENTIALS } from './account-under-test.ts';

const NUMBER = '+61491570156';
const ANOTHER = '+61491570157';

let account: MessageMedia;
let book: ContactBook & { close(): Promise<void> };
let scope: CountingScope;

beforeEach(async () => {
  account = await anAccount();
  book = aBook(account.origin);
  scope = aScope();
});

afterEach(async () => {
  await book.close();
  await account.close();
  account.account.assertNoViolations();
  expect(account.failures).toEqual([]);
});

function sent(method: string): readonly { readonly path: string; readonly query: string; readonly body: string }[] {
  return account.requests.filter((request) => request.method === method);
}

function numberOf(index: number): string {
  return `+4477009${String(index).padStart(5, '0')}`;
}

describe('createContactBook', () => {
  it('sends nothing before the first call', () => {
    expect(account.requests).toEqual([]);
  });

  it('keeps to the path of its base address', async () => {
    const gateway = await anAccount();
    const behindIt = aBook(`${gateway.origin}/gateway/`);

    await failureOf(behindIt.isEmpty(scope));

    expect(gateway.requests[0]?.path).toBe('/gateway/api/v1/contacts/contacts');
    await behindIt.close();
    await gateway.close();
  });

  it('can be closed before it was used', async () => {
    await expect(aBook(account.origin).close()).resolves.toBeUndefined();
  });

  it('has no more on the wire at once than it is told', async () => {
    const narrow = aBook(account.origin, { maxConcurrency: 3 });
    account.faults.add({ do: 'hang' });
    const calls = Array.from({ length: 12 }, () => failureOf(narrow.isEmpty(scope)));

    while (account.requests.length < 3) await delay(5);
    await delay(50);

    expect(account.requests).toHaveLength(3);
    expect(scope.attempts).toBe(3);
    await narrow.close();
    await Promise.all(calls);
  });

  it('waits in real time when it is given no clock', async () => {
    account.faults.add({ times: 1, do: { status: 429, retryAfter: '0.2' } });
    const patient = createContactBook({
      baseUrl: account.origin,
      credentials: () => Promise.resolve({ key: CREDENTIALS.apiKey, secret: CREDENTIALS.apiSecret }),
      maxConcurrency: 1,
    });
    const startedAt = performance.now();

    await patient.isEmpty(scope);

    expect(performance.now() - startedAt).toBeGreaterThan(150);
    await patient.close();
  });
});

describe('isEmpty', () => {
  it('is true for an account without contacts', async () => {
    expect(await book.isEmpty(scope)).toBe(true);
  });

  it('is false for an account with one', async () => {
    account.account.seedContact({ number: NUMBER });

    expect(await book.isEmpty(scope)).toBe(false);
  });
});

describe('createContact', () => {
  it('creates the contact with its channel, custom fields and lists in one call', async () => {
    const field = account.account.seedField({ mergeTag: 'entra_object_id' });
    const list = account.account.seedList('Sales');

    const created = await book.createContact(
      {
        native: { firstName: 'Ada', lastName: 'Example', note: '' },
        channels: [{ type: 'SMS', channelId: NUMBER }],
        customFields: [{ id: field.id, value: 'person-1' }],
        lists: [list.id],
      },
      scope,
    );

    expect(created).toMatchObject({
      firstName: 'Ada',
      lastName: 'Example',
      accountId: account.account.snapshot().lists[0]?.accountId,
      channels: [{ type: 'SMS', channelId: NUMBER }],
      customFields: [{ id: field.id, mergeTag: 'entra_object_id', value: 'person-1' }],
      lists: [{ id: list.id, name: 'Sales' }],
    });
    expect(account.account.contactsWith(NUMBER)).toHaveLength(1);
    expect(scope.attempts).toBe(1);
  });

  it('sends only what the contract documents', async () => {
    await book.createContact({ native: { alias: 'Countess' }, channels: [{ type: 'SMS', channelId: NUMBER }] }, scope);

    expect(JSON.parse(sent('POST')[0]?.body ?? '')).toEqual({
      alias: 'Countess',
      channels: [{ type: 'SMS', channelId: NUMBER }],
    });
  });

  it('passes an opt-out on', async () => {
    await book.createContact(
      { native: {}, channels: [{ type: 'SMS', channelId: NUMBER, subscriptionState: 'UNSUBSCRIBED' }] },
      scope,
    );

    expect(account.account.contactsWith(NUMBER)[0]?.channels[0]?.subscriptionState).toBe('UNSUBSCRIBED');
  });

  it('never subscribes, even when a caller breaks the types', async () => {
    const broken = { native: {}, channels: [{ type: 'SMS', channelId: NUMBER, subscriptionState: 'SUBSCRIBED' }] };

    const created = await book.createContact(broken as unknown as ContactWrite, scope);
    await book.updateContact(created.id, broken as unknown as ContactWrite, scope);

    expect(account.account.subscribedWrites).toEqual([]);
  });
});

describe('updateContact', () => {
  it('changes what is named and leaves the rest', async () => {
    const { id } = account.account.seedContact({ number: NUMBER, firstName: 'Ada', note: 'keep', lists: ['Sales'] });

    const updated = await book.updateContact(id, { native: { firstName: 'Grace', lastName: '' } }, scope);

    expect(updated).toMatchObject({ id, firstName: 'Grace', lastName: '', note: 'keep', lists: [{ name: 'Sales' }] });
    expect(JSON.parse(sent('PATCH')[0]?.body ?? '')).toEqual({ firstName: 'Grace', lastName: '' });
  });

  it('replaces the channels when they are named', async () => {
    const { id } = account.account.seedContact({ number: NUMBER });

    const updated = await book.updateContact(
      id,
      { native: {}, channels: [{ type: 'SMS', channelId: ANOTHER }], lists: ['never sent'] },
      scope,
    );

    expect(updated.channels).toMatchObject([{ type: 'SMS', channelId: ANOTHER }]);
    expect(JSON.parse(sent('PATCH')[0]?.body ?? '')).toEqual({ channels: [{ type: 'SMS', channelId: ANOTHER }] });
  });

  it('says when the contact is gone', async () => {
    const error = await failureOf(
      book.updateContact('00000000-0000-4000-8000-000000000000', { native: { note: 'x' } }, scope),
    );

    expect(error.failure).toBe('not-found');
  });
});

describe('deleteContact', () => {
  it('deletes, and takes a contact that is already gone for a success', async () => {
    const { id } = account.account.seedContact({ number: NUMBER });

    await book.deleteContact(id, scope);
    await book.deleteContact(id, scope);

    expect(account.account.snapshot().contacts).toEqual([]);
    expect(account.requests.map(({ status }) => status)).toEqual([204, 404]);
  });
});

describe('findByNumbers', () => {
  it('finds the contacts that have one of the numbers, once each', async () => {
    const one = account.account.seedContact({ number: NUMBER });
    const both = account.account.seedContact({
      channels: [
        { type: 'SMS', channelId: ANOTHER },
        { type: 'WHATSAPP', channelId: '+61491570158' },
      ],
    });
    account.account.seedContact({ number: '+61491570159' });

    const found = await book.findByNumbers([NUMBER, ANOTHER, '+61491570158', NUMBER], scope);

    expect(found.map(({ id }) => id).toSorted()).toEqual([one.id, both.id].toSorted());
  });

  it('asks for at most 100 numbers a call', async () => {
    const numbers = Array.from({ length: 201 }, (_, index) => numberOf(index));
    account.account.seedContact({ number: numberOf(200) });

    const found = await book.findByNumbers(numbers, scope);

    expect(found).toHaveLength(1);
    expect(account.requests).toHaveLength(3);
    expect(sent('GET')[0]?.query).toContain('channelIds=%2B447700900000&channelIds=%2B447700900001');
  });

  it('asks nothing when there is nothing to ask', async () => {
    expect(await book.findByNumbers([], scope)).toEqual([]);
    expect(account.requests).toEqual([]);
  });
});

describe('readContacts', () => {
  it('reads by id, 100 a call, and leaves unknown ids out', async () => {
    const ids = Array.from({ length: 101 }, (_, index) => account.account.seedContact({ number: numberOf(index) }).id);

    const contacts = await book.readContacts([...ids, '00000000-0000-4000-8000-000000000000'], scope);

    expect(contacts.map(({ id }) => id).toSorted()).toEqual([...ids].toSorted());
    expect(account.requests).toHaveLength(2);
  });
});
