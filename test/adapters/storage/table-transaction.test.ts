import { randomBytes } from 'node:crypto';
import {
  buildTransaction,
  isAboutRows,
  parseTransactionAnswer,
  type Operation,
} from '../../../src/adapters/storage/table-transaction.ts';

const entity = { partitionKey: 'p', rowKey: 'k:1', w: 'x' };
const operations: readonly Operation[] = [
  { method: 'POST', key: 'k:1', entity },
  { method: 'PUT', key: 'k:2', entity: { ...entity, rowKey: 'k:2' }, ifMatch: 'W/"7"' },
  { method: 'DELETE', key: 'k:3', ifMatch: '*' },
];

const answerOf = (...parts: readonly string[]): string =>
  [
    '--batchresponse_1',
    'Content-Type: multipart/mixed; boundary=changesetresponse_1',
    '',
    ...parts.flatMap((part) => ['--changesetresponse_1', 'Content-Type: application/http', '', part]),
    '--changesetresponse_1--',
    '--batchresponse_1--',
  ].join('\r\n');

const refusalOf = (status: number, code: string, message: string): string =>
  `HTTP/1.1 ${status} No\r\nX: y\r\n\r\n${JSON.stringify({ 'odata.error': { code, message: { lang: 'en-US', value: message } } })}`;

describe('buildTransaction', () => {
  it('writes a request for each operation, with its condition and its row', () => {
    const { contentType, body } = buildTransaction('https://account.example', 'people', 'p', operations);

    const batch = /boundary=(batch_\S+)$/.exec(contentType)?.[1];
    expect(body.startsWith(`--${batch}\r\n`)).toBe(true);
    expect(body.trimEnd().endsWith(`--${batch}--`)).toBe(true);
    expect(body.match(/^(POST|PUT|DELETE) .*$/gm)?.map((line) => line.trim())).toEqual([
      'POST https://account.example/people HTTP/1.1',
      "PUT https://account.example/people(PartitionKey='p',RowKey='k%3A2') HTTP/1.1",
      "DELETE https://account.example/people(PartitionKey='p',RowKey='k%3A3') HTTP/1.1",
    ]);
    expect(body.match(/^If-Match: .*$/gm)?.map((line) => line.trim())).toEqual(['If-Match: W/"7"', 'If-Match: *']);
    expect(body).toContain('\r\n\r\n{"PartitionKey":"p","RowKey":"k:1","w":"x"}\r\n');
  });

  it('refuses more than four megabytes, naming the table', () => {
    const big = Array.from({ length: 8 }, (_, index): Operation => {
      const rowKey = `k${index}`;
      return { method: 'POST', key: rowKey, entity: { ...entity, rowKey, z0: randomBytes(500_000) } };
    });

    expect(() => buildTransaction('https://account.example', 'people', 'p', big)).toThrow(/8 rows to people/);
  });
});

describe('parseTransactionAnswer', () => {
  it('answers the etags in order, none for deletes', () => {
    const text = answerOf(
      'HTTP/1.1 204 No Content\r\nETag: W/"1"',
      'HTTP/1.1 204 No Content\r\netag: W/"2"',
      'HTTP/1.1 204 No Content',
    );

    expect(parseTransactionAnswer(text, operations)).toEqual({ applied: true, etags: ['W/"1"', 'W/"2"', ''] });
  });

  it('answers which operation was refused and why', () => {
    const text = answerOf(
      refusalOf(412, 'UpdateConditionNotSatisfied', '1:The update condition was not satisfied.\nRequestId:1'),
    );

    expect(parseTransactionAnswer(text, operations)).toEqual({
      applied: false,
      status: 412,
      code: 'UpdateConditionNotSatisfied',
      failedIndex: 1,
    });
  });

  it.each([
    ['is not named', 'The specified entity already exists.'],
    ['cannot be', '99:The specified entity already exists.'],
  ])('answers no index when it %s', (_what, message) => {
    const text = answerOf(refusalOf(409, 'EntityAlreadyExists', message));

    expect(parseTransactionAnswer(text, operations)).toMatchObject({ status: 409, failedIndex: undefined });
  });

  it('answers no code when there is no body', () => {
    expect(parseTransactionAnswer(answerOf('HTTP/1.1 400 Bad'), operations)).toMatchObject({ status: 400, code: '' });
  });

  it.each([
    ['a page of a proxy', '<html>Welcome to our hotel</html>'],
    ['too few parts', answerOf('HTTP/1.1 204 No Content')],
    ['nothing', ''],
  ])('does not take %s for an answer', (_what, text) => {
    expect(parseTransactionAnswer(text, operations)).toBeUndefined();
  });
});

describe('isAboutRows', () => {
  it.each([
    [409, 'EntityAlreadyExists', true],
    [409, 'TableBeingDeleted', false],
    [412, 'UpdateConditionNotSatisfied', true],
    [404, 'ResourceNotFound', true],
    [404, 'TableNotFound', false],
    [400, 'InvalidInput', false],
    [undefined, undefined, false],
  ])('of %s %s is %s', (status, code, expected) => {
    expect(isAboutRows(status, code)).toBe(expected);
  });
});
