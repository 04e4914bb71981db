import type { ReasonCode } from '../errors.ts';
import type { Pending } from './link.ts';
import type { Operation, Outcome } from './operation.ts';

/** How one person ended in a run, whoever decided it: planning, the judge or the applier. */
export interface FinalOutcome {
  readonly outcome: Outcome;
  readonly reason?: ReasonCode | undefined;
  readonly waitsFor?: string | undefined;
}

/** What planning alone decides: nothing to do, or a reason to leave the person out. Undefined = somebody has to act. */
export function outcomeOfPlan(operation: Operation): FinalOutcome | undefined {
  const { kind, reason, invalid } = operation;
  if (kind === 'none') {
    return invalid.length > 0 ? { outcome: 'rejected', reason: 'invalid-value' } : { outcome: 'unchanged' };
  }
  if (kind !== 'skip') return undefined;
  // The directory showed the person but did not answer for the id: that passes.
  if (reason === 'service-unavailable') return { outcome: 'failed', reason };
  return { outcome: 'skipped', reason };
}

const FIRST_RETRY_MS = 15 * 60_000;
const DAY_MS = 86_400_000;

/** 15 minutes, doubling to a day. */
export function retryDelay(attempts: number): number {
  return Math.min(DAY_MS, FIRST_RETRY_MS * 2 ** Math.max(0, attempts - 1));
}

function dueAfter({ outcome, waitsFor }: FinalOutcome, attempts: number, now: number): number | undefined {
  if (outcome === 'failed') return now + retryDelay(attempts);
  // Nobody of ours will free that number: what stands in the way has to be looked at again.
  return outcome === 'skipped' && waitsFor === undefined ? now + DAY_MS : undefined;
}

/** What has to be remembered of a person after a run; undefined when nothing waits. */
export function pendingAfter(
  operation: Operation,
  final: FinalOutcome,
  before: Pending | undefined,
  run: { readonly runId: string; readonly fingerprint: string; readonly now: number },
): Pending | undefined {
  const { outcome, reason, waitsFor } = final;
  if (outcome === 'done' || outcome === 'unchanged' || outcome === 'superseded' || reason === undefined)
    return undefined;
  // Somebody decided against the operation: the row that says so stands until the person changes.
  const isRejected = before?.decision?.kind === 'rejected' && before.decision.operationHash === operation.hash;
  if (outcome === 'skipped' && isRejected) return before;
  const waits = outcome !== 'skipped' || reason === 'duplicate-phone' || reason === 'contact-conflict';
  if (!waits) return undefined;
  const attempts = outcome === 'failed' ? (before?.outcome === 'failed' ? before.attempts : 0) + 1 : 0;
  const sameReason = before?.outcome === outcome && before.reason === reason;
  const dueAt = dueAfter(final, attempts, run.now);
  return {
    personId: operation.personId,
    department: operation.department,
    outcome,
    reason,
    operationHash: operation.hash,
    runId: run.runId,
    since: sameReason ? before.since : run.now,
    attempts,
    ...(dueAt === undefined ? {} : { dueAt }),
    ...(waitsFor === undefined ? {} : { waitsFor }),
    fingerprint: run.fingerprint,
    ...approvalKept(operation, final, before),
    ...triedAfter(operation, final, before),
  };
}

/** The numbers to look under before anything else is done for the person; a creation in doubt adds its own. */
function triedAfter(operation: Operation, final: FinalOutcome, before: Pending | undefined): Partial<Pending> {
  const { kind, phone, phoneKey, unnoted } = operation;
  const open = final.outcome === 'failed' || unnoted !== undefined ? (before?.tried ?? []) : [];
  const isLost = kind === 'create' && final.outcome === 'failed' && final.reason === 'in-doubt';
  if (!isLost || open.some((one) => one.phoneKey === phoneKey)) return open.length === 0 ? {} : { tried: open };
  return { tried: [...open, { phone: phone!, phoneKey: phoneKey! }] };
}

/** What was approved and failed stays approved: nobody has to decide twice because of an outage. */
function approvalKept(operation: Operation, { outcome }: FinalOutcome, before: Pending | undefined): Partial<Pending> {
  const decision = before?.decision;
  const isApproved = decision?.kind === 'approved' && decision.operationHash === operation.hash;
  return outcome === 'failed' && isApproved ? { decision } : {};
}
