import type { RowChange, Table } from '../../src/core/ports.ts';
import {
  insert,
  keysOf,
  numbered,
  put,
  remove,
  replace,
  scanned,
  TABLE_IMPLEMENTATIONS,
  type TableImplementation,
} from '../support/table-implementations.ts';

describe.each(TABLE_IMPLEMENTATIONS)('Table %s', (_name, start) => {
  let implementation: TableImplementation;
  let table: Table;
  let partition: string;
  let partitions = 0;

  beforeAll(async () => {
    implementation = await start();
    table = implementation.tables.people;
  }, 120_000);

  beforeEach(() => {
    partition = `partition-${++partitions}`;
  });

  afterAll(() => implementation.stop());

  describe('write of several changes', () => {
    it('applies a hundred and answers their etags in order', async () => {
      const rows = numbered(100);

      const etags = await table.write(partition, rows.map(insert));

      const stored = (await scanned(table, partition, '')).flat();
      expect(stored.map(({ key }) => key)).toEqual(rows.map(({ key }) => key));
      expect(stored.map(({ etag }) => etag)).toEqual(etags);
    });

    it('applies every kind together', async () => {
      const [replaced = '', , deleted = ''] = await table.write(
        partition,
        ['r', 'p', 'd', 'x'].map((key) => insert({ key })),
      );

      const etags = await table.write(partition, [
        remove('x'),
        insert({ key: 'i', body: 1 }),
        replace({ key: 'r', body: 2 }, replaced),
        put({ key: 'p', body: 3 }),
        remove('d', deleted),
      ]);

      expect(etags.map((etag) => etag === '')).toEqual([true, false, false, false, true]);
      const stored = (await scanned(table, partition, '')).flat();
      expect(stored.map(({ key, body }) => [key, body])).toEqual([
        ['i', 1],
        ['p', 3],
        ['r', 2],
      ]);
      expect(stored.map(({ etag }) => etag)).toEqual([etags[1], etags[3], etags[2]]);
    });

    it('refuses more than a hundred, and a key named twice', async () => {
      await expect(table.write(partition, numbered(101).map(insert))).rejects.toThrow(RangeError);
      await expect(table.write(partition, [insert({ key: 'row' }), remove('row')])).rejects.toThrow(RangeError);
    });

    it.each<[string, (etags: Readonly<Record<string, string>>) => RowChange]>([
      ['an insert of a row that is there', () => insert({ key: 'b' })],
      ['a replacement with an old etag', ({ oldB = '' }) => replace({ key: 'b', body: 9 }, oldB)],
      ['a replacement of a missing row', ({ oldB = '' }) => replace({ key: 'nobody', body: 9 }, oldB)],
      ['a replacement of whatever version of a missing row', () => replace({ key: 'nobody', body: 9 }, '*')],
      ['a deletion with an old etag', ({ oldB = '' }) => remove('b', oldB)],
    ])('applies nothing because of %s, and names its key', async (_what, offender) => {
      const [a = '', oldB = ''] = await table.write(partition, [
        insert({ key: 'a', body: 1 }),
        insert({ key: 'b', body: 1 }),
      ]);
      await table.write(partition, [put({ key: 'b', body: 2 })]);
      const change = offender({ oldB });

      const write = table.write(partition, [
        insert({ key: 'new' }),
        replace({ key: 'a', body: 9 }, a),
        change,
        put({ key: 'c' }),
      ]);

      await expect(write).rejects.toMatchObject({
        name: 'RowConflict',
        key: change.kind === 'delete' ? change.key : change.row.key,
      });
      const stored = (await scanned(table, partition, '')).flat();
      expect(stored.map(({ key, body }) => [key, body])).toEqual([
        ['a', 1],
        ['b', 2],
      ]);
    });

    it('lets transactions that all go over one row pass side by side', async () => {
      await table.write(partition, [insert({ key: 'shared' })]);

      const writes = numbered(200).map((row) => table.write(partition, [replace({ key: 'shared' }, '*'), insert(row)]));

      expect(await Promise.allSettled(writes)).toEqual(
        writes.map(() => ({ status: 'fulfilled', value: [expect.any(String), expect.any(String)] })),
      );
      expect((await scanned(table, partition, 'row-')).flat()).toHaveLength(200);
    });

    it('counts deletions of missing rows as done and applies the rest', async () => {
      const [kept = ''] = await table.write(partition, [insert({ key: 'kept' }), insert({ key: 'old' })]);

      const etags = await table.write(partition, [
        remove('gone-1'),
        insert({ key: 'new' }),
        remove('old'),
        remove('gone-2', kept),
        ...numbered(50, 'gone-many-').map(({ key }) => remove(key)),
      ]);

      expect(etags.slice(0, 4).map((etag) => etag !== '')).toEqual([false, true, false, false]);
      expect(keysOf(await scanned(table, partition, ''))).toEqual(['kept', 'new']);
    });

    it('counts a transaction of nothing but missing rows as done', async () => {
      expect(await table.write(partition, [remove('gone-1'), remove('gone-2'), remove('gone-3')])).toEqual([
        '',
        '',
        '',
      ]);
    });
  });
});
