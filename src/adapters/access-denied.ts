import { NeighbourError } from '../core/errors.ts';
import type { AccessProblem, Neighbour, NeighbourErrorDetail } from '../core/errors.ts';

/** What is wrong with our access, and the sentence that says how to mend it. */
export interface AccessCure {
  readonly access: AccessProblem;
  readonly cure: string;
}

/** The `access-denied` of a neighbour: its message says what happened and ends with the cure. */
export function accessDenied(
  neighbour: Neighbour,
  happened: string,
  { access, cure }: AccessCure,
  detail: NeighbourErrorDetail = {},
  cause?: unknown,
): NeighbourError {
  return new NeighbourError(neighbour, 'access-denied', `${happened} ${cure}`, { ...detail, access }, cause);
}
