import type { ReasonCode } from '../errors.ts';
import { isApproved, isRejected } from './judge-standing.ts';
import type { Pending } from './link.ts';
import type { Operation, Outcome } from './operation.ts';
import type { HeldBy } from './protect.ts';

/** How one person ended in a run, whoever decided it: planning, the judge or the applier. */
export interface FinalOutcome {
  readonly outcome: Outcome;
  readonly reason?: ReasonCode | undefined;
  readonly waitsFor?: string | undefined;
  /** Rejected for a list that may not be created, and may be made by hand at any time. */
  readonly missesList?: true | undefined;
  /** An earlier worker began the operation: it may have made or found a contact that nobody noted. */
  readonly repeated?: true | undefined;
  /** What was done is written down with the person: whatever else is missing, there is no doubt about that. */
  readonly stored?: true | undefined;
  /** When a grace is over, ms since 1970. */
  readonly until?: number | undefined;
  readonly heldBy?: HeldBy | undefined;
  /** Held for so long without a decision that people are told again. */
  readonly renewed?: boolean | undefined;
}

/** What planning alone decides: nothing to do, or a reason to leave the person out. Undefined = somebody has to act. */
export function outcomeOfPlan(operation: Operation): FinalOutcome | undefined {
  const { kind, reason, invalid, elsewhere, frozenUntil } = operation;
  if (kind === 'none') {
    if (invalid.length > 0) return { outcome: 'rejected', reason: 'invalid-value' };
    if (elsewhere !== undefined) return { outcome: 'rejected', reason: 'on-premises' };
    return frozenUntil === undefined ? { outcome: 'unchanged' } : { outcome: 'skipped', reason: 'frozen' };
  }
  if (kind !== 'skip') return undefined;
  // The directory showed the person but did not answer for the id: that passes.
  if (reason === 'service-unavailable') return { outcome: 'failed', reason };
  return { outcome: 'skipped', reason };
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** After each try that failed; from then on daily. An hour outlasts most outages, and nobody waits longer than a day. */
const LADDER_MS: readonly number[] = [HOUR_MS, 6 * HOUR_MS, 12 * HOUR_MS];

/** How long somebody who failed so many times in a row waits for the next try. Never given up. */
export function retryDelay(attempts: number): number {
  return LADDER_MS[Math.max(1, attempts) - 1] ?? DAY_MS;
}

function dueAfter({ outcome, waitsFor, until }: FinalOutcome, attempts: number, now: number): number | undefined {
  if (outcome === 'failed') return now + retryDelay(attempts);
  if (until !== undefined) return until;
  // Nobody of ours will free that number: what stands in the way has to be looked at again.
  return outcome === 'skipped' && waitsFor === undefined ? now + DAY_MS : undefined;
}

/** Reasons to leave somebody out for now that are remembered: what stands in the way goes away by itself. */
const WAITING_REASONS: readonly ReasonCode[] = ['duplicate-phone', 'contact-conflict', 'grace'];

/** What has to be remembered of a person after a run; undefined when nothing waits. */
export function pendingAfter(
  operation: Operation,
  final: FinalOutcome,
  before: Pending | undefined,
  run: { readonly runId: string; readonly fingerprint: string; readonly now: number },
): Pending | undefined {
  const { outcome, reason, waitsFor } = final;
  if (outcome === 'done' || outcome === 'unchanged' || (outcome === 'skipped' && reason === 'frozen'))
    return lookAgain(operation, before, run);
  if (outcome === 'superseded' || reason === undefined) return undefined;
  // Somebody decided against the operation: the row that says so stands until the person changes.
  if (outcome === 'skipped' && isRejected(operation, before)) return before;
  // A plan that was approved as a whole says nothing about whom it left out: what waited for them goes on waiting.
  if (outcome === 'skipped' && reason === 'stale-plan') return before;
  if (outcome === 'skipped' && !WAITING_REASONS.includes(reason)) return undefined;
  const attempts = outcome === 'failed' ? (before?.outcome === 'failed' ? before.attempts : 0) + 1 : 0;
  const isSame = before?.outcome === outcome && before.reason === reason && before.cause === operation.cause;
  const dueAt = dueAfter(final, attempts, run.now);
  return {
    personId: operation.personId,
    department: operation.department,
    outcome,
    reason,
    operationHash: operation.hash,
    ...(operation.wish === undefined ? {} : { wish: operation.wish }),
    runId: run.runId,
    since: isSame ? before.since : run.now,
    attempts,
    ...(dueAt === undefined ? {} : { dueAt }),
    ...(waitsFor === undefined ? {} : { waitsFor }),
    fingerprint: run.fingerprint,
    ...(operation.cause === undefined ? {} : { cause: operation.cause }),
    ...(operation.absent === undefined ? {} : { absent: true }),
    ...(operation.repair === undefined ? {} : { repair: true }),
    ...(final.missesList === undefined ? {} : { missesList: true }),
    ...(operation.byMarker === undefined ? {} : { marked: operation.contactIds! }),
    ...holdAfter(final, before, run.now),
    ...approvalKept(operation, final, before),
    ...triedAfter(operation, final, before),
    ...doubtAfter(operation, final, before),
  };
}

/** A doubt stays until the operation that looks into it is done; and what it may have put the person on with it. */
function doubtAfter(operation: Operation, final: FinalOutcome, before: Pending | undefined): Partial<Pending> {
  const isNew = final.reason === 'in-doubt';
  const isOld = operation.doubt && final.stored !== true;
  if (!isNew && !isOld) return {};
  const known = before?.joins ?? [];
  const added = isNew ? operation.lists.add.filter(({ key }) => !known.some((list) => list.key === key)) : [];
  const joins = [...known, ...added];
  const stray = operation.strayPhone ?? before?.stray;
  return {
    ...(isNew ? {} : { doubt: true as const }),
    ...(joins.length === 0 ? {} : { joins }),
    ...(stray === undefined ? {} : { stray }),
  };
}

/** Whether it is not known what an earlier try did to the person's contact. */
export function isDoubtful(pending: Pending | undefined): boolean {
  return pending?.reason === 'in-doubt' || pending?.doubt === true;
}

/** Nothing failed, and yet the person has to be looked at again: a field thaws, or the directory shows our write late. */
function lookAgain(
  { personId, department, hash, frozenUntil, echoUntil }: Operation,
  before: Pending | undefined,
  { runId, fingerprint, now }: { readonly runId: string; readonly fingerprint: string; readonly now: number },
): Pending | undefined {
  const dueAt = Math.min(frozenUntil ?? Infinity, echoUntil ?? Infinity);
  if (dueAt === Infinity) return undefined;
  const reason = frozenUntil === undefined ? 'service-unavailable' : 'frozen';
  const since = before?.reason === reason ? before.since : now;
  const waits = { outcome: 'skipped', reason, operationHash: hash, attempts: 0, dueAt } as const;
  return { personId, department, ...waits, runId, since, fingerprint };
}

/** By which rule somebody is held, and since when people know. */
function holdAfter(
  { outcome, heldBy, renewed }: FinalOutcome,
  before: Pending | undefined,
  now: number,
): Partial<Pending> {
  if (outcome !== 'held') return {};
  const known = before?.outcome === 'held' && renewed !== true ? before.announcedAt : undefined;
  return { ...(heldBy === undefined ? {} : { heldBy }), announcedAt: known ?? now };
}

/**
 * The numbers to look under before anything else is done for the person, should they have no contact by then. What
 * failed adds its own, whatever it failed for, and so does a repeat however it ended: an earlier worker on it may have
 * died over a contact that nobody noted.
 */
function triedAfter(operation: Operation, final: FinalOutcome, before: Pending | undefined): Partial<Pending> {
  const { phone, phoneKey, unnoted } = operation;
  const isOpen = final.outcome === 'failed' || final.repeated === true;
  const open = isOpen || unnoted !== undefined || operation.doubt ? (before?.tried ?? []) : [];
  if (phone === undefined || !isOpen || open.some((one) => one.phoneKey === phoneKey))
    return open.length === 0 ? {} : { tried: open };
  return { tried: [...open, { phone, phoneKey: phoneKey! }] };
}

/** What was approved and failed stays approved: nobody has to decide twice because of an outage. */
function approvalKept(operation: Operation, { outcome }: FinalOutcome, before: Pending | undefined): Partial<Pending> {
  return outcome === 'failed' && isApproved(operation, before) ? { decision: before!.decision! } : {};
}
