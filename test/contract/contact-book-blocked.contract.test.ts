import { CONTACT_BOOK_IMPLEMENTATIONS } from '../support/contact-book-implementations.ts';
import type { ContactBookImplementation } from '../support/contact-book-implementations.ts';
import { allOf, aScope, failureOf } from '../support/neighbour-calls.ts';
import type { CountingScope } from '../support/neighbour-calls.ts';
import { mobile } from '../support/story-people.ts';

describe.each(CONTACT_BOOK_IMPLEMENTATIONS)('ContactBook.blockedNumbers %s', (_name, start) => {
  let here: ContactBookImplementation;
  let scope: CountingScope;

  beforeEach(async () => {
    here = await start({});
    scope = aScope();
  });

  afterEach(async () => {
    await here.stop();
    expect(here.violations()).toEqual([]);
  });

  const block = (count: number): void => {
    for (let n = 0; n < count; n += 1) here.account.blockNumber(mobile(n));
  };

  it('answers one empty page for an account that blocks nobody', async () => {
    expect(await allOf(here.book.blockedNumbers({}, scope))).toEqual([{ numbers: [] }]);
    expect([scope.attempts, here.calls()]).toEqual([1, 1]);
  });

  it('shows every number once, a call a page', async () => {
    block(250);

    const pages = await allOf(here.book.blockedNumbers({}, scope));

    expect(pages.map(({ numbers }) => numbers.length)).toEqual([100, 100, 50]);
    expect(new Set(pages.flatMap(({ numbers }) => numbers))).toEqual(
      new Set(Array.from({ length: 250 }, (_, n) => mobile(n))),
    );
    expect([scope.attempts, here.calls()]).toEqual([3, 3]);
  });

  it('goes on from where an earlier page ended', async () => {
    block(150);
    const [first] = await allOf(here.book.blockedNumbers({}, scope));

    const rest = await allOf(here.book.blockedNumbers({ pageToken: first!.nextPageToken! }, scope));

    expect(rest.map(({ numbers }) => numbers.length)).toEqual([50]);
  });

  it('says that access was refused', async () => {
    here.revoke();

    expect(await failureOf(allOf(here.book.blockedNumbers({}, scope)))).toMatchObject({ failure: 'access-denied' });
  });
});
