import type { QueueMessage, StoredRow } from '../../src/core/ports.ts';
import { decodeRow } from '../../src/adapters/storage/row-codec.ts';

/** One change of one row, as a request to Azure Tables carries it. */
export interface RowWrite {
  readonly kind: 'insert' | 'put' | 'replace' | 'delete';
  /** As Azure calls it: `syncpeople`. */
  readonly table: string;
  readonly key: string;
  /** Empty for a deletion. */
  readonly facets: StoredRow['facets'];
  /** Undefined for a deletion, and for a body that is compressed. */
  readonly body: unknown;
}

/** A request to Azure Tables or Queues, as far as a test looks at it. */
export interface StorageCall {
  readonly kind: 'insert' | 'update' | 'delete' | 'transaction' | 'send' | 'receive' | 'other';
  /** Name of the queue; empty for tables. */
  readonly queue: string;
  readonly writes: readonly RowWrite[];
  /** What is sent to a queue. */
  readonly message: QueueMessage | undefined;
}

const NOTHING: StorageCall = { kind: 'other', queue: '', writes: [], message: undefined };
const UPDATES = new Set(['PUT', 'MERGE', 'PATCH']);

/** Reads a request as it came over the wire; what is neither a write of rows nor about messages is `other`. */
export function readStorageCall(method: string, url: string, ifMatch: string | undefined, body: string): StorageCall {
  const path = new URL(url, 'http://storage').pathname.split('/').slice(2).join('/');
  const queue = /^([^/]+)\/messages$/.exec(path)?.[1];
  if (queue !== undefined) return readQueueCall(method, queue, body);
  if (path === '$batch') return { ...NOTHING, kind: 'transaction', writes: readTransaction(body) };
  const write = readWrite(method, path, ifMatch, body);
  return write === undefined ? NOTHING : { ...NOTHING, kind: kindOf(write), writes: [write] };
}

function kindOf({ kind }: RowWrite): StorageCall['kind'] {
  return kind === 'put' || kind === 'replace' ? 'update' : kind;
}

function readQueueCall(method: string, queue: string, body: string): StorageCall {
  if (method === 'GET') return { ...NOTHING, kind: 'receive', queue };
  const text = /<MessageText>(.*?)<\/MessageText>/.exec(body)?.[1];
  if (method !== 'POST' || text === undefined) return { ...NOTHING, queue };
  const message = JSON.parse(Buffer.from(text, 'base64').toString('utf8')) as QueueMessage;
  return { ...NOTHING, kind: 'send', queue, message };
}

function readTransaction(body: string): RowWrite[] {
  const operations = body.matchAll(/^(POST|PUT|DELETE) (\S+) HTTP\/1\.1\r\n([\s\S]*?)\r\n\r\n(.*)\r?$/gm);
  return [...operations].flatMap(([, method = '', target = '', headers = '', json = '']) => {
    const path = new URL(target).pathname.split('/').slice(2).join('/');
    const ifMatch = /^If-Match: (.*)$/im.exec(headers)?.[1];
    return readWrite(method, path, ifMatch, json.trim()) ?? [];
  });
}

function readWrite(method: string, path: string, ifMatch: string | undefined, json: string): RowWrite | undefined {
  const [, table, key] = /^(sync\w+)(?:\(PartitionKey='.*?',RowKey='(.*?)'\))?$/.exec(decodeURIComponent(path)) ?? [];
  if (table === undefined) return undefined;
  if (key !== undefined && method === 'DELETE') return { kind: 'delete', table, key, facets: {}, body: undefined };
  if (key !== undefined && UPDATES.has(method)) {
    return { kind: ifMatch === undefined ? 'put' : 'replace', table, key, ...readRow(json) };
  }
  if (method !== 'POST' || key !== undefined) return undefined;
  const { RowKey } = JSON.parse(json) as { readonly RowKey: string };
  return { kind: 'insert', table, key: RowKey, ...readRow(json) };
}

function readRow(json: string): Pick<RowWrite, 'facets' | 'body'> {
  const { facets, body } = decodeRow(JSON.parse(json) as Record<string, unknown>);
  return { facets, body };
}
