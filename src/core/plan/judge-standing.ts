import type { ReasonCode } from '../errors.ts';
import type { Pending } from './link.ts';
import type { Operation, Outcome } from './operation.ts';
import { weigh } from './protect.ts';

/** What an earlier decision or refusal says about an operation planned now; undefined = judge it like any other. */
export type Standing =
  | { readonly kind: 'approved' }
  | { readonly kind: 'stays'; readonly outcome: Extract<Outcome, 'held' | 'rejected'>; readonly reason: ReasonCode };

/**
 * Holds an operation against what waits for its person. An approval counts only for exactly the operation that was shown;
 * a hold lasts until its reason is gone; a refusal by MessageMedia lasts until person or configuration change.
 */
export function judgeStanding(
  operation: Operation,
  pending: Pending | undefined,
  fingerprint: string,
): Standing | undefined {
  if (pending === undefined || operation.kind === 'none' || operation.kind === 'skip') return undefined;
  if (pending.outcome === 'rejected') {
    const same = pending.operationHash === operation.hash && pending.fingerprint === fingerprint;
    return same ? { kind: 'stays', outcome: 'rejected', reason: pending.reason } : undefined;
  }
  if (pending.outcome !== 'held') return undefined;
  const { decision } = pending;
  if (decision !== undefined && decision.operationHash === operation.hash) {
    return decision.kind === 'approved'
      ? { kind: 'approved' }
      : { kind: 'stays', outcome: 'held', reason: pending.reason };
  }
  if (decision?.kind === 'approved') return { kind: 'stays', outcome: 'held', reason: 'stale-plan' };
  // Rejected, and something about the person changed since: judged anew.
  if (decision?.kind === 'rejected') return undefined;
  return stillHeld(operation, pending) ? { kind: 'stays', outcome: 'held', reason: pending.reason } : undefined;
}

function stillHeld(operation: Operation, pending: Pending): boolean {
  if (weigh(operation) === undefined) return false;
  if (pending.reason === 'held-removal') return operation.kind === 'remove';
  if (pending.reason === 'held-change') return operation.kind !== 'remove';
  return pending.reason === 'stale-plan';
}
