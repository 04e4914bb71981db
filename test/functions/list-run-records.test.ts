import type { RunRecord } from '../../src/core/run/run-row.ts';
import { RecordPage } from '../../src/functions/api-schemas.ts';
import { createListRunRecords } from '../../src/functions/list-run-records.ts';
import { call, fakeServices } from './fake-services.ts';

const RECORD: RunRecord = {
  personId: 'person-1',
  department: 'Sales',
  operation: 'update',
  outcome: 'done',
  reason: 'in-doubt',
  words: 'Changes the number and the first name.',
  fields: [
    { field: 'phone_number', before: '+61491570156', after: '+61491570006' },
    { field: 'first_name', before: 'Robin', after: 'Élodie' },
    { field: 'note', before: 'Back desk', after: '' },
    { field: 'email', after: 'elodie@example.com' },
    { field: 'phone_number', before: '+61491570157', after: '' },
  ],
  lists: { add: ['Sales'], remove: ['Support'] },
};

function recording() {
  const filters: unknown[] = [];
  const handler = createListRunRecords(
    fakeServices({
      listRecords: async (_engine, runId, filter) => {
        filters.push([runId, filter]);
        return { items: [RECORD, { ...RECORD, reason: undefined } as unknown as RunRecord], nextCursor: 'next' };
      },
    }),
  );
  return { handler, filters };
}

describe('createListRunRecords', () => {
  it('masks what people’s values are, and shows what happened to them', async () => {
    const { handler, filters } = recording();

    const answer = await call(handler, { path: '/runs/run-1/records', params: { runId: 'run-1' } });

    expect(filters).toEqual([['run-1', { limit: 100 }]]);
    const page = RecordPage.parse(answer.body);
    expect(page.nextCursor).toBe('next');
    expect(page.items[0]).toMatchObject({ personId: 'person-1', department: 'Sales', words: RECORD.words });
    expect(page.items[0]?.fields).toEqual([
      { field: 'phone_number', before: '+61 … 156', after: '+61 … 006' },
      { field: 'first_name', before: 'R…', after: 'É…' },
      { field: 'note', before: 'B…', after: '' },
      { field: 'email', after: 'e…' },
      { field: 'phone_number', before: '+61 … 157', after: '' },
    ]);
    expect(JSON.stringify(answer.body)).not.toMatch(/491570|Robin|lodie|Back/);
  });

  it('shows the values when they are asked for', async () => {
    const answer = await call(recording().handler, {
      path: '/runs/run-1/records?reveal=true',
      params: { runId: 'run-1' },
    });

    expect(RecordPage.parse(answer.body).items[0]?.fields).toEqual(RECORD.fields);
  });

  it('passes every filter on', async () => {
    const { handler, filters } = recording();

    await call(handler, {
      path: '/runs/run-1/records?outcome=held&operation=remove&department=Sales%20%26%20Co&limit=5&cursor=c%2F1',
      params: { runId: 'run-1' },
    });

    const expected = { outcome: 'held', operation: 'remove', department: 'Sales & Co', limit: 5, cursor: 'c/1' };
    expect(filters).toEqual([['run-1', expected]]);
  });

  it.each([
    ['outcome=great', 'outcome'],
    ['operation=paint', 'operation'],
    ['reveal=maybe', 'reveal'],
    ['limit=501', 'limit'],
    [`department=${'x'.repeat(257)}`, 'department'],
    [`cursor=${'x'.repeat(513)}`, 'cursor'],
    ['cursor=a%20b', 'cursor'],
    ['reveal=true&reveal=false', 'reveal'],
    [`department=${'x'.repeat(2048)}`, 'query'],
    [`${'x'.repeat(3000)}=1`, 'query'],
  ])('refuses ?%s', async (query, path) => {
    const answer = await call(recording().handler, {
      path: `/runs/run-1/records?${query}`,
      params: { runId: 'run-1' },
    });

    expect(answer.status).toBe(400);
    expect(answer.body['problems']).toEqual([expect.objectContaining({ path })]);
  });
});
