import type { Engine } from './engine.ts';
import { fetchClaims, fetchPeople, pendingRow, scanPending } from './person-rows.ts';

/** Makes everybody due who waits for a number that nobody holds any more. */
export async function wakeWaiting(engine: Engine): Promise<void> {
  const waiting = [...(await scanPending(engine)).values()].filter(
    ({ pending }) => pending.waitsFor !== undefined && pending.dueAt === undefined,
  );
  if (waiting.length === 0) return;
  const claims = await fetchClaims(engine, [...new Set(waiting.map(({ pending }) => pending.waitsFor!))]);
  const holders = await fetchPeople(engine, [...new Set([...claims.values()].map((claim) => claim.personId))]);
  for (const { pending, etag } of waiting) {
    const claim = claims.get(pending.waitsFor!);
    const link = claim === undefined ? undefined : holders.get(claim.personId)?.link;
    const isHeld = claim !== undefined && (claim.personId === pending.personId || link?.left === undefined);
    if (isHeld) continue;
    const row = pendingRow({ ...pending, dueAt: engine.clock.now() });
    await engine.tables.people.write(engine.config.name, [{ kind: 'replace', row, etag }]);
  }
}
