import { randomUUID } from 'node:crypto';
import { toWireJson, type RowEntity } from './row-codec.ts';
import { WRITE_LIMITS } from './write-limits.ts';

/** One change of a transaction as the wire knows it. `ifMatch` undefined on a `PUT` means insert or replace. */
export interface Operation {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  readonly key: string;
  readonly ifMatch?: string;
  readonly entity?: RowEntity;
}

export interface TransactionRequest {
  readonly contentType: string;
  readonly body: string;
}

/** True for refusals that tell the state of a row: it is there, it is gone, it has changed. A missing table does not. */
export function isAboutRows(status: number | undefined, code: string | undefined): boolean {
  if (status === 409) return code === 'EntityAlreadyExists';
  return status === 412 || (status === 404 && code !== 'TableNotFound');
}

/** The etag of each operation ('' for deletes), or which operation was refused and why. */
export type TransactionAnswer =
  | { readonly applied: true; readonly etags: readonly string[] }
  | {
      readonly applied: false;
      readonly status: number;
      readonly code: string;
      readonly failedIndex: number | undefined;
    };

const LINE = '\r\n';

/**
 * The multipart body of an entity group transaction. The SDK can make it too, but sends every change through a whole
 * client of its own (0.1 ms CPU a row) and cannot delete by etag.
 * Throws RangeError above the 4 MiB a transaction may have.
 */
export function buildTransaction(
  tableUrl: string,
  table: string,
  partition: string,
  operations: readonly Operation[],
): TransactionRequest {
  const batch = `batch_${randomUUID()}`;
  const changeset = `changeset_${randomUUID()}`;
  const parts = operations.map((operation) =>
    [
      `--${changeset}`,
      'Content-Type: application/http',
      'Content-Transfer-Encoding: binary',
      '',
      ...subRequest(`${tableUrl}/${table}`, partition, operation),
    ].join(LINE),
  );
  const head = [`--${batch}`, `Content-Type: multipart/mixed; boundary=${changeset}`, '', ''].join(LINE);
  const body = [`${head}${parts.join(LINE)}`, `--${changeset}--`, `--${batch}--`, ''].join(LINE);
  const bytes = Buffer.byteLength(body);
  if (bytes > WRITE_LIMITS.transactionBytes) {
    throw new RangeError(
      `The write of ${operations.length} rows to ${table} takes ${bytes} bytes; a transaction has at most ${WRITE_LIMITS.transactionBytes}.`,
    );
  }
  return { contentType: `multipart/mixed; boundary=${batch}`, body };
}

/** Reads the answer to `$batch`, or returns undefined when it is not the answer of a transaction at all. */
export function parseTransactionAnswer(text: string, operations: readonly Operation[]): TransactionAnswer | undefined {
  const parts = text.split('--changesetresponse_').slice(1, -1);
  const statuses = parts.map((part) => Number(/HTTP\/1\.1 (\d+)/.exec(part)?.[1]));
  const refused = statuses.findIndex((status) => !(status >= 200 && status < 300));
  if (refused !== -1) return refusal(String(parts[refused]), Number(statuses[refused]), operations.length);
  if (parts.length !== operations.length) return undefined;
  return { applied: true, etags: parts.map((part) => /^ETag: *(.*?)\r?$/im.exec(part)?.[1] ?? '') };
}

function subRequest(url: string, partition: string, { method, key, ifMatch, entity }: Operation): string[] {
  const target = method === 'POST' ? url : `${url}(PartitionKey='${partition}',RowKey='${encodeURIComponent(key)}')`;
  return [
    `${method} ${target} HTTP/1.1`,
    'Accept: application/json;odata=minimalmetadata',
    'Content-Type: application/json',
    'DataServiceVersion: 3.0',
    ...(method === 'POST' ? ['Prefer: return-no-content'] : []),
    ...(ifMatch === undefined ? [] : [`If-Match: ${ifMatch}`]),
    '',
    entity === undefined ? '' : toWireJson(entity),
  ];
}

/** The service answers one part only, and begins its message with the index of the operation it refused. */
function refusal(part: string, status: number, operationCount: number): TransactionAnswer {
  const code = /"code":"(\w+)"/.exec(part)?.[1] ?? '';
  const index = Number(/"value":"(\d+):/.exec(part)?.[1] ?? Number.NaN);
  return { applied: false, status, code, failedIndex: index < operationCount ? index : undefined };
}
