import { NeighbourError } from '../../core/errors.ts';
import { judgeBrokenAnswer } from './graph-failures.ts';

/** The codes of things that are not there; any other 404 is about the address that was called. */
const NOT_THERE = /(resource|item)notfound$/i;

export function saysNotThere(codes: readonly string[]): boolean {
  return codes.some((code) => NOT_THERE.test(code));
}

/** Whether an error says that what was asked for is not there. */
export function isMissing(error: unknown): error is NeighbourError {
  if (!(error instanceof NeighbourError) || error.failure !== 'not-found') return false;
  return saysNotThere([error.detail.neighbourCode ?? '']);
}

/** The error, unless it is a 404 about the address: that is an answer nobody expects, and says nothing of what is there. */
export function notAboutAddress(error: unknown, name: string): unknown {
  const isNotFound = error instanceof NeighbourError && error.failure === 'not-found';
  return isNotFound && !isMissing(error) ? judgeBrokenAnswer(404, { name }).error : error;
}

/** The same, with words for what is missing. */
export function missingAs(error: unknown, name: string, message: string): unknown {
  return isMissing(error)
    ? new NeighbourError('graph', 'not-found', message, error.detail, error)
    : notAboutAddress(error, name);
}
