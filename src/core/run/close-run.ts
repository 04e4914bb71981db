import { pendingAfter } from '../plan/final-outcome.ts';
import type { FinalOutcome } from '../plan/final-outcome.ts';
import type { Operation } from '../plan/operation.ts';
import type { Link, Pending } from '../plan/link.ts';
import { sharedDepartment } from '../people/shared-attributes.ts';
import { NOTHING_APPLIED } from '../plan/weigh.ts';
import { RowConflict } from '../ports.ts';
import type { RowChange } from '../ports.ts';
import { reportAdoption } from './adopt-report.ts';
import type { Engine } from './engine.ts';
import { releaseTried } from './doubt.ts';
import { endRun } from './end-run.ts';
import { packWrites } from './fence.ts';
import { isSamePerson } from './merge-entries.ts';
import { addApplied, appliedBy } from './ledger.ts';
import { fetchPart, partKey } from './parts.ts';
import type { BatchPart, BatchPerson } from './parts.ts';
import { fetchPeople, pendingRow, personKey, personRow } from './person-rows.ts';
import { readBatch } from './read-outcomes.ts';
import type { JudgedBatch } from './read-outcomes.ts';
import type { RunCounts, RunRow, RunState } from './run-row.ts';
import { NO_COUNTS } from './run-rows.ts';
import type { Directive, RunWork } from './run-work.ts';
import { wakeWaiting } from './wake-waiting.ts';
import { writePending } from './write-pending.ts';

const COUNT_OF_KIND = {
  create: 'created',
  adopt: 'adopted',
  update: 'updated',
  move: 'moved',
  remove: 'removed',
  restore: 'restored',
  pull: 'pulled',
  none: 'unchanged',
  skip: 'skipped',
} as const satisfies Record<Operation['kind'], keyof RunCounts>;

function countOf(operation: Operation, final: FinalOutcome): keyof RunCounts {
  if (final.outcome === 'done') return operation.action === 'keep' ? 'unchanged' : COUNT_OF_KIND[operation.kind];
  return final.outcome;
}

/** Adds how the operations of a batch ended to the counts of a run. */
export function addBatch(counts: RunCounts, batch: JudgedBatch, dryRun: boolean): RunCounts {
  const sum: Record<keyof RunCounts, number> = { ...counts };
  for (const { operation, final } of batch.operations) {
    // A dry run counts what would be done.
    const end = final ?? { outcome: dryRun ? ('done' as const) : ('failed' as const) };
    sum[countOf(operation, end)] += 1;
  }
  return sum;
}

/** The link with the values that both sides came to by themselves; those of an operation go in as it is applied. */
function linkAgreed(link: Link | undefined, { kind, unchanged }: Operation): Link | undefined {
  if (link === undefined || kind !== 'none' || unchanged === undefined) return link;
  return { ...link, fields: { ...link.fields, ...unchanged } };
}

/** What a person's rows should say after the run: as last seen, and what still waits. */
function settleMember(
  member: BatchPerson,
  operation: Operation,
  pending: Pending | undefined,
  isStored: boolean,
): RowChange[] {
  const changes: RowChange[] = [];
  const link = linkAgreed(member.link, operation);
  const hasChanged = member.changed || link !== member.link;
  const row = personRow(member.person, link);
  const isGone = member.person.presence !== 'present' && member.link === undefined;
  if (!isStored && isGone && member.etag !== undefined) {
    changes.push({ kind: 'delete', key: row.key, etag: member.etag });
  } else if (!isStored && hasChanged && !isGone && member.unread !== true) {
    changes.push(member.etag === undefined ? { kind: 'insert', row } : { kind: 'replace', row, etag: member.etag });
  }
  if (pending !== undefined) {
    const waiting = pendingRow(pending);
    changes.push(
      member.pendingEtag === undefined
        ? { kind: 'insert', row: waiting }
        : { kind: 'replace', row: waiting, etag: member.pendingEtag },
    );
  } else if (member.pendingEtag !== undefined) {
    changes.push({ kind: 'delete', key: personKey.pending(member.person.id), etag: member.pendingEtag });
  }
  return changes;
}

async function settleBatch(work: RunWork, index: number): Promise<{ batch: JudgedBatch; department: string }> {
  const { engine, run } = work;
  const part = await fetchPart<BatchPart>(engine, run().runId, partKey.batch(run().batchNonce!, index));
  const batch = (await readBatch(engine, run(), index))!;
  const { runId, fingerprint } = run();
  const settling = { runId, fingerprint, now: engine.clock.now() };
  const waiting = new Map<string, Pending>();
  const groups = batch.operations.map(({ operation, final, stored }, at) => {
    const member = part.people[at]!;
    const end = final ?? { outcome: 'failed' as const, reason: 'in-doubt' as const };
    const pending = pendingAfter(operation, end, member.pending, settling);
    if (pending !== undefined) waiting.set(operation.personId, pending);
    return settleMember(member, operation, pending, stored);
  });
  groups.push(...(await releaseTried(engine, part.people, (personId) => waiting.get(personId)?.tried === undefined)));
  for (const { id, etag } of part.forget) groups.push([{ kind: 'delete', key: personKey.person(id), etag }]);
  const settled = { part, operations: batch.operations.map(({ operation }) => operation) };
  await writeSettled(
    work,
    settled,
    groups.filter((group) => group.length > 0),
  );
  return { batch, department: part.department };
}

function tellSettled({ engine, run }: RunWork, batch: JudgedBatch, department: string): void {
  const { read: _read, inScope: _inScope, ...counts } = addBatch(NO_COUNTS, batch, false);
  const people = batch.operations.length;
  if (people === 0) return;
  const { runId, config } = run();
  engine.log.event('batch.settled', { runId, department: sharedDepartment(department, config), people, ...counts });
}

/** A batch with what was planned for its people, in their order. */
interface Settled {
  readonly part: BatchPart;
  readonly operations: readonly Operation[];
}

async function writeSettled(work: RunWork, settled: Settled, groups: readonly RowChange[][]): Promise<void> {
  const { engine } = work;
  for (const chunk of packWrites(groups, (changes) => changes)) {
    try {
      await engine.tables.people.write(engine.config.name, chunk.flat());
    } catch (error) {
      if (!(error instanceof RowConflict)) throw error;
      // Settled before a crash, or a decision was marked meanwhile: each row over what stands now.
      for (const change of chunk.flat()) await writeAnew(work, settled, change);
    }
  }
}

async function writePerson(engine: Engine, { part, operations }: Settled, key: string): Promise<void> {
  const at = part.people.findIndex((one) => personKey.person(one.person.id) === key);
  const member = part.people[at]!;
  const row = (await fetchPeople(engine, [member.person.id])).get(member.person.id);
  const isTheirs = row?.link !== undefined && row.link.contactId === member.link?.contactId;
  const link = isTheirs ? linkAgreed(row.link, operations[at]!) : row?.link;
  if (row !== undefined && link === row.link && isSamePerson(row.person, member.person)) return;
  const next = personRow(member.person, link);
  await engine.tables.people.write(engine.config.name, [
    row === undefined ? { kind: 'insert', row: next } : { kind: 'replace', row: next, etag: row.etag },
  ]);
}

/** One row over what stands now, by a worker that is sure to be the run's own: a row may have changed because it is not. */
async function writeAnew(work: RunWork, settled: Settled, change: RowChange): Promise<void> {
  await work.guard.ensure();
  const key = change.kind === 'delete' ? change.key : change.row.key;
  if (key.startsWith('pending:')) return writePending(work, change);
  if (change.kind !== 'delete' && key.startsWith('person:')) await writePerson(work.engine, settled, key);
}

function endState(counts: RunCounts, run: RunRow): RunState {
  if (run.dryRun) return 'completed';
  if (counts.held > 0) return 'held';
  return counts.failed + counts.rejected > 0 ? 'completed-with-errors' : 'completed';
}

/** Counts how everybody's operation ended, or in a dry run would end; nothing is stored. */
async function tallyRun(work: RunWork): Promise<Pick<RunRow, 'counts' | 'applied'>> {
  const { engine, run } = work;
  let counts: RunCounts = { ...NO_COUNTS, read: run().counts.read, inScope: run().counts.inScope };
  let applied = NOTHING_APPLIED;
  for (let index = 0; index < run().batchCount; index += 1) {
    const batch = await readBatch(engine, run(), index);
    if (batch === undefined) continue;
    counts = addBatch(counts, batch, run().dryRun);
    applied = addApplied(applied, appliedBy(batch));
  }
  return run().dryRun ? { counts } : { counts, applied };
}

/** Another run has the lease: this one's own was given back when its state was committed. Only its row is missing. */
export async function finishClosedRun(work: RunWork): Promise<void> {
  const tallied = await tallyRun(work);
  const adoption = await reportAdoption(work);
  await endRun(work, { state: endState(tallied.counts, work.run()), ...tallied, adoption });
}

/**
 * The last phase: everybody of the round stored as last seen, what waits written down, and only then the state row
 * with the token. Repeated after a crash it finds its rows as it left them.
 */
export async function closeRun(work: RunWork): Promise<Directive> {
  const { engine, run } = work;
  if (run().dryRun) {
    await endRun(work, { state: 'completed', ...(await tallyRun(work)), adoption: await reportAdoption(work) });
    return 'rest';
  }
  let { counts, closeCursor } = run();
  // Until here it was what the plan would do, for other runs to reckon with.
  let applied = closeCursor === 0 ? NOTHING_APPLIED : run().applied!;
  let accountId: string | undefined;
  for (; closeCursor < run().batchCount; closeCursor += 1) {
    await work.guard.ensure();
    const { batch, department } = await settleBatch(work, closeCursor);
    tellSettled(work, batch, department);
    counts = addBatch(counts, batch, false);
    applied = addApplied(applied, appliedBy(batch));
    accountId ??= batch.accountId;
    if (work.isSliceOver()) {
      await work.update({ counts, applied, closeCursor: closeCursor + 1 });
      return 'yield';
    }
  }
  await wakeWaiting(engine);
  const adoption = await reportAdoption(work);
  await endRun(work, { state: endState(counts, run()), counts, applied, accountId, adoption });
  return 'rest';
}
