import { RowConflict, type Table } from '../../src/core/ports.ts';
import {
  insert,
  keysOf,
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

  describe('write', () => {
    it('answers no etags for no changes', async () => {
      expect(await table.write(partition, [])).toEqual([]);
    });

    it('refuses to insert a row that is there', async () => {
      await table.write(partition, [insert({ key: 'row', body: 1 })]);

      const again = table.write(partition, [insert({ key: 'row', body: 2 })]);

      await expect(again).rejects.toThrow(RowConflict);
      await expect(again).rejects.toMatchObject({ key: 'row' });
      expect((await table.get(partition, 'row'))?.body).toBe(1);
    });

    it('replaces a row with a fitting etag, facets and body wholly', async () => {
      const [first = ''] = await table.write(partition, [insert({ key: 'row', facets: { a: 1 }, body: 1 })]);

      const [second] = await table.write(partition, [replace({ key: 'row', facets: { b: 2 } }, first)]);

      expect(second).not.toBe(first);
      expect(await table.get(partition, 'row')).toEqual({
        key: 'row',
        etag: second,
        facets: { b: 2 },
        body: undefined,
      });
    });

    it('refuses to replace with an etag that no longer fits', async () => {
      const [first = ''] = await table.write(partition, [insert({ key: 'row', body: 1 })]);
      await table.write(partition, [replace({ key: 'row', body: 2 }, first)]);

      await expect(table.write(partition, [replace({ key: 'row', body: 3 }, first)])).rejects.toThrow(RowConflict);

      expect((await table.get(partition, 'row'))?.body).toBe(2);
    });

    it('refuses to replace a row that is gone', async () => {
      const [etag = ''] = await table.write(partition, [insert({ key: 'row' })]);
      await table.write(partition, [remove('row')]);

      await expect(table.write(partition, [replace({ key: 'row' }, etag)])).rejects.toThrow(RowConflict);
      expect(await table.get(partition, 'row')).toBeUndefined();
    });

    it('replaces a row of any version with *, and no row that is gone', async () => {
      await table.write(partition, [insert({ key: 'row', body: 1 })]);
      await table.write(partition, [put({ key: 'row', body: 2 })]);

      const [etag] = await table.write(partition, [replace({ key: 'row', body: 3 }, '*')]);

      expect(await table.get(partition, 'row')).toMatchObject({ etag, body: 3 });
      await table.write(partition, [remove('row')]);
      const late = table.write(partition, [replace({ key: 'row', body: 4 }, '*')]);
      await expect(late).rejects.toMatchObject({ name: 'RowConflict', key: 'row' });
      expect(await table.get(partition, 'row')).toBeUndefined();
    });

    it('puts a row whether it is there or not', async () => {
      await table.write(partition, [put({ key: 'row', facets: { a: 1 }, body: 1 })]);
      const [etag] = await table.write(partition, [put({ key: 'row', body: 2 })]);

      expect(await table.get(partition, 'row')).toEqual({ key: 'row', etag, facets: {}, body: 2 });
    });

    it('deletes a row, answering an empty etag', async () => {
      await table.write(partition, [insert({ key: 'row' })]);

      expect(await table.write(partition, [remove('row')])).toEqual(['']);
      expect(await table.get(partition, 'row')).toBeUndefined();
    });

    it('counts the deletion of a missing row as done, with or without an etag', async () => {
      const [etag] = await table.write(partition, [insert({ key: 'row' })]);
      await table.write(partition, [remove('row')]);

      expect(await table.write(partition, [remove('row')])).toEqual(['']);
      expect(await table.write(partition, [remove('row', etag)])).toEqual(['']);
    });

    it('refuses to delete by an etag that no longer fits', async () => {
      const [etag = ''] = await table.write(partition, [insert({ key: 'row' })]);
      const [current] = await table.write(partition, [replace({ key: 'row' }, etag)]);

      await expect(table.write(partition, [remove('row', etag)])).rejects.toThrow(RowConflict);
      expect(await table.write(partition, [remove('row', current)])).toEqual(['']);
    });

    it.each(['a/b', 'a b', 'ä', "o'brien", '', 'a~', 'a#', 'x'.repeat(513)])('refuses the key "%s"', async (key) => {
      await expect(table.write(partition, [insert({ key })])).rejects.toThrow(RangeError);
      await expect(table.get(partition, key)).rejects.toThrow(RangeError);
      await expect(table.getMany(partition, [key])).rejects.toThrow(RangeError);
      await expect(table.get(key, 'row')).rejects.toThrow(RangeError);
      await expect(table.write(key, [insert({ key: 'row' })])).rejects.toThrow(RangeError);
    });

    it('takes every character a key can have, up to 512 of them', async () => {
      const key = 'aZ09:_.-'.repeat(64);

      await table.write(partition, [
        insert({ key }),
        insert({ key: '.' }),
        insert({ key: '..' }),
        insert({ key: '-:_' }),
      ]);

      expect((await table.getMany(partition, [key, '-:_'])).size).toBe(2);
      expect(keysOf(await scanned(table, partition, '.'))).toEqual(['.', '..']);
    });

    it('refuses a scan over an impossible prefix', async () => {
      await expect(scanned(table, partition, "' or 1 eq 1 or '")).rejects.toThrow(RangeError);
    });
  });
});
