import { randomBytes } from 'node:crypto';
import { WRITE_LIMITS } from '../../src/adapters/storage/write-limits.ts';
import type { Table } from '../../src/core/ports.ts';
import { insert, replace, TABLE_IMPLEMENTATIONS, type TableImplementation } from '../support/table-implementations.ts';

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

  describe('big bodies', () => {
    it.each([
      ['8 K of text', { text: 'x'.repeat(8_192) }],
      [
        'a megabyte that compresses',
        { rows: Array.from({ length: 10_000 }, (_, id) => ({ id, department: 'Sales', note: `note ${id}` })) },
      ],
      [
        '600 KiB that hardly compress',
        {
          noise: randomBytes(600 * 1024)
            .toString('base64')
            .slice(0, 640_000),
        },
      ],
    ])('keep %s', async (_what, body) => {
      await table.write(partition, [insert({ key: 'big', body })]);

      expect((await table.get(partition, 'big'))?.body).toEqual(body);
    });

    it('shrink when they are replaced by small ones', async () => {
      const [etag = ''] = await table.write(partition, [
        insert({ key: 'row', body: randomBytes(200_000).toString('hex') }),
      ]);

      await table.write(partition, [replace({ key: 'row', body: 'small' }, etag)]);

      expect((await table.get(partition, 'row'))?.body).toBe('small');
    });

    it('are refused above the size of a row, and nothing is written', async () => {
      const body = randomBytes(WRITE_LIMITS.rowBytes + 50_000).toString('base64');

      await expect(table.write(partition, [insert({ key: 'a' }), insert({ key: 'huge', body })])).rejects.toThrow(
        RangeError,
      );

      expect(await table.get(partition, 'a')).toBeUndefined();
    });

    it('are refused above the size of a transaction', async () => {
      const noise = (): string => randomBytes(500_000).toString('base64');
      const changes = Array.from({ length: 8 }, (_, index) => insert({ key: `row-${index}`, body: noise() }));

      await expect(table.write(partition, changes)).rejects.toThrow(RangeError);
    });

    it('fit a transaction together up to its size', async () => {
      const rows = Array.from({ length: 5 }, (_, index) => ({
        key: `row-${index}`,
        body: randomBytes(500_000).toString('base64'),
      }));

      await table.write(partition, rows.map(insert));

      expect((await table.get(partition, 'row-4'))?.body).toBe(rows[4]?.body);
    });

    it('refuse facets that are too long', async () => {
      const facets = { long: 'x'.repeat(WRITE_LIMITS.facetsCharacters) };

      await expect(table.write(partition, [insert({ key: 'row', facets })])).rejects.toThrow(RangeError);
    });
  });
});
