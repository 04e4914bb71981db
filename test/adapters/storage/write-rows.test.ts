import type { TableClient } from '@azure/data-tables';
import type { TableConnection } from '../../../src/adapters/storage/table-client.ts';
import type { Operation, TransactionAnswer } from '../../../src/adapters/storage/table-transaction.ts';
import { writeRows } from '../../../src/adapters/storage/write-rows.ts';
import type { RowChange } from '../../../src/core/ports.ts';

type Answer = (operations: readonly Operation[]) => TransactionAnswer;
type Stored = Readonly<Record<string, { readonly etag: string; readonly w: string }>>;

/** A table whose transactions are answered by script; `stored` is what reads find, given the id of the last write. */
function scripted(answers: readonly Answer[], stored: (writeId: string) => Stored) {
  const submitted: (readonly Operation[])[] = [];
  const getEntity = async (_partition: string, key: string): Promise<unknown> => {
    const writeId = submitted.flat().find(({ entity }) => entity !== undefined)?.entity?.w ?? '';
    const row = stored(writeId)[key];
    if (row === undefined)
      throw Object.assign(new Error('gone'), { name: 'RestError', statusCode: 404, code: 'ResourceNotFound' });
    return row;
  };
  const table: TableConnection = {
    client: { tableName: 'syncpeople', getEntity } as unknown as TableClient,
    submit: async (_partition, operations) => {
      submitted.push(operations);
      const answer = answers[submitted.length - 1];
      if (answer === undefined) throw new Error('One try too many.');
      return answer(operations);
    },
  };
  return { table, submitted };
}

const refused =
  (status: number, failedIndex?: number): Answer =>
  () => ({ applied: false, status, code: 'Refused', failedIndex });
const accepted: Answer = (operations) => ({ applied: true, etags: operations.map(({ key }) => `etag of ${key}`) });

const insert = (key: string): RowChange => ({ kind: 'insert', row: { key } });
const replace = (key: string, etag: string): RowChange => ({ kind: 'replace', row: { key }, etag });
const remove = (key: string): RowChange => ({ kind: 'delete', key });

describe('writeRows', () => {
  it('gives rows that somebody changed since an etag that fits no more', async () => {
    const { table } = scripted([refused(409, 0)], (writeId) => ({
      a: { etag: 'etag of a', w: writeId },
      b: { etag: 'etag of theirs', w: 'another write' },
    }));

    const etags = await writeRows(table, 'p', [insert('a'), insert('b'), insert('c')]);

    expect(etags[0]).toBe('etag of a');
    expect(etags.slice(1)).toEqual([expect.stringContaining('1601'), expect.stringContaining('1601')]);
  });

  it('recognises its own write when storage does not say which row it refused', async () => {
    const { table } = scripted([refused(409)], (writeId) => ({
      a: { etag: '1', w: writeId },
      b: { etag: '2', w: writeId },
    }));

    expect(await writeRows(table, 'p', [insert('a'), insert('b')])).toEqual(['1', '2']);
  });

  it.each<[string, readonly RowChange[], string]>([
    ['the insert of a row that is there', [insert('new'), insert('there'), insert('also-new')], 'there'],
    ['the replacement with an old etag', [insert('new'), replace('there', 'old')], 'there'],
    ['the replacement of a missing row', [replace('there', 'current'), replace('missing', 'old')], 'missing'],
    ['the first change when no row explains it', [insert('new'), insert('newer')], 'new'],
  ])('finds the conflict by reading: %s', async (_what, changes, key) => {
    const { table } = scripted([refused(412)], () => ({ there: { etag: 'current', w: 'another write' } }));

    await expect(writeRows(table, 'p', changes)).rejects.toMatchObject({ name: 'RowConflict', key });
  });

  it('leaves out all deletes of missing rows after the first refusal', async () => {
    const { table, submitted } = scripted([refused(404, 1), accepted], () => ({ there: { etag: '1', w: 'old' } }));

    const etags = await writeRows(table, 'p', [insert('a'), remove('gone'), remove('there'), remove('gone-too')]);

    expect(submitted.map((operations) => operations.map(({ key }) => key))).toEqual([
      ['a', 'gone', 'there', 'gone-too'],
      ['a', 'there'],
    ]);
    expect(etags).toEqual(['etag of a', '', 'etag of there', '']);
  });

  it('gives up with a conflict when rows come and go at every try', async () => {
    const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const everything = Object.fromEntries(keys.map((key) => [key, { etag: '1', w: 'another write' }]));
    const { table, submitted } = scripted(
      Array.from({ length: 5 }, () => refused(404, 0)),
      () => everything,
    );

    await expect(writeRows(table, 'p', keys.map(remove))).rejects.toMatchObject({ name: 'RowConflict' });
    expect(submitted).toHaveLength(5);
  });
});
