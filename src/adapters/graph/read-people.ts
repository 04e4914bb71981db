import { NeighbourError } from '../../core/errors.ts';
import type { DirectoryEntry } from '../../core/people/person.ts';
import type { CallScope } from '../../core/ports.ts';
import { readEntry, selectList } from './delta-pages.ts';
import type { GraphCalls } from './graph-calls.ts';
import { codesOf, judgeBrokenAnswer, judgeRefusal } from './graph-failures.ts';
import { isObject } from './json.ts';
import type { Json } from './json.ts';

// Graph refuses a $batch of more.
const ITEMS_PER_BATCH = 20;
const NAME = 'users/{id}';

interface BatchItem {
  readonly status: number;
  readonly headers: Json;
  readonly body: unknown;
}

type Answers = ReadonlyMap<string, BatchItem>;

/** Reads people by id through $batch; the map is keyed by the ids that were asked for, unknown ones are absent. */
export async function readPeopleById(
  graph: GraphCalls,
  origin: string,
  wanted: { readonly ids: readonly string[]; readonly select: readonly string[] },
  scope: CallScope,
): Promise<Map<string, DirectoryEntry>> {
  const people = new Map<string, DirectoryEntry>();
  const ids = [...new Set(wanted.ids)];
  for (let from = 0; from < ids.length; from += ITEMS_PER_BATCH) {
    const some = ids.slice(from, from + ITEMS_PER_BATCH);
    await readSome(graph, origin, { ids: some, select: wanted.select }, scope, people);
  }
  return people;
}

async function readSome(
  graph: GraphCalls,
  origin: string,
  wanted: { readonly ids: readonly string[]; readonly select: readonly string[] },
  scope: CallScope,
  people: Map<string, DirectoryEntry>,
): Promise<void> {
  let ids = wanted.ids;
  for (let tries = 1; ids.length > 0; tries += 1) {
    const answers = await postBatch(graph, origin, ids, wanted.select, scope);
    const again: { readonly id: string; readonly error: NeighbourError }[] = [];
    for (const [id, item] of answers) {
      const outcome = judgeItem(item, graph.now());
      if (outcome instanceof NeighbourError) again.push({ id, error: outcome });
      else if (outcome !== undefined) people.set(id, outcome);
    }
    const longest = again.map(({ error }) => error).reduce(longerWait, undefined);
    if (longest !== undefined) await graph.pauseOrThrow(tries, longest);
    ids = again.map(({ id }) => id);
  }
}

/** The person, undefined when there is none, or the error of an item that is worth another try; throws the others. */
function judgeItem(item: BatchItem, nowMs: number): DirectoryEntry | NeighbourError | undefined {
  if (item.status === 200) return readEntry(item.body) ?? judgeBrokenAnswer(item.status, { name: NAME }).error;
  if (item.status === 404 && codesOf(item.body).some((code) => /resourcenotfound$/i.test(code))) return undefined;
  const header = (name: string) => headerOf(item.headers, name);
  const setback = judgeRefusal({ status: item.status, header, body: item.body }, { name: NAME }, nowMs);
  if (setback.kind === 'again') return setback.error;
  // Any other 404 is about the address, and must not turn everybody into a leaver.
  if (item.status === 404) throw judgeBrokenAnswer(item.status, { name: NAME }).error;
  throw setback.error;
}

async function postBatch(
  graph: GraphCalls,
  origin: string,
  ids: readonly string[],
  select: readonly string[],
  scope: CallScope,
): Promise<Answers> {
  const requests = ids.map((id, index) => ({
    id: String(index),
    method: 'GET',
    url: `/users/${encodeURIComponent(id)}?$select=${selectList(select)}`,
  }));
  const read = (json: unknown) => readAnswers(json, ids);
  return graph.call({ name: '$batch', url: `${origin}/v1.0/$batch`, body: { requests }, read }, scope);
}

/** The answers by the id of the person, in the order asked; undefined unless every request has its answer. */
function readAnswers(json: unknown, ids: readonly string[]): Answers | undefined {
  if (!isObject(json) || !Array.isArray(json['responses'])) return undefined;
  const byRequest = new Map<unknown, BatchItem>();
  for (const response of json['responses']) {
    if (!isObject(response) || typeof response['status'] !== 'number') return undefined;
    const headers = isObject(response['headers']) ? response['headers'] : {};
    byRequest.set(response['id'], { status: response['status'], headers, body: response['body'] });
  }
  const answers = new Map<string, BatchItem>();
  for (const [index, id] of ids.entries()) {
    const item = byRequest.get(String(index));
    if (item === undefined) return undefined;
    answers.set(id, item);
  }
  return answers;
}

function headerOf(headers: Json, name: string): string | undefined {
  const found = Object.entries(headers).find(([other]) => other.toLowerCase() === name);
  return found === undefined ? undefined : String(found[1]);
}

function longerWait(one: NeighbourError | undefined, other: NeighbourError): NeighbourError {
  return (one?.detail.retryAfterMs ?? -1) >= (other.detail.retryAfterMs ?? 0) && one !== undefined ? one : other;
}
