import { messagingName, REASON_WORDS } from '../plan/describe.ts';
import type { Pending } from '../plan/link.ts';
import type { HoldRule } from '../plan/protect.ts';
import type { Engine } from './engine.ts';
import { fetchClaims } from './person-rows.ts';

/** What waits for a person, until when, and what is to be done about it. Times in milliseconds since 1970. */
export interface Waiting extends Pick<Pending, 'outcome' | 'reason' | 'since' | 'runId'> {
  readonly words: string;
  /** The section of docs/operations.md that tells what to do. */
  readonly runbook: string;
  /** When a run takes the person up by itself; absent: somebody or something else has to move first. */
  readonly until?: number;
  readonly attempts?: number;
  /** The rule that holds the person, and the list or field it is about. */
  readonly rule?: HoldRule;
  readonly list?: string;
  readonly field?: string;
  readonly decision?: 'approved' | 'rejected';
  /** Who has the number that the person waits for. */
  readonly holder?: string;
}

export async function explainWaiting(engine: Engine, pending: Pending): Promise<Waiting> {
  const { outcome, reason, since, runId, dueAt, attempts, heldBy, decision, waitsFor } = pending;
  const claims = await fetchClaims(engine, waitsFor === undefined ? [] : [waitsFor]);
  const holder = claims.get(waitsFor ?? '')?.personId;
  const { rule, list, field } = heldBy ?? {};
  return {
    outcome,
    reason,
    since,
    runId,
    words: `${REASON_WORDS[reason]}${nextWords(pending)}`,
    runbook: outcome === 'held' ? 'operations.md#approve-or-reject-a-hold' : 'operations.md#reason-codes',
    ...(dueAt === undefined ? {} : { until: dueAt }),
    ...(attempts === 0 ? {} : { attempts }),
    ...(rule === undefined ? {} : { rule }),
    ...(list === undefined ? {} : { list: list.name }),
    ...(field === undefined ? {} : { field: messagingName(field) }),
    ...(decision === undefined ? {} : { decision: decision.kind }),
    ...(holder === undefined ? {} : { holder }),
  };
}

/** What has to happen next. */
function nextWords({ outcome, dueAt, decision, waitsFor }: Pending): string {
  if (decision?.kind === 'approved') return ' Approved: the next run applies it if it is still the same.';
  if (decision?.kind === 'rejected') return ' Rejected: it is planned anew when something about the person changes.';
  if (outcome === 'held') return ' Somebody has to approve or reject it.';
  if (waitsFor !== undefined) return ' A run follows when the number is free.';
  if (dueAt !== undefined) return ' A run takes it up again by itself.';
  return ' It is tried again when the person, the configuration or what is missing changes.';
}
