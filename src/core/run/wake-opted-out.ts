import { departmentName } from '../people/map-person.ts';
import { readClaimStandings } from './claim-standing.ts';
import { ignoreConflict } from './ignore-conflict.ts';
import { fetchPeople, pendingRow } from './person-rows.ts';
import type { RunWork } from './run-work.ts';

/**
 * Makes the people due whose numbers (E.164) opted out, where the directory is to be told of it: it may have nothing to
 * show of them for a long time. Whoever waits for something else already is told of when their turn comes.
 */
export async function wakeOptedOut({ engine, run, guard }: RunWork, phones: ReadonlySet<string>): Promise<void> {
  const { config, tables, digest, fingerprint } = engine;
  const { runId, createdAt } = run();
  if (config.optOutAttribute === undefined) return;
  const claims = await readClaimStandings(
    engine,
    [...phones].map((phone) => digest.pseudonym(phone)),
  );
  const held = [...claims.values()].filter(({ state }) => state === 'held');
  const people = await fetchPeople(
    engine,
    held.map(({ personId }) => personId),
  );
  for (const [personId, { person }] of people) {
    const row = pendingRow({
      personId,
      department: departmentName(person, config),
      outcome: 'skipped',
      reason: 'opted-out',
      operationHash: '',
      runId,
      since: createdAt,
      attempts: 0,
      // Of this run, too, if it has not yet said whom it is about.
      dueAt: createdAt,
      fingerprint,
    });
    await guard.ensure();
    await tables.people.write(config.name, [{ kind: 'insert', row }]).catch(ignoreConflict);
  }
}
