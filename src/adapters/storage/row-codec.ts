import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Row, StoredRow } from '../../core/ports.ts';
import { WRITE_LIMITS } from './write-limits.ts';

/**
 * A row as Azure Tables keeps it. `w` names the write that made it, `f` holds the facets and `b` a small body, both as
 * JSON; `z0`, `z1`… hold a bigger body, deflated and cut. Facets are one property because $select knows no wildcards.
 */
export interface RowEntity {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly w: string;
  readonly [property: string]: string | Uint8Array;
}

/** The properties a read without bodies asks for; the etag always comes along. */
export const FACET_PROPERTIES = ['rowKey', 'f'];

// Below this a body costs less as text than the deflating and inflating of it.
const PLAIN_BODY_CHARACTERS = 8_192;
// A binary property holds 64 KiB.
const CHUNK_BYTES = 64 * 1024;
// Measured on a plan of 100 people (51 KB of JSON): level 6, the default, takes twice the time for 1 % less.
const DEFLATE_LEVEL = 5;

/** Throws RangeError when facets or the whole row are too big for a table. `writeId` marks the row as written by this write. */
export function encodeRow(table: string, partition: string, row: Row, writeId: string): RowEntity {
  const entity: RowEntity = {
    partitionKey: partition,
    rowKey: row.key,
    w: writeId,
    ...encodeFacets(table, row),
    ...encodeBody(row.body),
  };
  const bytes = rowBytes(entity);
  if (bytes > WRITE_LIMITS.rowBytes) {
    throw new RangeError(
      `The row ${row.key} of ${table} takes ${bytes} bytes; a row has at most ${WRITE_LIMITS.rowBytes}.`,
    );
  }
  return entity;
}

export function decodeRow(entity: Readonly<Record<string, unknown>>): StoredRow {
  return {
    key: String(entity['rowKey']),
    etag: String(entity['etag']),
    facets: typeof entity['f'] === 'string' ? (JSON.parse(entity['f']) as StoredRow['facets']) : {},
    body: decodeBody(entity),
  };
}

/** The entity as Azure Tables takes it inside a transaction. */
export function toWireJson(entity: RowEntity): string {
  const { partitionKey, rowKey, ...properties } = entity;
  const wire: Record<string, string> = { PartitionKey: partitionKey, RowKey: rowKey };
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === 'string') {
      wire[name] = value;
      continue;
    }
    wire[name] = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
    wire[`${name}@odata.type`] = 'Edm.Binary';
  }
  return JSON.stringify(wire);
}

function encodeFacets(table: string, row: Row): Record<string, string> {
  if (row.facets === undefined) return {};
  const f = JSON.stringify(row.facets);
  if (f.length > WRITE_LIMITS.facetsCharacters) {
    throw new RangeError(
      `The facets of ${row.key} of ${table} have ${f.length} characters; at most ${WRITE_LIMITS.facetsCharacters} fit.`,
    );
  }
  return { f };
}

function encodeBody(body: unknown): Record<string, string | Uint8Array> {
  if (body === undefined) return {};
  const json = JSON.stringify(body);
  if (json.length <= PLAIN_BODY_CHARACTERS) return { b: json };
  const deflated = deflateRawSync(json, { level: DEFLATE_LEVEL });
  const chunks: Record<string, Uint8Array> = {};
  for (let start = 0; start < deflated.length; start += CHUNK_BYTES) {
    chunks[`z${start / CHUNK_BYTES}`] = deflated.subarray(start, start + CHUNK_BYTES);
  }
  return chunks;
}

function decodeBody(entity: Readonly<Record<string, unknown>>): unknown {
  if (typeof entity['b'] === 'string') return JSON.parse(entity['b']);
  const chunks: Uint8Array[] = [];
  for (let chunk = entity['z0']; chunk instanceof Uint8Array; chunk = entity[`z${chunks.length}`]) chunks.push(chunk);
  return chunks.length === 0 ? undefined : JSON.parse(inflateRawSync(Buffer.concat(chunks)).toString('utf8'));
}

/** Azure's own count: two bytes a character, names included, and a little for each property. */
function rowBytes(entity: RowEntity): number {
  let bytes = 4;
  for (const [name, value] of Object.entries(entity)) {
    bytes += 8 + 2 * name.length + (typeof value === 'string' ? 2 * value.length + 4 : value.byteLength + 4);
  }
  return bytes;
}
