import { NeighbourError } from '../../../src/core/errors.ts';
import type { AccessProblem } from '../../../src/core/errors.ts';
import { RowConflict } from '../../../src/core/ports.ts';
import { refusalOf, translated } from '../../../src/adapters/storage/storage-errors.ts';

// An event of the log is cut off after so many characters.
const LONGEST_MESSAGE = 200;

const headers = (values: Readonly<Record<string, string>>) => ({ headers: { get: (name: string) => values[name] } });
const restError = (fields: object): Error =>
  Object.assign(new Error('key +61491570156 is bad'), { name: 'RestError', ...fields });

describe('translated', () => {
  it.each([
    [401, 'NoAuthenticationInformation', 'access-denied'],
    [403, 'AuthenticationFailed', 'access-denied'],
    [429, 'TooManyRequests', 'throttled'],
    [503, 'ServerBusy', 'throttled'],
    [500, 'InternalError', 'unavailable'],
    [408, 'RequestTimeout', 'unavailable'],
    [undefined, 'ECONNREFUSED', 'unavailable'],
    [404, 'TableNotFound', 'not-found'],
    [409, 'TableBeingDeleted', 'conflict'],
    [412, 'ConditionNotMet', 'conflict'],
    [400, 'InvalidInput', 'invalid'],
    [413, 'RequestBodyTooLarge', 'invalid'],
    [202, 'NoAnswer', 'unexpected-answer'],
  ])('makes %s %s a neighbour that is %s', (statusCode, code, failure) => {
    const error = restError({ statusCode, code });

    const result = translated(error, 'write rows');

    expect(result).toBeInstanceOf(NeighbourError);
    expect(result).toMatchObject({ neighbour: 'storage', failure, cause: error, detail: { neighbourCode: code } });
  });

  it.each<[number | undefined, string, AccessProblem, string]>([
    [403, 'AuthenticationFailed', 'secret-refused', 'AzureWebJobsStorage'],
    [403, 'InvalidAuthenticationInfo', 'secret-refused', 'AzureWebJobsStorage'],
    [403, 'KeyBasedAuthenticationNotPermitted', 'policy-blocked', 'Use an identity'],
    [403, 'AuthorizationFailure', 'policy-blocked', 'network rules'],
    [403, 'AccountIsDisabled', 'account-refused', 'Enable the storage account'],
    [403, 'AuthorizationPermissionMismatch', 'permission-missing', 'Storage Table Data Contributor'],
    [401, 'NoAuthenticationInformation', 'token-refused', 'same tenant'],
  ])('names the cure for %s %s: %s', (statusCode, code, access, cure) => {
    const result = translated(restError({ statusCode, code }), 'write rows') as NeighbourError;

    expect(result.failure).toBe('access-denied');
    expect(result.detail).toMatchObject({ access, status: statusCode, neighbourCode: code });
    expect(result.message).toContain(cure);
    expect(result.message.length).toBeLessThanOrEqual(LONGEST_MESSAGE);
  });

  it.each(['HostNotAllowed', 'RedirectRefused'])('takes %s for an answer that is not storage’s', (code) => {
    expect(translated(restError({ code }), 'read rows')).toMatchObject({ failure: 'unexpected-answer' });
  });

  it('says what was tried, and nothing that storage quotes', () => {
    const result = translated(restError({ statusCode: 400, code: 'InvalidInput' }), 'write rows') as Error;

    expect(result.message).toBe('Storage did not write rows (400 InvalidInput).');
  });

  it('carries the id of the request and the time to wait', () => {
    const response = headers({ 'x-ms-request-id': 'request-1', 'retry-after': '7' });

    const result = translated(
      restError({ statusCode: 503, details: { errorCode: 'ServerBusy' }, response }),
      'read rows',
    );

    expect(result).toMatchObject({
      detail: { status: 503, neighbourCode: 'ServerBusy', requestId: 'request-1', retryAfterMs: 7000 },
    });
  });

  it.each(['CredentialUnavailableError', 'AuthenticationError', 'AggregateAuthenticationError'])(
    'makes %s access that is denied',
    (name) => {
      const error = Object.assign(new Error('no token'), { name });

      const detail = { access: 'identity-missing' };
      expect(translated(error, 'read rows')).toMatchObject({ failure: 'access-denied', detail, cause: error });
    },
  );

  it.each([new RowConflict('row'), new RangeError('too big'), new TypeError('a bug'), 'text'])(
    'leaves %s alone',
    (error) => {
      expect(translated(error, 'write rows')).toBe(error);
    },
  );
});

describe('refusalOf', () => {
  it('prefers the code in the body', () => {
    const error = restError({
      statusCode: 409,
      code: 'other',
      details: { errorCode: 'header', odataError: { code: 'body' } },
    });

    expect(refusalOf(error)?.code).toBe('body');
  });
});
