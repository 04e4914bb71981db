import { retryDelay } from '../plan/final-outcome.ts';
import { readClaimStandings } from './claim-standing.ts';
import type { ClaimStanding } from './claim-standing.ts';
import type { Engine } from './engine.ts';
import { pendingRow, scanPending } from './person-rows.ts';

/** Makes everybody due who waits for a number that nobody holds any more, and those who wait for each other's. */
export async function wakeWaiting(engine: Engine): Promise<void> {
  const waiting = [...(await scanPending(engine)).values()].filter(
    ({ pending }) => pending.waitsFor !== undefined && pending.dueAt === undefined,
  );
  const claims = await readClaimStandings(
    engine,
    waiting.map(({ pending }) => pending.waitsFor!),
  );
  const holderOf = new Map(waiting.map(({ pending }) => [pending.personId, claims.get(pending.waitsFor!)?.personId]));
  const now = engine.clock.now();
  for (const { pending, etag } of waiting) {
    const claim = claims.get(pending.waitsFor!);
    const isNext = isFree(claim) && claim?.personId !== pending.personId;
    if (!isNext && !isInRing(pending.personId, holderOf)) continue;
    const row = pendingRow({ ...pending, dueAt: isNext ? now : now + retryDelay(1) });
    await engine.tables.people.write(engine.config.name, [{ kind: 'replace', row, etag }]);
  }
}

function isFree(claim: ClaimStanding | undefined): boolean {
  return claim === undefined || claim.state === 'kept' || claim.state === 'lapsed';
}

/** Nobody in a ring lets go first: their hand-over failed half-way, and nothing but another try helps. */
function isInRing(personId: string, holderOf: ReadonlyMap<string, string | undefined>): boolean {
  let next = holderOf.get(personId);
  for (let steps = 0; next !== undefined && next !== personId && steps < holderOf.size; steps += 1) {
    next = holderOf.get(next);
  }
  return next === personId && holderOf.get(personId) !== personId;
}
