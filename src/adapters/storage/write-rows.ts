import { randomBytes } from 'node:crypto';
import { RowConflict, type RowChange } from '../../core/ports.ts';
import { readWrites } from './read-rows.ts';
import { encodeRow } from './row-codec.ts';
import { refusalOf } from './storage-errors.ts';
import type { TableConnection } from './table-client.ts';
import { isAboutRows, type Operation, type TransactionAnswer } from './table-transaction.ts';
import { changedKey, checkChanges } from './write-limits.ts';

// Well-formed, and no row has it: stands for a row of ours that somebody else has changed since.
const OUTDATED_ETAG = `W/"datetime'1601-01-01T00%3A00%3A00.0000000Z'"`;

// Each round learns of deletes whose row is gone; only a row that comes and goes meanwhile needs a second one.
const MAX_ROUNDS = 5;

/**
 * Applies all changes or none, as the port promises. Every row carries the id of the write that made it: when storage
 * applies a write but its answer is lost, the SDK's silent repeat is refused, and the id tells our row from another's.
 */
export async function writeRows(
  table: TableConnection,
  partition: string,
  changes: readonly RowChange[],
): Promise<string[]> {
  checkChanges(partition, changes);
  const writeId = randomBytes(9).toString('base64url');
  const operations = changes.map((change) => toOperation(table.client.tableName, partition, change, writeId));
  const etags = await applied(table, partition, operations, writeId);
  return changes.map((change) => etags.get(changedKey(change)) ?? '');
}

function toOperation(table: string, partition: string, change: RowChange, writeId: string): Operation {
  if (change.kind === 'delete') return { method: 'DELETE', key: change.key, ifMatch: change.etag ?? '*' };
  const entity = encodeRow(table, partition, change.row, writeId);
  const { key } = change.row;
  if (change.kind === 'insert') return { method: 'POST', key, entity };
  return change.kind === 'put' ? { method: 'PUT', key, entity } : { method: 'PUT', key, entity, ifMatch: change.etag };
}

async function applied(
  table: TableConnection,
  partition: string,
  wanted: readonly Operation[],
  writeId: string,
): Promise<ReadonlyMap<string, string>> {
  let operations = wanted;
  for (let round = 0; round < MAX_ROUNDS && operations.length > 0; round++) {
    const answer = await attempt(table, partition, operations);
    if (answer.applied) return new Map(operations.map(({ key }, index) => [key, answer.etags[index] ?? '']));
    const refused = answer.failedIndex === undefined ? undefined : operations[answer.failedIndex];
    if (refused?.method === 'DELETE' && answer.status === 404) {
      operations = await withoutMissing(table, partition, operations, refused);
      continue;
    }
    return resolved(table, partition, operations, refused, writeId);
  }
  if (operations.length > 0) throw new RowConflict(String(operations[0]?.key));
  return new Map();
}

/** One try on the wire. Refusals that tell the state of a row are answers; all others are thrown. */
async function attempt(
  table: TableConnection,
  partition: string,
  operations: readonly Operation[],
): Promise<TransactionAnswer> {
  const [only] = operations;
  if (only === undefined || operations.length > 1) return table.submit(partition, operations);
  try {
    return { applied: true, etags: [await send(table, partition, only)] };
  } catch (error) {
    const { status, code = '' } = refusalOf(error) ?? {};
    if (status === undefined || !isAboutRows(status, code)) throw error;
    return { applied: false, status, code, failedIndex: 0 };
  }
}

async function send({ client }: TableConnection, partition: string, operation: Operation): Promise<string> {
  const { key, entity, ifMatch } = operation;
  if (entity === undefined) {
    await client.deleteEntity(partition, key, ifMatch === undefined ? {} : { etag: ifMatch });
    return '';
  }
  if (operation.method === 'POST') return (await client.createEntity(entity)).etag ?? '';
  if (ifMatch === undefined) return (await client.upsertEntity(entity, 'Replace')).etag ?? '';
  return (await client.updateEntity(entity, 'Replace', { etag: ifMatch })).etag ?? '';
}

/** What is left to do when deletes have nothing to delete: that is their success. */
async function withoutMissing(
  table: TableConnection,
  partition: string,
  operations: readonly Operation[],
  refused: Operation,
): Promise<readonly Operation[]> {
  const others = operations.filter((operation) => operation !== refused);
  const deletes = others.filter(({ method }) => method === 'DELETE').map(({ key }) => key);
  const found = await readWrites(table, partition, deletes);
  return others.filter(({ method, key }) => method !== 'DELETE' || found.has(key));
}

/** The refusal may be the echo of our own write: a repeat after a lost answer. Then it is applied; else RowConflict. */
async function resolved(
  table: TableConnection,
  partition: string,
  operations: readonly Operation[],
  refused: Operation | undefined,
  writeId: string,
): Promise<ReadonlyMap<string, string>> {
  const written = operations.filter(({ method }) => method !== 'DELETE').map(({ key }) => key);
  const found = await readWrites(table, partition, refused === undefined ? written : [refused.key]);
  if (![...found.values()].some((row) => row.writeId === writeId)) {
    throw new RowConflict(refused?.key ?? conflicting(operations, found));
  }
  const all = written.length === found.size ? found : await readWrites(table, partition, written);
  return new Map(
    written.map((key) => {
      const row = all.get(key);
      return [key, row?.writeId === writeId ? row.etag : OUTDATED_ETAG];
    }),
  );
}

function conflicting(operations: readonly Operation[], found: ReadonlyMap<string, { readonly etag: string }>): string {
  const refused = operations.find(({ method, key, ifMatch }) => {
    if (method === 'POST') return found.has(key);
    if (ifMatch === '*') return method === 'PUT' && !found.has(key);
    return ifMatch !== undefined && found.get(key)?.etag !== ifMatch;
  });
  return String((refused ?? operations[0])?.key);
}
