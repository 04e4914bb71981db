import type { MessageMedia } from '../../../local/messagemedia/server.ts';
import type { ContactBook } from '../../../src/core/ports.ts';
import { aScope, failureOf } from '../../support/neighbour-calls.ts';
import type { CountingScope } from '../../support/neighbour-calls.ts';
import { aBook, anAccount } from './account-under-test.ts';

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

describe('listLists', () => {
  it('follows the pages to the end', async () => {
    for (let index = 0; index < 1001; index += 1) account.account.seedList(`Team ${index}`);

    const lists = await book.listLists(scope);

    expect(lists).toHaveLength(1001);
    expect(lists[0]).toEqual({ id: expect.any(String), name: 'Team 0' });
    expect(account.requests).toHaveLength(2);
  });
});

describe('createList', () => {
  it('creates a list by name', async () => {
    const list = await book.createList('Sales', scope);

    expect(list).toEqual({ id: account.account.listNamed('Sales')?.id, name: 'Sales' });
  });

  it('says when the name is taken', async () => {
    account.account.seedList('Sales');

    expect((await failureOf(book.createList('Sales', scope))).failure).toBe('conflict');
  });
});

describe('listFields and createField', () => {
  it('reads back what was created', async () => {
    const field = { label: 'Entra object id', mergeTag: 'entra_object_id', type: 'TEXT', maxLength: 255 } as const;

    const created = await book.createField(field, scope);

    expect(created).toEqual({ id: expect.any(String), ...field });
    expect(await book.listFields(scope)).toEqual([created]);
  });
});

describe('changeMembers', () => {
  it('adds and removes', async () => {
    const leaver = account.account.seedContact({ number: NUMBER, lists: ['Sales'] });
    const joiner = account.account.seedContact({ number: ANOTHER });
    const list = account.account.listNamed('Sales');

    await book.changeMembers(list?.id ?? '', [joiner.id], [leaver.id], scope);

    expect(account.account.snapshot().lists[0]?.contactIds).toEqual([joiner.id]);
  });

  it('sends at most 1000 ids of a kind a call', async () => {
    const list = account.account.seedList('Everybody');
    const ids = Array.from({ length: 1001 }, (_, index) => account.account.seedContact({ number: numberOf(index) }).id);

    await book.changeMembers(list.id, ids, [], scope);

    expect(account.account.snapshot().lists[0]?.contactIds).toHaveLength(1001);
    expect(account.requests).toHaveLength(2);
    expect(JSON.parse(sent('PATCH')[1]?.body ?? '')).toEqual({ contactsToAddIds: [ids[1000]] });
  });

  it('sends nothing when nothing changes', async () => {
    await book.changeMembers('00000000-0000-4000-8000-000000000000', [], [], scope);

    expect(account.requests).toEqual([]);
  });

  it('names the ids that were refused', async () => {
    const list = account.account.seedList('Sales');
    const known = account.account.seedContact({ number: NUMBER });
    const unknown = '00000000-0000-4000-8000-000000000000';

    const error = await failureOf(book.changeMembers(list.id, [known.id, unknown], [], scope));

    expect(error.failure).toBe('invalid');
    expect(error.detail.invalidIds).toEqual([unknown]);
  });
});

describe('check', () => {
  it('answers the account id with one call when there is a contact', async () => {
    const { accountId } = account.account.seedContact({ number: NUMBER });

    expect(await book.check(scope)).toEqual({ accountId });
    expect(scope.attempts).toBe(1);
  });

  it('finds the account id in lists and fields too', async () => {
    const { accountId } = account.account.seedField({ mergeTag: 'entra_object_id' });

    expect(await book.check(scope)).toEqual({ accountId });
  });

  it('answers nothing when nothing names the account', async () => {
    expect(await book.check(scope)).toEqual({});
  });
});
