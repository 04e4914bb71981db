import { NeighbourError, SyncError, isClaimLost } from '../errors.ts';
import { RowConflict } from '../ports.ts';
import { endCase } from './apply-case.ts';
import type { Application, Case } from './apply-case.ts';
import { findLost } from './find-lost.ts';

/** Whether MessageMedia failed in one of these ways. */
export function isFailure(error: unknown, ...failures: readonly NeighbourError['failure'][]): error is NeighbourError {
  return error instanceof NeighbourError && failures.includes(error.failure);
}

/** Neither a neighbour nor our tables nor a lost claim: a repeat of the whole batch would not help. */
function isOwnDefect(error: unknown): error is Error {
  const isKnown = error instanceof NeighbourError || error instanceof SyncError || error instanceof RowConflict;
  return error instanceof Error && !isKnown;
}

/** All cases side by side. Every one of them comes to its end before what concerns everybody is thrown. */
export async function applyEach(
  app: Application,
  cases: readonly Case[],
  apply: (one: Case) => Promise<void>,
): Promise<void> {
  const applyOne = async (one: Case): Promise<void> => {
    try {
      await apply(one);
    } catch (error) {
      app.halted ??= error as Error;
      throw error;
    }
  };
  const results = await Promise.allSettled(cases.map(applyOne));
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  if (errors.length === 0) return;
  // A worker that lost its claim must not even write down what it did.
  throw errors.find(isClaimLost) ?? errors[0];
}

/** Turns a neighbour's refusal about one person into how the person's case ends; what concerns everybody is thrown on. */
export function endByError(one: Case, error: unknown): void {
  if (isOwnDefect(error)) {
    one.defect = error;
    return endCase(one, { outcome: 'failed', reason: 'in-doubt' });
  }
  if (!(error instanceof NeighbourError) || error.neighbour !== 'messagemedia') throw error;
  const { failure, detail } = error;
  if (failure === 'access-denied') throw error;
  if (failure === 'throttled' || failure === 'unavailable') {
    return endCase(one, { outcome: 'wait', retryAfterMs: detail.retryAfterMs ?? 0 });
  }
  if (failure === 'invalid') return endCase(one, { outcome: 'rejected', reason: 'invalid-value' });
  if (failure === 'conflict') return endCase(one, { outcome: 'rejected', reason: 'contact-conflict' });
  if (failure === 'answer-lost') return endCase(one, { outcome: 'failed', reason: 'in-doubt' });
  return endCase(one, { outcome: 'failed', reason: 'service-unavailable' });
}

/** A refused request may name a list or a custom field that somebody deleted: then it is not the person's fault. */
export async function endByRefusal(app: Application, one: Case, error: unknown): Promise<void> {
  try {
    const isLost = isFailure(error, 'invalid') && (await findLost(app)).size > 0;
    if (isLost) return endCase(one, { outcome: 'failed', reason: 'service-unavailable' });
  } catch (second) {
    return endByError(one, second);
  }
  endByError(one, error);
}

/** Access was refused to everybody after an answer was lost for somebody: the batch does not end without doubt. */
export function doubtfulFailure(failure: Error): Error {
  const isRefusal = failure instanceof NeighbourError && failure.failure === 'access-denied';
  return isRefusal ? new SyncError('access-denied', failure.message, {}, failure) : failure;
}
