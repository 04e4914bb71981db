import { isPhone, writeProblemOf } from '../../core/config/writable-attributes.ts';
import type { WriteProblem } from '../../core/config/writable-attributes.ts';
import { NeighbourError } from '../../core/errors.ts';
import type { NeighbourErrorDetail, NeighbourFailure } from '../../core/errors.ts';
import type { Pace } from '../../core/pace.ts';
import type { Attributes } from '../../core/people/person.ts';
import type { CallScope, PersonUpdate } from '../../core/ports.ts';
import { writingDenied } from './graph-access.ts';
import type { GraphCalls } from './graph-calls.ts';
import { isMailboxPerson } from './mailbox-ids.ts';
import { isMissing, notAboutAddress } from './missing.ts';
import { missingToWrite } from './write-permissions.ts';

/** Attributes that go in one request, by its name in messages. */
interface Part {
  readonly name: 'users/{id} phones' | 'users/{id} attributes';
  readonly changes: Attributes;
}

type Refused = PersonUpdate['refused'][number];

// About this one person; anything else concerns everybody's writes.
const OF_THE_PERSON: readonly NeighbourFailure[] = ['not-found', 'conflict', 'invalid', 'on-premises', 'privileged'];

/** Writes attributes of a user, phones apart from the others: User-Phone.ReadWrite.All bears no company in a request. */
export async function updatePerson(
  graph: GraphCalls,
  origin: string,
  pace: Pace,
  { id, changes }: { readonly id: string; readonly changes: Attributes },
  scope: CallScope,
): Promise<PersonUpdate> {
  const unfit = problemsOf(id, changes);
  const fit = Object.entries(changes).filter(([name]) => !unfit.has(name));
  const refused: Refused[] = unfit.size === 0 ? [] : [{ attributes: [...unfit.keys()], error: unacceptable(unfit) }];
  const written: string[] = [];
  for (const part of partsOf(fit)) {
    const attributes = Object.keys(part.changes);
    const error = await sendPart(graph, `${origin}/v1.0/users/${encodeURIComponent(id)}`, pace, part, scope);
    if (error === undefined) written.push(...attributes);
    else refused.push({ attributes, error });
  }
  return { written, refused };
}

/** Throws when the app's token names no permission for writing these; a token that cannot be read says nothing. */
export async function checkWriting(graph: GraphCalls, attributes: readonly string[]): Promise<void> {
  const permissions = await graph.permissions();
  const missing = permissions === undefined ? [] : missingToWrite(permissions, attributes);
  if (missing.length > 0) throw writingDenied(missing);
}

function partsOf(changes: readonly (readonly [string, Attributes[string]])[]): readonly Part[] {
  const phones = changes.filter(([name]) => isPhone(name));
  const others = changes.filter(([name]) => !isPhone(name));
  const parts: readonly Part[] = [
    { name: 'users/{id} phones', changes: Object.fromEntries(phones) },
    { name: 'users/{id} attributes', changes: Object.fromEntries(others) },
  ];
  return parts.filter((part) => Object.keys(part.changes).length > 0);
}

/** The refusal that is about this person, undefined when it was written; throws all others. */
async function sendPart(
  graph: GraphCalls,
  url: string,
  pace: Pace,
  { name, changes }: Part,
  scope: CallScope,
): Promise<NeighbourError | undefined> {
  // Lists have no null: an empty one clears them.
  const body = { ...changes, ...(changes['businessPhones'] === null ? { businessPhones: [] } : {}) };
  try {
    await graph.call({ name, url, body, write: { pace }, read: () => true }, scope);
    return undefined;
  } catch (error) {
    if (!(error instanceof NeighbourError)) throw error;
    const judged = await judge(graph, error, name, Object.keys(changes));
    if (judged instanceof NeighbourError && OF_THE_PERSON.includes(judged.failure)) return judged;
    throw judged;
  }
}

async function judge(
  graph: GraphCalls,
  error: NeighbourError,
  name: Part['name'],
  attributes: readonly string[],
): Promise<unknown> {
  if (error.failure === 'not-found' && !isMissing(error)) return notAboutAddress(error, name);
  if (error.failure !== 'access-denied' || error.detail.access !== 'permission-missing') return error;
  // Graph says the same of a missing permission and of somebody whom a permission does not reach. The token knows.
  const permissions = await graph.permissions();
  if (permissions === undefined || missingToWrite(permissions, attributes).length > 0) return error;
  const message =
    'Microsoft Graph answered 403: an administrator role or a restricted unit keeps this person from the app.';
  return new NeighbourError('graph', 'privileged', message, withoutAccess(error), error);
}

// Nothing is wrong with the app's own access.
function withoutAccess({ detail }: NeighbourError): NeighbourErrorDetail {
  return Object.fromEntries(Object.entries(detail).filter(([name]) => name !== 'access'));
}

function problemsOf(id: string, changes: Attributes): ReadonlyMap<string, WriteProblem> {
  const isNobodyToWrite = isMailboxPerson(id);
  const problems = Object.entries(changes).flatMap(([name, value]): [string, WriteProblem][] => {
    const problem = isNobodyToWrite ? ({ code: 'not-writable' } as const) : writeProblemOf(name, value);
    return problem === undefined ? [] : [[name, problem]];
  });
  return new Map(problems);
}

function unacceptable(problems: ReadonlyMap<string, WriteProblem>): NeighbourError {
  const fields = [...problems].map(([name, problem]) => ({ name, ...problem }));
  const words = fields.map(({ name, code, limit }) => `${name} (${code}${limit === undefined ? '' : ` ${limit}`})`);
  return new NeighbourError('graph', 'invalid', `The directory does not take this: ${words.join(', ')}.`, { fields });
}
