import type { Case } from './apply-case.ts';
import type { PersonOutcome } from './parts.ts';
import type { RunRow } from './run-row.ts';

function outcomeOf({ operation, ending, flaw, stored }: Case): PersonOutcome {
  const { personId, invalid, elsewhere } = operation;
  const mark = stored ? { stored: true as const } : {};
  if (ending !== undefined && ending.outcome !== 'wait') return { personId, ...ending, ...mark };
  if (ending !== undefined) return { personId, outcome: 'failed', reason: 'service-unavailable', ...mark };
  if (flaw !== undefined) return { personId, ...flaw, ...mark };
  if (invalid.length > 0) return { personId, outcome: 'rejected', reason: 'invalid-value', ...mark };
  if (elsewhere !== undefined) return { personId, outcome: 'rejected', reason: 'on-premises', ...mark };
  return { personId, outcome: 'done', ...mark };
}

/** How a case is reported: how it ended, and what the end of the run has to know of it. */
export function reportCase(
  one: Case,
  { isRepeat, wasOpen }: { readonly isRepeat: boolean; readonly wasOpen: boolean },
): PersonOutcome {
  const outcome = outcomeOf(one);
  // By an earlier worker on this batch, or in an earlier wave; what stood so before is only stored when the run closes.
  const wasStored = !wasOpen && (isRepeat || one.etag !== one.member.etag);
  const isRepeated = isRepeat && outcome.outcome !== 'done';
  return {
    ...outcome,
    ...(wasStored ? { stored: true as const } : {}),
    ...(isRepeated ? { repeated: true as const } : {}),
  };
}

/** Lists that the configuration does not let us create: the membership is refused, the rest was done. */
export function flagMissingLists(run: RunRow, cases: readonly Case[]): void {
  const missing = new Set(run.resolved?.missingLists);
  for (const one of cases) {
    if (one.operation.lists.add.some(({ key }) => missing.has(key))) {
      one.flaw = { outcome: 'rejected', reason: 'invalid-value', missesList: true };
    }
  }
}

/** How long MessageMedia wants the batch to wait, in milliseconds; undefined when it does not. */
export function waitAsked(cases: readonly Case[]): number | undefined {
  const waits = cases.flatMap(({ ending }) => (ending?.outcome === 'wait' ? [ending.retryAfterMs] : []));
  return waits.length === 0 ? undefined : Math.max(...waits);
}
