import type { MessageMedia } from '../../../local/messagemedia/server.ts';
import type { AccessProblem } from '../../../src/core/errors.ts';
import { aScope, failureOf } from '../../support/neighbour-calls.ts';
import { aBook, anAccount, CREDENTIALS } from './account-under-test.ts';

// An event of the log is cut off after so many characters.
const LONGEST_MESSAGE = 200;

let account: MessageMedia;

beforeEach(async () => {
  account = await anAccount();
});

afterEach(async () => {
  await account.close();
  account.account.assertNoViolations();
  expect(account.failures).toEqual([]);
});

describe('a refusal of MessageMedia', () => {
  it.each<[number, AccessProblem, string]>([
    [401, 'secret-refused', 'messagemedia-api-key'],
    [402, 'account-refused', 'plan and credit'],
    [403, 'permission-missing', 'lists and custom fields'],
  ])('with %i is %s and says what to do', async (status, access, cure) => {
    const book = aBook(account.origin);
    account.faults.add({ do: { status } });

    const errors = [
      await failureOf(book.listLists(aScope())),
      await failureOf(book.createContact({ native: { firstName: 'canary' }, channels: [] }, aScope())),
      await failureOf(book.changeMembers('a-list', ['a-contact'], [], aScope())),
    ];

    for (const error of errors) {
      expect(error.failure).toBe('access-denied');
      expect(error.detail).toMatchObject({ access, status });
      expect(error.message).toContain(cure);
      expect(error.message).toMatch(/\.$/);
      expect(error.message.length).toBeLessThanOrEqual(LONGEST_MESSAGE);
      expect(error.message).not.toContain('canary');
    }
    await book.close();
  });

  it('for a wrong pair is a refused secret, without the pair', async () => {
    const credentials = () => Promise.resolve({ key: 'canary-key', secret: 'canary-secret' });
    const book = aBook(account.origin, { credentials });

    const error = await failureOf(book.check(aScope()));

    expect(error.detail).toMatchObject({ access: 'secret-refused', status: 401 });
    expect(JSON.stringify([error, error.message])).not.toContain('canary');
    await book.close();
  });
});

describe('a pair that is rotated while many are at work', () => {
  it('is read anew once', async () => {
    const fresh = { apiKey: 'next-key', apiSecret: 'canary-next-secret' };
    let cached = CREDENTIALS;
    let readings = 0;
    const book = aBook(account.origin, {
      credentials: async (isFresh) => {
        if (isFresh) {
          readings += 1;
          await new Promise((resolve) => setTimeout(resolve, 20));
          cached = fresh;
        }
        return { key: cached.apiKey, secret: cached.apiSecret };
      },
    });
    await book.listLists(aScope());
    account.account.rotateCredentials(fresh);
    // One refusal is late: by then the others have the new pair.
    account.faults.add({ nth: 3, do: { delay: 200 } });

    await Promise.all(Array.from({ length: 24 }, () => book.listLists(aScope())));

    expect(readings).toBe(1);
    await book.close();
  });
});
