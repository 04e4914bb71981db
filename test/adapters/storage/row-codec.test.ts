import { randomBytes } from 'node:crypto';
import { decodeRow, encodeRow, toWireJson, type RowEntity } from '../../../src/adapters/storage/row-codec.ts';
import { WRITE_LIMITS } from '../../../src/adapters/storage/write-limits.ts';

const encode = (row: Parameters<typeof encodeRow>[2]): RowEntity => encodeRow('syncpeople', 'default', row, 'write-1');

describe('encodeRow', () => {
  it('keeps facets as one property and a small body as plain JSON', () => {
    const entity = encode({ key: 'person:1', facets: { held: true, count: 2 }, body: { a: [1] } });

    expect(entity).toEqual({
      partitionKey: 'default',
      rowKey: 'person:1',
      w: 'write-1',
      f: '{"held":true,"count":2}',
      b: '{"a":[1]}',
    });
  });

  it('cuts a big body into binary properties of at most 64 KiB', () => {
    const entity = encode({ key: 'big', body: randomBytes(120_000).toString('base64') });

    const chunks = Object.entries(entity).filter(([name]) => name.startsWith('z'));
    expect(chunks.map(([name]) => name)).toEqual(['z0', 'z1']);
    expect(Math.max(...chunks.map(([, chunk]) => chunk.length))).toBe(64 * 1024);
  });

  it('names table, row and size of a row that is too big', () => {
    const body = randomBytes(WRITE_LIMITS.rowBytes).toString('base64');

    expect(() => encode({ key: 'huge', body })).toThrow(/row huge of syncpeople takes \d{6} bytes.* 716800/);
  });

  it('names table and row of facets that are too long', () => {
    expect(() => encode({ key: 'row', facets: { long: 'x'.repeat(40_000) } })).toThrow(/facets of row of syncpeople/);
  });
});

describe('decodeRow', () => {
  it.each([
    ['nothing', undefined],
    ['the longest plain text', 'x'.repeat(8_190)],
    ['one character more', 'x'.repeat(8_191)],
    ['exactly one chunk and more', randomBytes(100_000).toString('hex')],
    ['eleven chunks', randomBytes(500_000).toString('base64')],
  ])('brings back %s', (_what, body) => {
    const entity = encode({ key: 'row', facets: { a: 1 }, body });

    expect(decodeRow({ ...entity, etag: 'W/"1"' })).toEqual({ key: 'row', etag: 'W/"1"', facets: { a: 1 }, body });
  });
});

describe('toWireJson', () => {
  it('marks binary properties and writes them in base64', () => {
    const entity = { partitionKey: 'p', rowKey: 'k', w: 'x', z0: Buffer.from('abc') };

    expect(JSON.parse(toWireJson(entity))).toEqual({
      PartitionKey: 'p',
      RowKey: 'k',
      w: 'x',
      z0: 'YWJj',
      'z0@odata.type': 'Edm.Binary',
    });
  });
});
