import { SyncError } from '../errors.ts';
import { RowConflict } from '../ports.ts';
import type { RowChange, StoredRow } from '../ports.ts';
import type { Engine } from './engine.ts';
import { ERASED, facetsWithoutPerson, withoutPerson } from './erase-parts.ts';
import { packWrites, raiseFence, withFence } from './fence.ts';
import type { Writer } from './fence.ts';
import { claimRow, personKey } from './person-rows.ts';
import type { PhoneClaim } from './person-rows.ts';
import { eraseFromMemberships } from './memberships.ts';
import { isActive } from './run-row.ts';
import type { RunRow } from './run-row.ts';
import { changeRun, findRun, recentRuns } from './run-rows.ts';
import { changeState, nextGeneration, readState } from './state-row.ts';

export interface Erasure {
  readonly personId: string;
  /** Rows that were deleted or rewritten without the person. */
  readonly rows: number;
  /** What stays, and must: the evidence that a number opted out. */
  readonly kept: readonly ['consent'];
}

/** A lease without a run counts as taken for a minute: renewed well before. */
const RENEW_MS = 20_000;

interface Hold {
  readonly writer: Writer;
  readonly renew: () => Promise<void>;
  readonly free: () => Promise<void>;
}

/** Keeps runs from starting: one that had read the person already would write the rows anew. */
async function holdLease(engine: Engine): Promise<Hold> {
  const leaseId = `erasure-${engine.ids.next().slice(0, 8)}`;
  let renewedAt = engine.clock.now();
  const { generation } = await changeState(engine, (state) => {
    if (state.lease !== undefined) refuse(state.lease.runId);
    const lease = { runId: leaseId, since: renewedAt };
    return { ...state, generation: nextGeneration(state, renewedAt), lease };
  });
  return {
    writer: { runId: leaseId, generation },
    async renew() {
      const now = engine.clock.now();
      if (now - renewedAt < RENEW_MS) return;
      await changeState(engine, (state) => {
        if (state.lease?.runId !== leaseId) refuse(state.lease?.runId ?? leaseId);
        return { ...state, lease: { runId: leaseId, since: now } };
      });
      renewedAt = now;
    },
    async free() {
      await changeState(engine, (state) =>
        state.lease?.runId === leaseId ? { ...state, lease: undefined } : undefined,
      );
    },
  };
}

function refuse(runId: string): never {
  throw new SyncError('run-active', `Run ${runId} is active. Erase the person when it has ended.`, { runId });
}

/** A lease that outlived its run is no reason to refuse. */
async function freeDeadLease(engine: Engine): Promise<void> {
  const { lease } = await readState(engine);
  const found = lease === undefined ? undefined : await findRun(engine, lease.runId);
  if (found === undefined || isActive(found.run)) return;
  await changeState(engine, (state) =>
    state.lease?.runId === found.run.runId ? { ...state, lease: undefined } : undefined,
  );
}

/** The person's own rows, and the claims that name the person. */
async function erasePeopleRows(engine: Engine, personId: string): Promise<number> {
  const { tables, config } = engine;
  const keys = [personKey.person(personId), personKey.pending(personId)];
  const standing = await tables.people.getMany(config.name, keys);
  const found = [...standing.keys()];
  for (const prefix of ['phone:', 'contact:']) {
    for await (const rows of tables.people.scan(config.name, prefix, { facetsOnly: true })) {
      found.push(...rows.filter(({ facets }) => facets['person'] === personId).map(({ key }) => key));
    }
  }
  const changes = found.map((key): RowChange => ({ kind: 'delete', key }));
  for (const chunk of packWrites(changes, (change) => [change])) await tables.people.write(config.name, chunk);
  return found.length + (await eraseFormerHolder(engine, personId));
}

/** Claims of others that say whose number it was before: there is nobody any more to give it back to. */
async function eraseFormerHolder(engine: Engine, personId: string): Promise<number> {
  const { tables, config } = engine;
  let rewritten = 0;
  for await (const rows of tables.people.scan(config.name, 'phone:')) {
    for (const { key, etag, body } of rows) {
      const { from, ...claim } = body as PhoneClaim;
      if (from !== personId) continue;
      const row = claimRow(key.slice('phone:'.length), claim);
      await tables.people.write(config.name, [{ kind: 'replace', row, etag }]);
      rewritten += 1;
    }
  }
  return rewritten;
}

async function rewrite(engine: Engine, runId: string, row: StoredRow, personId: string): Promise<boolean> {
  const body = withoutPerson(row, personId);
  if (body === undefined) return false;
  const { key, etag } = row;
  const facets = facetsWithoutPerson(row, personId);
  try {
    await engine.tables.parts.write(runId, [{ kind: 'replace', row: { key, facets, body }, etag }]);
    return true;
  } catch (error) {
    if (!(error instanceof RowConflict)) throw error;
    const now = await engine.tables.parts.get(runId, key);
    return now === undefined ? false : rewrite(engine, runId, now, personId);
  }
}

/** A run that was started for the person among others keeps count of how many it was for. */
function withoutNamed({ only }: RunRow, personId: string): Partial<RunRow> | undefined {
  if (only === undefined) return undefined;
  return { only: { ...only, people: only.people.map((id) => (id === personId ? ERASED : id)) } };
}

/** What runs wrote down of the person: pages, batches, plans, verdicts and outcomes, until they are purged anyway. */
async function eraseParts(engine: Engine, personId: string, hold: Hold): Promise<number> {
  let rewritten = 0;
  for await (const { runId, only } of recentRuns(engine)) {
    if (only?.people.includes(personId) === true) {
      await changeRun(engine, runId, (run) => withoutNamed(run, personId));
      rewritten += 1;
    }
    for await (const rows of engine.tables.parts.scan(runId, '', { pageSize: 50 })) {
      await hold.renew();
      for (const row of rows) if (await rewrite(engine, runId, row, personId)) rewritten += 1;
    }
  }
  return rewritten;
}

/**
 * Forgets a person in all of our tables, consent evidence excepted; the contact in MessageMedia is not touched. Somebody
 * who is still in scope comes back with the next full run. Throws SyncError('run-active') while a run is under way.
 */
export async function erasePerson(engine: Engine, personId: string): Promise<Erasure> {
  await freeDeadLease(engine);
  const hold = await holdLease(engine);
  try {
    // First: a worker of an older run that stood still must not put the person back.
    await raiseFence(engine, hold.writer);
    const own = await erasePeopleRows(withFence(engine, hold.writer), personId);
    const rows = own + (await eraseFromMemberships(engine, personId)) + (await eraseParts(engine, personId, hold));
    engine.log.event('person.erased', { personId, rows });
    return { personId, rows, kept: ['consent'] };
  } finally {
    await hold.free();
  }
}
