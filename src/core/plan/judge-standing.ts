import type { ReasonCode } from '../errors.ts';
import type { Pending } from './link.ts';
import type { Operation, Outcome } from './operation.ts';
import { weigh } from './protect.ts';

/** What an earlier decision or refusal says about an operation planned now; undefined = judge it like any other. */
export type Standing =
  | { readonly kind: 'approved' }
  | {
      readonly kind: 'stays';
      readonly outcome: Extract<Outcome, 'held' | 'skipped' | 'rejected'>;
      readonly reason: ReasonCode;
    };

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
  const { decision } = pending;
  if (pending.outcome === 'failed') {
    return decision?.kind === 'approved' && decision.operationHash === operation.hash
      ? { kind: 'approved' }
      : undefined;
  }
  if (pending.outcome !== 'held') return undefined;
  if (decision !== undefined && decision.operationHash === operation.hash) {
    return decision.kind === 'approved'
      ? { kind: 'approved' }
      : // Somebody decided against it: left out, and nothing more to decide.
        { kind: 'stays', outcome: 'skipped', reason: pending.reason };
  }
  // Something about the person changed: what was rejected is judged anew, and so is what has lost its reason.
  if (decision?.kind === 'rejected' || !stillHeld(operation, pending)) return undefined;
  return { kind: 'stays', outcome: 'held', reason: decision === undefined ? pending.reason : 'stale-plan' };
}

function stillHeld(operation: Operation, pending: Pending): boolean {
  if (weigh(operation) === undefined) return false;
  if (pending.reason === 'held-removal') return operation.kind === 'remove';
  if (pending.reason === 'held-change') return operation.kind !== 'remove';
  return pending.reason === 'stale-plan';
}
