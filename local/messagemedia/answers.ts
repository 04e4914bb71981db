import { randomUUID } from 'node:crypto';
import type { SimResponse } from '../simulator/server.ts';
import type { InvalidField } from './wire.ts';

type ErrorType = 'validation' | 'message_not_readable' | 'not_found' | 'conflict' | 'internal_server_error';

/** 400 in the vendor's shape; the fields say what is wrong. */
export function invalidInput(
  invalidFields: readonly InvalidField[],
  type: 'validation' | 'message_not_readable' = 'validation',
): SimResponse {
  const error = apiError(type, 'Invalid input', 'The request has incorrect values.');
  return { status: 400, body: { ...error, invalidFields } };
}

export function notFound(what: string): SimResponse {
  return { status: 404, body: apiError('not_found', 'Not found', `The ${what} was not found.`) };
}

export function conflict(what: string): SimResponse {
  return { status: 409, body: apiError('conflict', 'Conflict', `A ${what} already exists.`) };
}

/** The documented body of an error status, or undefined where none is documented (401, 403, 429, 501 to 504). */
export function errorBody(status: number): unknown {
  if (status === 400) return invalidInput([]).body;
  if (status === 404) return notFound('resource').body;
  if (status === 409) return conflict('resource').body;
  if (status !== 500) return undefined;
  return apiError('internal_server_error', 'Internal server error', 'Something went wrong.');
}

function apiError(type: ErrorType, title: string, detail: string) {
  return { uuid: randomUUID(), type, title, detail };
}
