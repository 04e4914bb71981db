import type { NeighbourError } from '../../core/errors.ts';
import type { CallScope } from '../../core/ports.ts';
import type { GraphCalls } from './graph-calls.ts';
import { codesOf, judgeBrokenAnswer, judgeRefusal } from './graph-failures.ts';
import { isObject } from './json.ts';
import type { Json } from './json.ts';
import type { Gate } from './mailbox-gate.ts';
import { saysNotThere } from './missing.ts';

// Graph refuses a $batch of more.
const ITEMS_PER_BATCH = 20;

/** Things that are read one by one, sent together. */
export interface BatchReading<T> {
  /** What is read, in messages: `users/{id}`. */
  readonly name: string;
  readonly keys: readonly string[];
  /** Relative to the version. */
  readonly urlOf: (key: string) => string;
  /** Sent with every item. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Undefined = not what the API promises. */
  readonly read: (json: unknown) => T | undefined;
  readonly gate?: Gate;
}

interface BatchItem {
  readonly status: number;
  readonly headers: Json;
  readonly body: unknown;
}

type Answers = ReadonlyMap<string, BatchItem>;

/** Reads by $batch, 20 a call; the map has the keys that were asked for, what is not there is absent. */
export async function readItems<T>(
  graph: GraphCalls,
  origin: string,
  wanted: BatchReading<T>,
  scope: CallScope,
): Promise<Map<string, T>> {
  const found = new Map<string, T>();
  const keys = [...new Set(wanted.keys)];
  for (let from = 0; from < keys.length; from += ITEMS_PER_BATCH) {
    await readSome(graph, origin, { ...wanted, keys: keys.slice(from, from + ITEMS_PER_BATCH) }, scope, found);
  }
  return found;
}

async function readSome<T>(
  graph: GraphCalls,
  origin: string,
  wanted: BatchReading<T>,
  scope: CallScope,
  found: Map<string, T>,
): Promise<void> {
  let { keys } = wanted;
  for (let tries = 1; keys.length > 0; tries += 1) {
    const answers = await postBatch(graph, origin, { ...wanted, keys }, scope);
    const again: { readonly key: string; readonly error: NeighbourError }[] = [];
    for (const [key, item] of answers) {
      const outcome = judgeItem(item, wanted, graph.now());
      if (outcome.kind === 'again') again.push({ key, error: outcome.error });
      else if (outcome.kind === 'found') found.set(key, outcome.value);
    }
    const longest = again.map(({ error }) => error).reduce(longerWait, undefined);
    if (longest !== undefined) await graph.pauseOrThrow(tries, longest);
    keys = again.map(({ key }) => key);
  }
}

type Outcome<T> =
  | { readonly kind: 'found'; readonly value: T }
  | { readonly kind: 'not-there' }
  | { readonly kind: 'again'; readonly error: NeighbourError };

/** What an item's answer means; throws what no further try can mend. */
function judgeItem<T>(item: BatchItem, { name, read }: BatchReading<T>, nowMs: number): Outcome<T> {
  if (item.status === 200) {
    const value = read(item.body);
    if (value !== undefined) return { kind: 'found', value };
    return { kind: 'again', error: judgeBrokenAnswer(item.status, { name }).error };
  }
  if (item.status === 404 && saysNotThere(codesOf(item.body))) return { kind: 'not-there' };
  const header = (one: string) => headerOf(item.headers, one);
  const setback = judgeRefusal({ status: item.status, header, body: item.body }, { name }, nowMs);
  if (setback.kind === 'again') return { kind: 'again', error: setback.error };
  // Any other 404 is about the address, and must not turn everybody into a leaver.
  if (item.status === 404) throw judgeBrokenAnswer(item.status, { name }).error;
  throw setback.error;
}

async function postBatch<T>(
  graph: GraphCalls,
  origin: string,
  { keys, urlOf, headers, gate }: BatchReading<T>,
  scope: CallScope,
): Promise<Answers> {
  const requests = keys.map((key, index) => ({
    id: String(index),
    method: 'GET',
    url: urlOf(key),
    ...(headers === undefined ? {} : { headers }),
  }));
  const read = (json: unknown) => readAnswers(json, keys);
  const ask = () => graph.call({ name: '$batch', url: `${origin}/v1.0/$batch`, body: { requests }, read }, scope);
  return gate === undefined ? ask() : gate(ask);
}

/** The answers by key, in the order asked; undefined unless every request has its answer. */
function readAnswers(json: unknown, keys: readonly string[]): Answers | undefined {
  if (!isObject(json) || !Array.isArray(json['responses'])) return undefined;
  const byRequest = new Map<unknown, BatchItem>();
  for (const response of json['responses']) {
    if (!isObject(response) || typeof response['status'] !== 'number') return undefined;
    const headers = isObject(response['headers']) ? response['headers'] : {};
    byRequest.set(response['id'], { status: response['status'], headers, body: response['body'] });
  }
  const answers = new Map<string, BatchItem>();
  for (const [index, key] of keys.entries()) {
    const item = byRequest.get(String(index));
    if (item === undefined) return undefined;
    answers.set(key, item);
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
