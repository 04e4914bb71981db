import { RowConflict, type StoredRow, type Table } from '../../src/core/ports.ts';
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

  describe('write whose answer is lost', () => {
    afterEach(() => {
      expect(implementation.lossesLeft()).toBe(0);
    });

    it('recognises an insert as its own', async () => {
      implementation.loseAnswers(1);

      const [etag] = await table.write(partition, [insert({ key: 'row', body: 'mine' })]);

      expect(await table.get(partition, 'row')).toEqual({ key: 'row', etag, facets: {}, body: 'mine' });
    });

    it('recognises a replacement as its own', async () => {
      const [first = ''] = await table.write(partition, [insert({ key: 'row' })]);
      implementation.loseAnswers(1);

      const [second = ''] = await table.write(partition, [replace({ key: 'row', body: 'mine' }, first)]);

      expect(await table.get(partition, 'row')).toMatchObject({ etag: second, body: 'mine' });
    });

    it('recognises a transaction as its own, with all its etags', async () => {
      const [old = '', gone] = await table.write(partition, [insert({ key: 'old' }), insert({ key: 'gone' })]);
      implementation.loseAnswers(1);

      const etags = await table.write(partition, [
        put({ key: 'put' }),
        insert({ key: 'new' }),
        replace({ key: 'old', body: 'mine' }, old),
        remove('gone', gone),
      ]);

      const stored = (await scanned(table, partition, '')).flat();
      expect(stored.map(({ key }) => key)).toEqual(['new', 'old', 'put']);
      expect(stored.map(({ etag }) => etag)).toEqual([etags[1], etags[2], etags[0]]);
    });

    it('recognises a transaction whose deletion the repeat no longer finds', async () => {
      await table.write(partition, [insert({ key: 'gone' })]);
      implementation.loseAnswers(1);

      const [, etag] = await table.write(partition, [remove('gone'), insert({ key: 'new' })]);

      expect((await scanned(table, partition, '')).flat()).toMatchObject([{ key: 'new', etag }]);
    });

    it('counts deletions as done', async () => {
      const [etag] = await table.write(partition, numbered(3).map(insert));
      implementation.loseAnswers(1);
      expect(await table.write(partition, [remove('row-00000', etag)])).toEqual(['']);
      implementation.loseAnswers(1);

      expect(await table.write(partition, [remove('row-00001'), remove('row-00002')])).toEqual(['', '']);
    });

    it('still refuses what somebody else has written', async () => {
      await table.write(partition, [insert({ key: 'row', body: 'theirs' })]);
      implementation.loseAnswers(1);

      await expect(table.write(partition, [insert({ key: 'row', body: 'mine' })])).rejects.toThrow(RowConflict);
      implementation.loseAnswers(1);
      await expect(
        table.write(partition, [insert({ key: 'new' }), insert({ key: 'row', body: 'mine' })]),
      ).rejects.toThrow(RowConflict);

      expect(keysOf(await scanned(table, partition, ''))).toEqual(['row']);
    });
  });

  describe('writers at the same time', () => {
    it('has exactly one winner for an insert', async () => {
      const results = await Promise.allSettled(
        Array.from({ length: 20 }, (_, writer) => table.write(partition, [insert({ key: 'claim', body: writer })])),
      );

      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('loses no increment of twenty compare-and-set counters', async () => {
      await table.write(partition, [insert({ key: 'counter', body: 0 })]);
      const rounds: number[] = [];

      const increment = async (): Promise<void> => {
        for (let tries = 1; ; tries++) {
          const row = (await table.get(partition, 'counter')) as StoredRow;
          try {
            await table.write(partition, [replace({ key: 'counter', body: Number(row.body) + 1 }, row.etag)]);
            rounds.push(tries);
            return;
          } catch (error) {
            if (!(error instanceof RowConflict)) throw error;
          }
        }
      };
      await Promise.all(Array.from({ length: 20 }, increment));

      expect((await table.get(partition, 'counter'))?.body).toBe(20);
      expect(Math.max(...rounds)).toBeGreaterThan(1);
    });

    it('has one winner of transactions that meet in one row, and nothing of the others', async () => {
      const [etag = ''] = await table.write(partition, [insert({ key: 'shared' })]);

      const results = await Promise.allSettled(
        Array.from({ length: 10 }, (_, writer) =>
          table.write(partition, [insert({ key: `own-${writer}` }), replace({ key: 'shared', body: writer }, etag)]),
        ),
      );

      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(keysOf(await scanned(table, partition, 'own-'))).toHaveLength(1);
    });
  });
});
