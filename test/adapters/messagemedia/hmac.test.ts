import type { MessageMedia } from '../../../local/messagemedia/server.ts';
import type { ContactBook } from '../../../src/core/ports.ts';
import { anImpatientClock, aScope, failureOf } from '../../support/neighbour-calls.ts';
import { aBook, anAccount, CREDENTIALS } from './account-under-test.ts';

const NUMBER = '+61491570156';
const CREATE = { native: { firstName: 'Zoë' }, channels: [{ type: 'SMS', channelId: NUMBER }] } as const;
const MINUTE_MS = 60_000;

let account: MessageMedia;
let book: ContactBook & { close(): Promise<void> };
let offMs: number;

const clockThatIsOff = () => {
  const clock = anImpatientClock();
  return { ...clock, now: () => clock.now() + offMs };
};

beforeEach(async () => {
  offMs = 0;
  account = await anAccount();
  book = aBook(account.origin, { auth: 'hmac', clock: clockThatIsOff() });
});

afterEach(async () => {
  await book.close();
  await account.close();
  account.account.assertNoViolations();
  expect(account.failures).toEqual([]);
});

describe('MESSAGEMEDIA_AUTH hmac', () => {
  it('signs calls of every kind so that they are accepted', async () => {
    const scope = aScope();
    const contact = await book.createContact(CREATE, scope);
    await book.updateContact(contact.id, { native: { lastName: 'Ng & Söhne' } }, scope);
    const list = await book.createList('Sales + Support', scope);
    await book.changeMembers(list.id, [contact.id], [], scope);

    const [found] = await book.findByNumbers([NUMBER], scope);
    await book.deleteContact(contact.id, scope);

    expect(found).toMatchObject({ id: contact.id, firstName: 'Zoë', lastName: 'Ng & Söhne' });
    expect(account.requests.filter(({ status }) => status >= 400)).toEqual([]);
  });

  it('signs again with the new secret after a rotation', async () => {
    const next = { apiKey: 'next-key', apiSecret: 'canary-next-secret' };
    const rotating = aBook(account.origin, {
      auth: 'hmac',
      credentials: (fresh) => {
        const { apiKey: key, apiSecret: secret } = fresh ? next : CREDENTIALS;
        return Promise.resolve({ key, secret });
      },
    });
    await rotating.listLists(aScope());
    account.account.rotateCredentials(next);

    await rotating.listLists(aScope());

    expect(account.requests.map(({ status }) => status)).toEqual([200, 401, 200]);
    await rotating.close();
  });

  it('names a wrong secret', async () => {
    account.account.rotateCredentials({ apiKey: CREDENTIALS.apiKey, apiSecret: 'another' });

    const error = await failureOf(book.listLists(aScope()));

    expect([error.failure, error.detail.access]).toEqual(['access-denied', 'secret-refused']);
  });

  it.each([4, -4])('is accepted with a clock that is %d minutes off', async (minutes) => {
    offMs = minutes * MINUTE_MS;

    await expect(book.listLists(aScope())).resolves.toEqual([]);
  });

  it.each([6, -6, 90])('names a clock that is %d minutes off, with the cure', async (minutes) => {
    offMs = minutes * MINUTE_MS;

    const error = await failureOf(book.listLists(aScope()));

    expect([error.failure, error.detail.access]).toEqual(['access-denied', 'clock-skew']);
    expect(error.message).toContain(`our clock is ${Math.abs(minutes)} minutes off. Set the clock`);
    expect(error.message.length).toBeLessThanOrEqual(200);
  });

  it('does not blame the clock where nothing is signed', async () => {
    offMs = 60 * MINUTE_MS;
    account.account.rotateCredentials({ apiKey: 'other', apiSecret: 'other' });
    const basic = aBook(account.origin, { clock: clockThatIsOff() });

    const error = await failureOf(basic.listLists(aScope()));

    expect(error.detail.access).toBe('secret-refused');
    await basic.close();
  });
});
