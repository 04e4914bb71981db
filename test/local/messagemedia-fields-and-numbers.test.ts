import type { MessageMedia } from '../../local/messagemedia/server.ts';
import { aNumber, CONTACTS, column, FIELDS, startAccount, textOf, UNKNOWN_ID } from './messagemedia-calls.ts';
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
  simulator.account.assertNoViolations();
});

describe('custom fields', () => {
  const FLOOR = { label: 'Floor', mergeTag: 'floor', type: 'TEXT', maxLength: 20 };

  it('are created, read, changed and deleted with their values', async () => {
    const created = await client.call('POST', FIELDS, { json: FLOOR });
    simulator.account.seedContact({ number: aNumber(1), customFields: { floor: '3' } });
    const target = `${FIELDS}/${textOf(created, 'id')}`;
    const changed = await client.call('PATCH', target, { json: { label: 'Storey' } });
    const read = await client.call('GET', target);
    const deleted = await client.call('DELETE', target);
    const people = await client.call('GET', CONTACTS);

    expect(created).toMatchObject({ status: 201, body: FLOOR });
    expect(changed).toMatchObject({ status: 200, body: { ...FLOOR, label: 'Storey' } });
    expect(read.body).toEqual(changed.body);
    expect(deleted.status).toBe(204);
    expect(column(people, 'customFields')).toEqual([[]]);
  });

  it.each(['GET', 'PATCH', 'DELETE'] as const)('answer 404 to %s of one that is gone', async (method) => {
    const json = method === 'PATCH' ? { label: 'Floor' } : undefined;

    const answer = await client.call(method, `${FIELDS}/${UNKNOWN_ID}`, { json });

    expect(answer).toMatchObject({ status: 404, body: { type: 'not_found' } });
  });

  it('have unique merge tags', async () => {
    simulator.account.seedField({ mergeTag: 'floor' });

    const answer = await client.call('POST', FIELDS, { json: FLOOR });

    expect(answer).toMatchObject({ status: 409, body: { type: 'conflict' } });
  });

  it.each([
    ['an empty label', { ...FLOOR, label: '' }, { name: 'label', code: 'must_not_be_empty' }],
    ['no length', { ...FLOOR, maxLength: 0 }, { name: 'maxLength', code: 'constraint_violation' }],
  ])('refuse %s', async (_, json, problem) => {
    const answer = await client.call('POST', FIELDS, { json });

    expect(answer).toMatchObject({ status: 400, body: { invalidFields: [problem] } });
  });

  it('refuse an update to an empty label', async () => {
    const { id } = simulator.account.seedField({ mergeTag: 'floor' });

    const answer = await client.call('PATCH', `${FIELDS}/${id}`, { json: { label: '' } });

    expect(answer.status).toBe(400);
  });

  it('are found by merge tag, label and id', async () => {
    const floor = simulator.account.seedField({ mergeTag: 'floor', label: 'Floor' });
    const desk = simulator.account.seedField({ mergeTag: 'desk', label: 'Desk' });

    const byTag = await client.call('GET', `${FIELDS}?mergeTag=floor`);
    const byLabel = await client.call('GET', `${FIELDS}?label=Desk`);
    const byId = await client.call('GET', `${FIELDS}?customFieldIds=${desk.id}`);

    expect([byTag, byLabel, byId].map((page) => column(page, 'id'))).toEqual([[floor.id], [desk.id], [desk.id]]);
  });
});

describe('blocked numbers', () => {
  const BLACKLIST = '/v1/number_authorisation/mt/blacklist';

  it('are listed a hundred at a time, and the next page is where next_uri says', async () => {
    for (let index = 0; index < 150; index += 1) simulator.account.blockNumber(aNumber(index));

    const first = await client.call('GET', BLACKLIST);
    const page = first.body?.['pagination'] as Readonly<Record<string, string>> | undefined;
    const nextUri = page?.['next_uri'] ?? '';
    const second = await client.call('GET', nextUri);

    const numbers = Array.from({ length: 150 }, (_, index) => aNumber(index));
    expect(first.body).toMatchObject({ uri: BLACKLIST, numbers: numbers.slice(0, 100) });
    expect(second.body).toEqual({ uri: nextUri, numbers: numbers.slice(100), pagination: {} });
  });

  it('are not authorised, which an opt-out brings about', async () => {
    simulator.account.optOut(aNumber(1));
    const numbers = [aNumber(1), aNumber(2)].map(encodeURIComponent).join(',');

    const answer = await client.call('GET', `/v1/number_authorisation/is_authorised/${numbers}`);

    expect(answer.body?.['numbers']).toEqual([
      { number: aNumber(1), authorised: false },
      { number: aNumber(2), authorised: true },
    ]);
  });
});
