import type { Tables } from '../../../src/core/ports.ts';
import { onPaper } from '../../../src/core/run/explain-paper.ts';
import { createMemoryTables } from '../../support/memory-tables.ts';

const P = 'partition';

async function somePaper(): Promise<{ stored: ReturnType<typeof createMemoryTables>; paper: Tables }> {
  const stored = createMemoryTables({});
  await stored.people.write(P, [
    { kind: 'insert', row: { key: 'a', facets: { n: 1 }, body: 'stored a' } },
    { kind: 'insert', row: { key: 'b', body: 'stored b' } },
    { kind: 'insert', row: { key: 'c', body: 'stored c' } },
  ]);
  return { stored, paper: onPaper(stored) };
}

async function keysIn(tables: Tables, prefix = '', options = {}): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const rows of tables.people.scan(P, prefix, options)) keys.push(...rows.map(({ key }) => key));
  return keys;
}

describe('onPaper', () => {
  it('shows what is stored as long as nothing else is written', async () => {
    const { paper } = await somePaper();

    expect((await paper.people.get(P, 'a'))?.body).toBe('stored a');
    expect([...(await paper.people.getMany(P, ['a', 'c', 'x'])).keys()]).toEqual(['a', 'c']);
    expect(await keysIn(paper)).toEqual(['a', 'b', 'c']);
  });

  it('keeps what is written to itself', async () => {
    const { stored, paper } = await somePaper();
    const before = JSON.stringify(stored.rows('people'));
    const { etag } = (await paper.people.get(P, 'a'))!;

    const etags = await paper.people.write(P, [
      { kind: 'replace', row: { key: 'a', body: 'paper a' }, etag },
      { kind: 'delete', key: 'b' },
      { kind: 'insert', row: { key: 'aa', facets: { n: 2 }, body: 'paper aa' } },
      { kind: 'put', row: { key: 'd' } },
    ]);

    expect(JSON.stringify(stored.rows('people'))).toBe(before);
    expect(etags.map((one) => one === '')).toEqual([false, true, false, false]);
    expect((await paper.people.get(P, 'a'))?.body).toBe('paper a');
    expect(await paper.people.get(P, 'b')).toBeUndefined();
    expect(await paper.people.get(P, 'aa')).toMatchObject({ facets: { n: 2 }, body: 'paper aa', etag: etags[2] });
    expect(await keysIn(paper)).toEqual(['a', 'aa', 'c', 'd']);
    expect(await keysIn(paper, 'a')).toEqual(['a', 'aa']);
    expect(await keysIn(paper, '', { after: 'a' })).toEqual(['aa', 'c', 'd']);
  });

  it('keeps partitions and tables apart', async () => {
    const { paper } = await somePaper();

    await paper.people.write('another', [{ kind: 'insert', row: { key: 'a', body: 'paper' } }]);

    expect((await paper.people.get(P, 'a'))?.body).toBe('stored a');
    expect(await paper.state.get('another', 'a')).toBeUndefined();
  });

  it.each([
    ['inserts over a stored row', { kind: 'insert', row: { key: 'a' } }],
    ['replaces a row that has changed', { kind: 'replace', row: { key: 'a' }, etag: 'old' }],
    ['replaces a row that is not there', { kind: 'replace', row: { key: 'x' }, etag: 'old' }],
    ['deletes a row that has changed', { kind: 'delete', key: 'a', etag: 'old' }],
  ] as const)('refuses a write that %s, as a whole', async (_what, change) => {
    const { paper } = await somePaper();

    const writing = paper.people.write(P, [{ kind: 'put', row: { key: 'new' } }, change]);

    await expect(writing).rejects.toMatchObject({
      name: 'RowConflict',
      key: change.kind === 'delete' ? 'a' : change.row.key,
    });
    expect(await paper.people.get(P, 'new')).toBeUndefined();
  });

  it('takes the deletion of a row that is not there for done', async () => {
    const { paper } = await somePaper();

    await expect(paper.people.write(P, [{ kind: 'delete', key: 'x', etag: 'any' }])).resolves.toEqual(['']);
  });
});
