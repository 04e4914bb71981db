import type { SimResponse } from '../simulator/server.ts';
import type { Call, Calls } from './call.ts';

export const numberCalls: Calls = {
  ListAllBlockedNumbers: listBlockedNumbers,
  CheckIfOneOrSeveralNumbersAreCurrentlyBlacklisted: checkNumbers,
};

// The vendor's page size; it cannot be chosen.
const NUMBERS_A_PAGE = 100;

/** Pages in the order in which numbers were blocked; a token stands for the position of its first number. */
function listBlockedNumbers({ state, path, query }: Call): SimResponse {
  const token = query.get('page');
  const blocked = [...state.blocked];
  const from = token === null ? 0 : Number(Buffer.from(token, 'base64url').toString());
  const numbers = blocked.slice(from, from + NUMBERS_A_PAGE);
  const next = from + NUMBERS_A_PAGE;
  const uri = token === null ? path : `${path}?page=${token}`;
  if (next >= blocked.length) return { status: 200, body: { uri, numbers, pagination: {} } };
  const page = Buffer.from(String(next)).toString('base64url');
  return { status: 200, body: { uri, numbers, pagination: { page, next_uri: `${path}?page=${page}` } } };
}

function checkNumbers({ state, path, params }: Call): SimResponse {
  const numbers = (params['numbers'] ?? '').split(',');
  const answers = numbers.map((number) => ({ number, authorised: !state.blocked.has(number) }));
  return { status: 200, body: { uri: path, numbers: answers } };
}
