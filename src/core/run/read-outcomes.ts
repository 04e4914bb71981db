import { outcomeOfPlan } from '../plan/final-outcome.ts';
import type { FinalOutcome } from '../plan/final-outcome.ts';
import type { Operation } from '../plan/operation.ts';
import type { Engine } from './engine.ts';
import { fetchPart, findPart, partKey } from './parts.ts';
import type { OutcomePart, PersonOutcome, PlanPart, Verdict, VerdictPart } from './parts.ts';
import type { RunRow } from './run-row.ts';

export interface JudgedOperation {
  readonly operation: Operation;
  readonly verdict: Verdict | undefined;
  /** Undefined while nobody has acted on the operation. */
  readonly final: FinalOutcome | undefined;
  /** The person row was written with this round's values already. */
  readonly stored: boolean;
}
export interface JudgedBatch {
  readonly operations: readonly JudgedOperation[];
  readonly accountId?: string | undefined;
}

/** What the judge said of a batch's people; nothing of those who simply go ahead. */
export async function readVerdicts(engine: Engine, run: RunRow, index: number): Promise<VerdictPart> {
  if (!run.exceptional.includes(index)) return {};
  return fetchPart<VerdictPart>(engine, run.runId, partKey.verdict(run.sealNonce!, index));
}

/** One batch with what planning, judge and applier said of each operation; undefined when it is not planned yet. */
export async function readBatch(engine: Engine, run: RunRow, index: number): Promise<JudgedBatch | undefined> {
  const plan = await findPart<PlanPart>(engine, run.runId, partKey.plan(run.batchNonce ?? '', index));
  if (plan === undefined) return undefined;
  const verdicts = await readVerdicts(engine, run, index);
  const outcomes = new Map<string, PersonOutcome>();
  let accountId: string | undefined;
  if (Object.values(run.waves).some((batches) => batches.includes(index))) {
    for await (const rows of engine.tables.parts.scan(run.runId, partKey.outcomes(index))) {
      for (const row of rows) {
        if (row.facets['account'] !== '') accountId = String(row.facets['account']);
        for (const one of (row.body as OutcomePart).people) outcomes.set(one.personId, one);
      }
    }
  }
  const operations = plan.operations.map((operation): JudgedOperation => {
    const verdict = verdicts[operation.personId];
    const applied = outcomes.get(operation.personId);
    return { operation, verdict, final: finalOf(operation, verdict, applied), stored: applied?.stored === true };
  });
  return { operations, accountId };
}

function finalOf(
  operation: Operation,
  verdict: Verdict | undefined,
  applied: PersonOutcome | undefined,
): FinalOutcome | undefined {
  if (applied !== undefined) return applied;
  if (verdict?.outcome !== undefined) {
    const { outcome, reason, waitsFor, until, heldBy, renewed } = verdict;
    return { outcome, reason, waitsFor, until, heldBy, renewed };
  }
  return outcomeOfPlan(operation);
}
