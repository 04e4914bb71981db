import type { Row, Table } from '../../src/core/ports.ts';
import {
  insert,
  keysOf,
  numbered,
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

  describe('get', () => {
    it('answers undefined for a row that is not there', async () => {
      expect(await table.get(partition, 'nobody')).toBeUndefined();
    });

    it('answers what was written, with the etag of the write', async () => {
      const row = {
        key: 'person:1',
        facets: { state: 'linked', generation: 7, held: false },
        body: { list: ['Sales', null] },
      };

      const [etag] = await table.write(partition, [insert(row)]);

      expect(await table.get(partition, 'person:1')).toEqual({ ...row, etag });
    });

    it('answers no facets and no body where none were written', async () => {
      await table.write(partition, [insert({ key: 'bare' })]);

      expect(await table.get(partition, 'bare')).toMatchObject({ facets: {}, body: undefined });
    });

    it.each([
      ['null', null],
      ['false', false],
      ['zero', 0],
      ['an empty text', ''],
      ['a text beyond ASCII', 'Zoë 😀 Šimková\u0000\n'],
      ['nested data', { a: [{ b: [1, 2.5, -1e300, 'x'] }], c: {} }],
    ])('keeps a body that is %s', async (_what, body) => {
      await table.write(partition, [insert({ key: 'row', body })]);

      expect((await table.get(partition, 'row'))?.body).toEqual(body);
    });

    it('leaves out facets and properties that are undefined', async () => {
      const row = {
        key: 'row',
        facets: { kept: 1, dropped: undefined },
        body: { kept: 1, dropped: undefined },
      } as unknown as Row;

      await table.write(partition, [insert(row)]);

      const stored = await table.get(partition, 'row');
      expect(stored?.facets).toStrictEqual({ kept: 1 });
      expect(stored?.body).toStrictEqual({ kept: 1 });
    });

    it('does not see what the caller changes after the write', async () => {
      const body = { names: ['Ada'] };
      await table.write(partition, [insert({ key: 'row', body })]);

      body.names.push('Bob');

      expect((await table.get(partition, 'row'))?.body).toEqual({ names: ['Ada'] });
    });

    it('keeps partitions and tables apart', async () => {
      await table.write(partition, [insert({ key: 'row', body: 1 })]);

      expect(await table.get(`${partition}-other`, 'row')).toBeUndefined();
      expect(await implementation.tables.state.get(partition, 'row')).toBeUndefined();
    });
  });

  describe('getMany', () => {
    it('answers the rows that are there', async () => {
      await table.write(partition, numbered(60).map(insert));

      const rows = await table.getMany(partition, ['row-00000', 'row-00042', 'missing', 'row-00042']);

      expect([...rows.keys()].toSorted()).toEqual(['row-00000', 'row-00042']);
      expect(rows.get('row-00042')).toMatchObject({ key: 'row-00042', body: { index: 42 } });
    });

    it('answers nothing for no keys', async () => {
      expect((await table.getMany(partition, [])).size).toBe(0);
    });

    it('takes hundreds of keys', async () => {
      const rows = numbered(100);
      await table.write(partition, rows.map(insert));
      const keys = [...rows.map(({ key }) => key), ...numbered(150, 'missing-').map(({ key }) => key)];

      expect((await table.getMany(partition, keys)).size).toBe(100);
    });
  });

  describe('scan', () => {
    it('answers more than a thousand rows in key order, a thousand at a time', async () => {
      const rows = numbered(1_150);
      for (let from = 0; from < rows.length; from += 100) {
        await table.write(partition, rows.slice(from, from + 100).map(insert));
      }

      const pages = await scanned(table, partition, 'row-');

      expect(pages.map(({ length }) => length)).toEqual([1_000, 150]);
      expect(keysOf(pages)).toEqual(rows.map(({ key }) => key));
      expect(pages[1]?.at(-1)?.body).toEqual({ index: 1_149 });
    }, 60_000);

    it('answers the rows with the prefix and no neighbours of it', async () => {
      const keys = [
        'a',
        'list',
        'list-1',
        'list.',
        'list:',
        'list:0',
        'list:Zz',
        'list:_',
        'list:z',
        'list:zzzz',
        'listA',
        'listz',
        'm',
        'L',
      ];
      await table.write(
        partition,
        keys.map((key) => insert({ key })),
      );

      expect(keysOf(await scanned(table, partition, 'list:'))).toEqual([
        'list:',
        'list:0',
        'list:Zz',
        'list:_',
        'list:z',
        'list:zzzz',
      ]);
    });

    it('answers every row for an empty prefix, in the order of character codes', async () => {
      await table.write(
        partition,
        ['b', 'A', '-', 'Z', 'a', '0', '_', ':', '.'].map((key) => insert({ key })),
      );

      expect(keysOf(await scanned(table, partition, ''))).toEqual(['-', '.', '0', ':', 'A', 'Z', '_', 'a', 'b']);
    });

    it('answers no page at all when there is no row', async () => {
      expect(await scanned(table, partition, 'nothing')).toEqual([]);
    });

    it.each([
      ['a row', 'row-00002', ['row-00003', 'row-00004']],
      ['a key between rows', 'row-000020', ['row-00003', 'row-00004']],
      ['a key before the prefix', 'a', ['row-00000', 'row-00001', 'row-00002', 'row-00003', 'row-00004']],
      ['the last row', 'row-00004', []],
    ])('starts behind %s', async (_what, after, expected) => {
      await table.write(partition, [...numbered(5), { key: 'z' }].map(insert));

      expect(keysOf(await scanned(table, partition, 'row-', { after }))).toEqual(expected);
    });

    it('answers pages of the size asked for', async () => {
      await table.write(partition, numbered(7).map(insert));

      const pages = await scanned(table, partition, 'row-', { pageSize: 3 });

      expect(pages.map(({ length }) => length)).toEqual([3, 3, 1]);
    });

    it('stops asking when the reader stops', async () => {
      await table.write(partition, numbered(7).map(insert));

      for await (const page of table.scan(partition, 'row-', { pageSize: 2 })) {
        expect(page).toHaveLength(2);
        break;
      }
    });

    it('leaves bodies out on request, and keeps facets and etags', async () => {
      const [etag] = await table.write(partition, [insert({ key: 'row', facets: { n: 1 }, body: 'x'.repeat(20_000) })]);

      const [row] = (await scanned(table, partition, 'row', { facetsOnly: true })).flat();

      expect(row).toEqual({ key: 'row', etag, facets: { n: 1 }, body: undefined });
    });
  });
});
