import type { Person } from '../people/person.ts';
import { RowConflict } from '../ports.ts';
import type { RowChange } from '../ports.ts';
import { isOpen } from './apply-case.ts';
import type { Application, Case } from './apply-case.ts';
import { CHANGES_A_WRITE } from './fence.ts';
import { fetchClaims, personKey, personRow } from './person-rows.ts';

function hasProgress(one: Case): boolean {
  const isDeleted = one.operation.action === 'delete' && isOpen(one) && one.link !== undefined;
  return isDeleted || (one.next !== undefined && one.next !== one.link);
}

/** Nobody needs the row of somebody who is neither in the directory nor linked. */
function withoutLink(person: Person, etag: string): RowChange {
  if (person.presence !== 'present') return { kind: 'delete', key: personKey.person(person.id), etag };
  return { kind: 'replace', row: personRow(person, undefined), etag };
}

function personChange({ person, next, etag }: Case): RowChange[] {
  if (next === undefined && etag !== undefined) return [withoutLink(person, etag)];
  if (next === undefined && person.presence !== 'present') return [];
  const row = personRow(person, next);
  return [etag === undefined ? { kind: 'insert', row } : { kind: 'replace', row, etag }];
}

/** Everything that changes in our tables because one case made progress: one transaction, or nothing of it. */
function changesOf(one: Case, freed: ReadonlyMap<string, string>): RowChange[] {
  const { link, next, formerOwner, operation } = one;
  const changes = personChange(one);
  const owner = { person: operation.personId };
  if (next !== undefined && (next.contactId !== link?.contactId || operation.unnoted !== undefined)) {
    changes.push({ kind: 'put', row: { key: personKey.contact(next.contactId), facets: owner } });
  }
  const isOther = operation.kind === 'adopt' && link === undefined && next?.contactId !== operation.contactId;
  // The contact that was claimed is gone: another one was made.
  if (isOther && formerOwner === undefined) {
    changes.push({ kind: 'delete', key: personKey.contact(operation.contactId!) });
  }
  if (one.abandoned !== undefined) changes.push({ kind: 'delete', key: personKey.contact(one.abandoned) });
  if (formerOwner?.link !== undefined) {
    changes.push(withoutLink(formerOwner.person, formerOwner.etag));
    const { contactId } = formerOwner.link;
    if (contactId !== next?.contactId && contactId !== link?.contactId)
      changes.push({ kind: 'delete', key: personKey.contact(contactId) });
  }
  if (link !== undefined && next === undefined)
    changes.push({ kind: 'delete', key: personKey.contact(link.contactId) });
  for (const { phoneKey, etag } of one.strays) changes.push({ kind: 'delete', key: personKey.phone(phoneKey), etag });
  const etag = link === undefined ? undefined : freed.get(link.phoneKey);
  if (etag !== undefined && link!.phoneKey !== next?.phoneKey) {
    changes.push({ kind: 'delete', key: personKey.phone(link!.phoneKey), etag });
  }
  return changes;
}

/** Claims on numbers that people let go of, as far as they are still theirs: a follower may have them already. */
async function findFreed(app: Application, cases: readonly Case[]): Promise<Map<string, string>> {
  const leaving = cases.filter(({ link, next }) => link !== undefined && link.phoneKey !== next?.phoneKey);
  if (leaving.length === 0) return new Map();
  const claims = await fetchClaims(
    app.engine,
    leaving.map(({ link }) => link!.phoneKey),
  );
  const freed = new Map<string, string>();
  for (const { link, operation } of leaving) {
    const claim = claims.get(link!.phoneKey);
    if (claim?.personId === operation.personId) freed.set(link!.phoneKey, claim.etag);
  }
  return freed;
}

/** Writes links and claims of all cases that made progress. A row that somebody else changed puts its case in doubt. */
export async function storeCases(app: Application, cases: readonly Case[]): Promise<void> {
  const { engine } = app;
  const moved = cases.filter(hasProgress);
  const freed = await findFreed(app, moved);
  const groups = moved.map((one) => ({ one, changes: changesOf(one, freed) }));
  let chunk: typeof groups = [];
  for (const group of groups) {
    const size = chunk.reduce((sum, { changes }) => sum + changes.length, group.changes.length);
    if (size > CHANGES_A_WRITE || haveKeyInCommon(chunk, group)) {
      await storeChunk(app, chunk);
      chunk = [];
    }
    chunk.push(group);
  }
  if (chunk.length > 0) await storeChunk(app, chunk);
  engine.log.event('links.stored', { runId: app.run.runId, people: moved.length });
}

interface Group {
  readonly one: Case;
  readonly changes: readonly RowChange[];
}

function keysOf({ changes }: Group): readonly string[] {
  return changes.map((change) => (change.kind === 'delete' ? change.key : change.row.key));
}

/** Two people may let go of one claim: the second finds the row changed, and is in doubt. */
function haveKeyInCommon(chunk: readonly Group[], group: Group): boolean {
  const written = new Set(chunk.flatMap(keysOf));
  return keysOf(group).some((key) => written.has(key));
}

async function storeChunk(app: Application, chunk: readonly { one: Case; changes: RowChange[] }[]): Promise<void> {
  const { tables, config } = app.engine;
  try {
    await tables.people.write(
      config.name,
      chunk.flatMap(({ changes }) => changes),
    );
  } catch (error) {
    if (!(error instanceof RowConflict)) throw error;
    if (chunk.length > 1) {
      for (const group of chunk) await storeChunk(app, [group]);
      return;
    }
    chunk[0]!.one.ending = { outcome: 'failed', reason: 'in-doubt' };
    return;
  }
  for (const { one } of chunk) one.stored = true;
}
