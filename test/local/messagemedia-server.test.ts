import type { MessageMedia } from '../../local/messagemedia/server.ts';
import { aNumber, CONTACTS, CREDENTIALS, LISTS, sms, startAccount, UNKNOWN_ID } from './messagemedia-calls.ts';
import type { Client } from './messagemedia-calls.ts';

const OTHER = { apiKey: 'other-key', apiSecret: 'other-secret' };
const BLACKLIST = '/v1/number_authorisation/mt/blacklist';

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

describe('credentials', () => {
  it.each([
    ['an unknown key', OTHER],
    ['a wrong secret', { ...CREDENTIALS, apiSecret: 'wrong' }],
  ])('are refused with 401 and no body: %s', async (_, credentials) => {
    const answer = await client.call('GET', CONTACTS, { credentials });

    expect(answer).toEqual({ status: 401, body: undefined });
    simulator.account.assertNoViolations();
  });

  it('are refused with 403 and a message by the number calls', async () => {
    const answer = await client.call('GET', BLACKLIST, { credentials: OTHER });

    expect(answer).toEqual({ status: 403, body: { message: 'Invalid authentication credentials' } });
  });

  it('have no effect on the account when they are refused', async () => {
    await client.call('POST', CONTACTS, { credentials: OTHER, json: { channels: [sms(aNumber(1))] } });

    expect(simulator.account.snapshot().contacts).toEqual([]);
  });

  it('can be rotated, with an overlap or without', async () => {
    simulator.account.addCredentials(OTHER);
    const overlap = [await client.call('GET', CONTACTS), await client.call('GET', CONTACTS, { credentials: OTHER })];
    simulator.account.rotateCredentials(OTHER);
    const after = [await client.call('GET', CONTACTS), await client.call('GET', CONTACTS, { credentials: OTHER })];

    expect(overlap.map(({ status }) => status)).toEqual([200, 200]);
    expect(after.map(({ status }) => status)).toEqual([401, 200]);
  });
});

describe('violations', () => {
  it('are recorded with their place and answered 400, without any effect', async () => {
    const json = { channels: [sms(aNumber(1))], email: 'ada@example.com' };

    const answer = await client.call('POST', CONTACTS, { json });

    expect(answer).toMatchObject({ status: 400, body: { type: 'validation', invalidFields: [{ name: 'body' }] } });
    expect(simulator.account.violations).toEqual([
      { side: 'request', method: 'POST', path: CONTACTS, where: 'body', what: 'email is not documented' },
    ]);
    expect(simulator.account.snapshot().contacts).toEqual([]);
  });

  it('are answered as unreadable when the body is not JSON', async () => {
    const answer = await client.call('POST', CONTACTS, { raw: '{"channels":' });

    expect(answer).toMatchObject({ status: 400, body: { type: 'message_not_readable' } });
  });

  it.each([
    ['an unknown path', 'GET', '/api/v2/contacts'],
    ['an unknown method', 'PUT', `${CONTACTS}/${UNKNOWN_ID}`],
    ['a bad request where no 400 is documented', 'GET', `${BLACKLIST}?size=5`],
    [
      'a call that is documented, but not simulated',
      'GET',
      '/v1/iam/signature_keys/7ca628a8-08b0-4e42-aeb8-960b37049c31',
    ],
  ] as const)('are answered 501: %s', async (_, method, target) => {
    const answer = await client.call(method, target);

    expect(answer).toEqual({ status: 501, body: undefined });
    expect(simulator.account.violations).toHaveLength(1);
  });

  it('are recorded for refused credentials too', async () => {
    await client.call('GET', `${CONTACTS}?pageSize=5000`, { credentials: OTHER });

    expect(simulator.account.violations).toMatchObject([{ where: 'query/pageSize' }]);
  });

  it('include an address longer than 8 KiB, but not 200 ids in one', async () => {
    const ids = (count: number) => Array<string>(count).fill(`contactIds=${UNKNOWN_ID}`).join('&');

    const short = await client.call('GET', `${CONTACTS}?${ids(150)}`);
    const long = await client.call('GET', `${CONTACTS}?${ids(200)}`);

    expect([short.status, long.status]).toEqual([200, 414]);
    expect(simulator.account.violations).toMatchObject([{ where: 'path' }]);
  });

  it('of an answer become a 500', async () => {
    simulator.account.seedContact({ number: aNumber(1), dateOfBirth: 'yesterday' });

    const answer = await client.call('GET', CONTACTS);

    expect(answer).toMatchObject({ status: 500, body: { type: 'internal_server_error' } });
    expect(simulator.account.violations).toMatchObject([
      { side: 'answer', status: 200, where: 'body/content/0/dateOfBirth' },
    ]);
  });
});

describe('assertNoViolations', () => {
  it('throws with every violation of the test', async () => {
    await client.call('GET', '/nowhere');
    simulator.account.seedContact({ number: aNumber(1), dateOfBirth: 'yesterday' });
    await client.call('GET', CONTACTS);

    const act = () => simulator.account.assertNoViolations();

    expect(act).toThrow('2 violation(s)');
    expect(act).toThrow('request GET /nowhere: path GET /nowhere is not documented');
    expect(act).toThrow(`answer GET ${CONTACTS} → 200: body/content/0/dateOfBirth must match format "date"`);
  });
});

describe('injected faults', () => {
  it.each([
    [400, { type: 'validation', invalidFields: [] }],
    [404, { type: 'not_found' }],
    [409, { type: 'conflict' }],
    [500, { type: 'internal_server_error' }],
  ])('%d has the documented body', async (status, body) => {
    simulator.faults.add({ times: 1, do: { status } });

    const answer = await client.call('GET', LISTS);

    expect(answer).toMatchObject({ status, body });
  });

  it.each([403, 429, 501, 502, 503, 504])('%d has no body', async (status) => {
    simulator.faults.add({ times: 1, do: { status } });

    const answer = await client.call('GET', LISTS);

    expect(answer).toEqual({ status, body: undefined });
  });

  it('keep what was written when the answer is lost', async () => {
    simulator.faults.add({ times: 1, do: 'dropAfterCommit' });

    const act = client.call('POST', CONTACTS, { json: { channels: [sms(aNumber(1))] } });

    await expect(act).rejects.toThrow();
    expect(simulator.account.contactsWith(aNumber(1))).toHaveLength(1);
  });
});
