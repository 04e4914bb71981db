import { readAttribute } from '../config/attributes.ts';
import { flowOf } from '../config/sync-config.ts';
import { NeighbourError } from '../errors.ts';
import type { ReasonCode } from '../errors.ts';
import { composeChanges, withValues } from '../people/person-changes.ts';
import type { AttributeWrite } from '../people/undo-mapping.ts';
import { OPT_OUT_FIELD } from '../plan/operation.ts';
import { rememberWrites } from '../plan/memory.ts';
import type { LateWrite, Memory } from '../plan/memory.ts';
import type { PersonUpdate } from '../ports.ts';
import { endCase } from './apply-case.ts';
import type { Application, Case, Flaw } from './apply-case.ts';
import { passes } from './patience.ts';

/**
 * Writes what the contact says to the directory. Only what was taken there counts as synchronised; what was refused for
 * this person is told, and the rest of the operation goes on. Never throws for what concerns only this person.
 */
export async function writeDirectory(app: Application, one: Case): Promise<void> {
  const { writes } = one.operation;
  if (writes === undefined) return;
  const values = Object.fromEntries(writes.map(({ path, value }) => [path, value]));
  const { id, attributes } = one.person;
  try {
    const update = await app.engine.directory.updatePerson(id, composeChanges(values, attributes), app.guard);
    noteWritten(app, one, writes, update);
  } catch (error) {
    if (!(error instanceof NeighbourError) || error.neighbour === 'storage' || !passes(error)) throw error;
    endCase(one, { outcome: 'wait', retryAfterMs: error.detail.retryAfterMs ?? 0 });
  }
}

function noteWritten(
  { engine }: Application,
  one: Case,
  writes: readonly AttributeWrite[],
  { written, refused }: PersonUpdate,
): void {
  const taken = writes.filter(({ path }) => written.includes(rootOf(path)));
  const failed = new Set(writes.filter((write) => !taken.includes(write)).flatMap(({ fields }) => fields));
  const { attributes } = one.person;
  const at = engine.clock.now();
  one.late = Object.fromEntries(
    taken.map(({ path, value }): [string, LateWrite] => {
      // What the directory had before an earlier write that it has not shown is still to be expected.
      const earlier = one.link?.memory?.writes[path];
      const before = readAttribute(attributes, path) ?? null;
      const previous = [...(earlier === undefined ? [] : [...earlier.previous, earlier.value]), before];
      return [path, { value, previous: previous.filter((former) => former !== value), at }];
    }),
  );
  one.person = { ...one.person, attributes: withValues(valuesByPath(taken), attributes) };
  const pulled = one.operation.fields.filter(({ field, to }) => to === 'directory' && !failed.has(field));
  one.pulled = Object.fromEntries(
    pulled
      .filter(({ field }) => field !== 'phone' && field !== OPT_OUT_FIELD)
      .map(({ field, after }) => [field, after]),
  );
  if (failed.has('phone')) keepNumber(one);
  const [refusal] = refused;
  if (refusal !== undefined) one.flaw ??= flawOf(refusal.error);
}

function valuesByPath(writes: readonly AttributeWrite[]): Readonly<Record<string, string | null>> {
  return Object.fromEntries(writes.map(({ path, value }) => [path, value]));
}

/** The directory did not take the contact's number: for us it stays the one that both had. */
function keepNumber(one: Case): void {
  if (one.link === undefined) return;
  const { phone, phoneKey } = one.link;
  if (one.operation.phoneKey !== phoneKey) one.untaken = one.operation.phoneKey;
  one.operation = { ...one.operation, phone, phoneKey };
}

const REASONS: Readonly<Partial<Record<NeighbourError['failure'], ReasonCode>>> = {
  'on-premises': 'on-premises',
  privileged: 'privileged',
};

function flawOf({ failure }: NeighbourError): Flaw {
  // Somebody who is new, or just gone: the directory's servers do not agree yet.
  if (failure === 'not-found') return { outcome: 'failed', reason: 'service-unavailable' };
  return { outcome: 'rejected', reason: REASONS[failure] ?? 'invalid-value' };
}

/** What is remembered with the link after the case was applied. */
export function memoryAfter({ engine, run }: Application, { operation, link, late, pulled }: Case): Memory | undefined {
  if (flowOf(run.config) === 'push') return undefined;
  const { turns = [], fields } = operation;
  const failed = fields.filter(({ field, to }) => to === 'directory' && field !== 'phone' && !(field in pulled));
  const written = turns.filter((turn) => !failed.some(({ field }) => field === turn));
  return rememberWrites(link?.memory, { writes: late, fields: written }, engine.clock.now());
}

function rootOf(path: string): string {
  return path.replace(/[.[].*$/, '');
}
