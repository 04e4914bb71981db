import {
  claimRow,
  fetchClaims,
  fetchPeople,
  knownPeople,
  listKeysOf,
  pendingRow,
  personKey,
  personRow,
  scanPending,
  scanPeople,
  toPersonRow,
} from '../../../src/core/run/person-rows.ts';
import type { Row, StoredRow } from '../../../src/core/ports.ts';
import { aPerson } from '../../support/people.ts';
import { aLink, aPending, RUN_START } from '../../support/plan.ts';
import { anEngine, type TestEngine } from '../../support/run.ts';

const INTENT = { runId: 'run-1', at: RUN_START };
const ada = aPerson({}, { id: 'ada' });
const bob = aPerson({}, { id: 'bob' });

async function put(engine: TestEngine, ...rows: readonly Row[]): Promise<void> {
  await engine.tables.people.write(
    'default',
    rows.map((row) => ({ kind: 'put', row })),
  );
}

function stored(row: Row): StoredRow {
  return { key: row.key, etag: 'etag-1', facets: row.facets ?? {}, body: row.body };
}

describe('personRow', () => {
  it.each([
    ['nobody’s contact', undefined, { linked: false, left: false, lists: '' }],
    ['a contact', aLink(), { linked: true, left: false, lists: 'sales' }],
    ['a contact on no list', aLink({ lists: {} }), { linked: true, left: false, lists: '' }],
    [
      'the contact of a leaver',
      aLink({ left: { cause: 'disabled', action: 'keep', at: RUN_START } }),
      { linked: true, left: true, lists: 'sales' },
    ],
  ])('shows %s without its body', (_name, link, facets) => {
    const row = personRow(ada, link);

    expect(row).toMatchObject({ key: 'person:ada', facets });
    expect(toPersonRow(stored(row))).toEqual({ person: ada, etag: 'etag-1', ...(link === undefined ? {} : { link }) });
  });
});

describe('listKeysOf', () => {
  it('reads the lists back, whatever blanks and commas they have in their names', () => {
    const lists = { 'head office, sydney': { id: '1', name: 'x' }, sales: { id: '2', name: 'y' } };

    expect(listKeysOf(stored(personRow(ada, aLink({ lists }))))).toEqual(['head office, sydney', 'sales']);
  });

  it.each<[string, Row]>([
    ['a person without lists', personRow(ada, undefined)],
    ['a row without facets', { key: 'person:ada' }],
  ])('is empty for %s', (_name, row) => {
    expect(listKeysOf(stored(row))).toEqual([]);
  });
});

describe('pendingRow', () => {
  const decision = { operationHash: 'hash-1', runId: 'run-1', at: RUN_START };

  it.each([
    ['what nobody decided', {}, { due: 0, approved: false, decided: false }],
    ['when it is due', { dueAt: 7 }, { due: 7, approved: false, decided: false }],
    [
      'an approval',
      { decision: { ...decision, kind: 'approved' as const } },
      { due: 0, approved: true, decided: true },
    ],
    [
      'a rejection',
      { decision: { ...decision, kind: 'rejected' as const } },
      { due: 0, approved: false, decided: true },
    ],
  ])('shows %s without its body', (_name, changes, facets) => {
    const pending = aPending({ personId: 'ada', ...changes });

    expect(pendingRow(pending)).toEqual({
      key: 'pending:ada',
      facets: { outcome: 'held', reason: 'held-removal', removal: true, ...facets },
      body: pending,
    });
  });
});

describe('the rows of people', () => {
  async function twoPeople(): Promise<TestEngine> {
    const engine = anEngine();
    const pending = [aPending({ personId: 'bob' }), aPending({ personId: 'cleo' })];
    await put(engine, personRow(ada, aLink()), personRow(bob, undefined), ...pending.map(pendingRow));
    await put(engine, claimRow('key-1', { personId: 'ada', intent: INTENT }));
    await put(engine, { key: personKey.contact('contact-1'), facets: { person: 'ada' } });
    return engine;
  }

  it('know everybody who has a row or something pending, once', async () => {
    expect([...(await knownPeople(await twoPeople()))].toSorted()).toEqual(['ada', 'bob', 'cleo']);
  });

  it('are found by scanning and by id', async () => {
    const engine = await twoPeople();

    const scanned = await scanPeople(engine);
    const fetched = await fetchPeople(engine, ['bob', 'ada', 'nobody']);

    expect([...scanned.keys()]).toEqual(['ada', 'bob']);
    expect(scanned.get('ada')).toMatchObject({ person: ada, link: aLink() });
    expect(fetched).toEqual(scanned);
  });

  it('tell who has a number, and with which version of the row', async () => {
    const engine = await twoPeople();

    const claims = await fetchClaims(engine, ['key-1', 'key-2']);

    expect([...claims]).toEqual([['key-1', { personId: 'ada', intent: INTENT, etag: expect.any(String) as string }]]);
  });

  it('tell what is pending, by person', async () => {
    const pending = await scanPending(await twoPeople());

    expect([...pending.keys()]).toEqual(['bob', 'cleo']);
    expect(pending.get('bob')).toEqual({ pending: aPending({ personId: 'bob' }), etag: expect.any(String) as string });
  });
});
