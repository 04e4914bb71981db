import type { ReasonCode } from '../errors.ts';
import type { Pending } from './link.ts';
import type { Operation, Outcome } from './operation.ts';
import type { HeldBy } from './protect.ts';
import { weigh } from './weigh.ts';

/** What an earlier decision or refusal says about an operation planned now; undefined = judge it like any other. */
export type Standing =
  | { readonly kind: 'approved' }
  | {
      readonly kind: 'stays';
      readonly outcome: Extract<Outcome, 'held' | 'skipped' | 'rejected'>;
      readonly reason: ReasonCode;
      readonly heldBy?: HeldBy;
      /** Nobody decided in time: shown and announced afresh. */
      readonly renewed?: true;
    };

/**
 * Holds an operation against what waits for its person. An approval counts only for exactly the operation that was shown;
 * a hold lasts until its reason is gone; a refusal by MessageMedia lasts until person or configuration change.
 */
export function judgeStanding(
  operation: Operation,
  pending: Pending | undefined,
  run: { readonly fingerprint: string; readonly now: number; readonly holdMs: number },
): Standing | undefined {
  if (pending === undefined || operation.kind === 'none' || operation.kind === 'skip') return undefined;
  if (pending.outcome === 'rejected') {
    const same = pending.operationHash === operation.hash && pending.fingerprint === run.fingerprint;
    return same && pending.missesList !== true
      ? { kind: 'stays', outcome: 'rejected', reason: pending.reason }
      : undefined;
  }
  if (pending.outcome !== 'held' && pending.outcome !== 'failed') return undefined;
  if (isApproved(operation, pending)) return { kind: 'approved' };
  if (pending.outcome === 'failed') return undefined;
  // Somebody decided against it: left out, and nothing more to decide.
  if (isRejected(operation, pending)) return { kind: 'stays', outcome: 'skipped', reason: pending.reason };
  const { decision } = pending;
  // Something about the person changed: what was rejected is judged anew, and so is what has lost its reason.
  if (decision?.kind === 'rejected' || !stillHeld(operation, pending)) return undefined;
  const isStale = decision !== undefined || pending.reason === 'stale-plan';
  return {
    kind: 'stays',
    outcome: 'held',
    reason: isStale ? 'stale-plan' : operation.kind === 'remove' ? 'held-removal' : 'held-change',
    ...(pending.heldBy === undefined ? {} : { heldBy: pending.heldBy }),
    ...(isOverdue(pending, run) ? { renewed: true } : {}),
  };
}

/** Whether somebody approved exactly this operation. */
export function isApproved(operation: Pick<Operation, 'hash'>, pending: Pending | undefined): boolean {
  return pending?.decision?.kind === 'approved' && pending.decision.operationHash === operation.hash;
}

/**
 * Whether somebody decided against this operation. Against a contact for somebody who has none it is decided whichever
 * contact that would be: one that others left behind meanwhile is no news about the person.
 */
export function isRejected(operation: Pick<Operation, 'hash' | 'wish'>, pending: Pending | undefined): boolean {
  if (pending?.decision?.kind !== 'rejected') return false;
  const isSame = pending.decision.operationHash === operation.hash;
  return isSame || (pending.wish !== undefined && pending.wish === operation.wish);
}

/** Whether a hold was announced so long ago that people are told again. */
export function isOverdue(
  { announcedAt, since }: Pending,
  { now, holdMs }: { readonly now: number; readonly holdMs: number },
): boolean {
  return now - (announcedAt ?? since) >= holdMs;
}

/** Whether what the rule holds people for is still what would be done: a newer fact dissolves a hold only then. */
function stillHeld(operation: Operation, { reason, heldBy }: Pending): boolean {
  if (heldBy?.rule === 'first-run') return true;
  const weight = weigh(operation);
  if (weight === undefined) return false;
  switch (heldBy?.rule) {
    case 'list-share':
    case 'list-emptied':
      return weight.leaves.some(({ key }) => key === heldBy.list?.key);
    case 'update-share':
      return weight.isUpdate;
    case 'field-clears':
      return weight.clears.some((field) => field === heldBy.field);
    case undefined:
      return reason === 'stale-plan' || weight.isLeaver === (reason === 'held-removal');
    default:
      return weight.isLeaver;
  }
}
