import { createHttpHeaders, createPipelineRequest, RestError, type HttpClient } from '@azure/core-rest-pipeline';
import { TableClient, type TableServiceClientOptions } from '@azure/data-tables';
import { guardedHttpClient } from '../guarded-http-client.ts';
import type { StorageClock } from './storage-clock.ts';
import { storageCredential } from './storage-credential.ts';
import { createStorageHttpClient } from './storage-http-client.ts';
import { allowsPlainHttp, type StorageSettings } from './storage-settings.ts';
import {
  buildTransaction,
  isAboutRows,
  parseTransactionAnswer,
  type Operation,
  type TransactionAnswer,
} from './table-transaction.ts';

/** One table on the wire: the SDK's client, and transactions of our own making through the client's pipeline. */
export interface TableConnection {
  readonly client: TableClient;
  /** Refusals that tell the state of a row are answers; all others are RestErrors. */
  submit(partition: string, operations: readonly Operation[]): Promise<TransactionAnswer>;
}

// With 30 s a try this ends within two and a half minutes: half of the time a claim lasts.
const RETRIES = { maxRetries: 3, retryDelayInMs: 400, maxRetryDelayInMs: 8_000 };

// They serve uploads, redirects, traces, proxies and packed answers; Tables have none of these, and together they cost
// a seventh of the CPU of a call.
const UNUSED_POLICIES = [
  'proxyPolicy',
  'decompressResponsePolicy',
  'wrapAbortSignalLikePolicy',
  'formDataPolicy',
  'multipartPolicy',
  'tracingPolicy',
  'redirectPolicy',
  'logPolicy',
];

const TRANSACTION_HEADERS = {
  Accept: 'application/json',
  'x-ms-version': '2019-02-02',
  DataServiceVersion: '3.0;',
  MaxDataServiceVersion: '3.0;NetFx',
};

/** Connects to tables by their Azure names. Nothing goes on the wire yet. */
export async function connectTables(
  settings: StorageSettings,
  clock: StorageClock,
): Promise<(tableName: string) => TableConnection> {
  const inner = createStorageHttpClient(clock);
  const httpClient = guardedHttpClient({ allowedOrigins: settings.allowedOrigins, inner, watch: settings.watch });
  const open = await clientFactory(settings, { httpClient, retryOptions: RETRIES });
  return (tableName) => {
    const client = open(tableName);
    for (const name of UNUSED_POLICIES) client.pipeline.removePolicy({ name });
    return {
      client,
      submit: (partition, operations) => submit(client, httpClient, partition, operations),
    };
  };
}

async function clientFactory(
  settings: StorageSettings,
  options: TableServiceClientOptions,
): Promise<(tableName: string) => TableClient> {
  if ('connectionString' in settings) {
    const { connectionString } = settings;
    const allowInsecureConnection = allowsPlainHttp(connectionString);
    return (name) => TableClient.fromConnectionString(connectionString, name, { ...options, allowInsecureConnection });
  }
  const credential = await storageCredential(settings);
  return (name) => new TableClient(settings.tableServiceUri, name, credential, options);
}

async function submit(
  client: TableClient,
  httpClient: HttpClient,
  partition: string,
  operations: readonly Operation[],
): Promise<TransactionAnswer> {
  // A shared access signature is the query of the client's address; it belongs behind `$batch`.
  const [address = '', signature] = client.url.split('?');
  const serviceUrl = address.replace(/\/$/, '');
  const { contentType, body } = buildTransaction(serviceUrl, client.tableName, partition, operations);
  const request = createPipelineRequest({
    url: `${serviceUrl}/$batch${signature === undefined ? '' : `?${signature}`}`,
    method: 'POST',
    body,
    allowInsecureConnection: serviceUrl.startsWith('http:'),
    headers: createHttpHeaders({ ...TRANSACTION_HEADERS, 'Content-Type': contentType }),
  });
  const response = await client.pipeline.sendRequest(httpClient, request);
  const text = response.bodyAsText ?? '';
  const answer = response.status === 202 ? parseTransactionAnswer(text, operations) : undefined;
  if (answer?.applied === true || (answer !== undefined && isAboutRows(answer.status, answer.code))) return answer;
  throw new RestError('The transaction was refused.', {
    request,
    response,
    statusCode: answer?.status ?? response.status,
    code: answer?.code ?? /"code":"(\w+)"/.exec(text)?.[1] ?? 'NoAnswer',
  });
}
