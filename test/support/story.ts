import { startEntraGraph } from '../../local/entra-graph/entra-graph.ts';
import type { EntraGraph } from '../../local/entra-graph/entra-graph.ts';
import { READING_ROLES } from '../../local/entra-graph/roles.ts';
import { startMessageMedia } from '../../local/messagemedia/server.ts';
import type { MessageMedia, MessageMediaOptions } from '../../local/messagemedia/server.ts';
import { createDirectory } from '../../src/adapters/graph/directory.ts';
import { createContactBook } from '../../src/adapters/messagemedia/contact-book.ts';
import { selectOf } from '../../src/core/config/attributes.ts';
import { fingerprintOf } from '../../src/core/config/fingerprint.ts';
import { parseSyncConfig } from '../../src/core/config/parse.ts';
import type { SyncConfig } from '../../src/core/config/sync-config.ts';
import type { QueueMessage, QueueName } from '../../src/core/ports.ts';
import { abandonRun, advanceRun } from '../../src/core/run/advance-run.ts';
import type { Engine } from '../../src/core/run/engine.ts';
import { abandonBatch, processBatch } from '../../src/core/run/process-batch.ts';
import { listRecords, readRun } from '../../src/core/run/read-runs.ts';
import type { RunMode, RunRecord, RunRow } from '../../src/core/run/run-row.ts';
import { startRun } from '../../src/core/run/start-run.ts';
import { checkedLog } from './checked-log.ts';
import { createFakeClock } from './fake-clock.ts';
import type { FakeClock } from './fake-clock.ts';
import { createMemoryQueue } from './memory-queue.ts';
import type { MemoryQueue } from './memory-queue.ts';
import { createMemoryTables } from './memory-tables.ts';
import type { MemoryTables, OnEffect } from './memory-tables.ts';
import { createTestDigest, createTestIds } from './test-digest.ts';
import { trustedTls } from './trusted-tls.ts';

const PUBLISHED_SAMPLE = {
  direction: 'one-way',
  source: 'entra-id',
  target: 'messagemedia',
  schedule: '0 6 * * *',
  mapping: { displayName: 'contact_name', mobilePhone: 'phone_number', mail: 'email', department: 'group' },
  filters: { department: ['Sales', 'Support'], accountEnabled: true },
};

export interface StoryOptions {
  readonly users?: readonly Readonly<Record<string, unknown>>[];
  /** Over the published sample. */
  readonly sync?: Readonly<Record<string, unknown>>;
  readonly lanes?: number;
  readonly account?: Partial<MessageMediaOptions>;
  readonly pageSize?: number;
  /** Permissions of the app; default: to read. */
  readonly roles?: readonly string[];
}

/** A worker for one delivery: its own hold on the engine, and a promise that rejects when it dies. */
export interface Worker {
  readonly engine: Engine;
  readonly died?: Promise<never>;
}

/** What the vault holds; `fresh` is true after a refusal. */
export interface StorySecrets {
  entra: (fresh: boolean) => string;
  messageMedia: (fresh: boolean) => { readonly key: string; readonly secret: string };
}

/** A sync from end to end in one process: the engine and its adapters are real, tables and queues in memory, time virtual. */
export interface Story {
  readonly graph: EntraGraph;
  readonly messageMedia: MessageMedia;
  readonly tables: MemoryTables;
  readonly queue: MemoryQueue;
  readonly clock: FakeClock;
  engine(): Engine;
  reconfigure(sync: Readonly<Record<string, unknown>>): void;
  /** The configuration of now as it is written. */
  sync(): Readonly<Record<string, unknown>>;
  setLanes(lanes: number): void;
  /** What happens before or after each effect on tables and queues; throws to crash there. */
  onEffect: OnEffect | undefined;
  /** Hires a worker for each delivery; without it the engine itself works, and never dies. */
  employ: ((engine: Engine, name: QueueName) => Worker) | undefined;
  /** Waits for what dead workers still have on the wire: before time passes, it has arrived. */
  settle: (() => Promise<void>) | undefined;
  /** Over the engine of every worker and caller. */
  engineChanges: Partial<Engine>;
  readonly secrets: StorySecrets;
  /** What handlers threw and the host would retry. */
  readonly failures: unknown[];
  start(mode?: RunMode, options?: { readonly dryRun?: boolean }): Promise<RunRow>;
  /** Works off the queues, letting time pass to the next delayed message, until nothing is left. */
  drain(options?: DrainOptions): Promise<void>;
  run(mode?: RunMode, options?: { readonly dryRun?: boolean }): Promise<RunRow>;
  records(runId: string): Promise<RunRecord[]>;
  /** Requests to the simulators since the last call of this, tokens apart. */
  callsMade(): { readonly graph: readonly string[]; readonly messageMedia: readonly string[] };
  close(): Promise<void>;
}

export interface DrainOptions {
  /** Ends early, for tests that look at a run under way. */
  readonly until?: () => boolean;
}

const EPOCH = Date.UTC(2026, 0, 5, 6, 0, 0);
const MAX_DELIVERIES = 5;
const TENANT = '11111111-2222-4333-8444-555555555555';
const CLIENT = '66666666-7777-4888-9999-000000000000';

function configOf(sync: Readonly<Record<string, unknown>>): SyncConfig {
  const reading = parseSyncConfig(JSON.stringify({ sync }), 'story');
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems, undefined, 1));
  return reading.config;
}

export async function startStory(options: StoryOptions = {}): Promise<Story> {
  const tls = await trustedTls();
  const graph = await startEntraGraph({
    tls,
    tenantId: TENANT,
    clientId: CLIENT,
    clientSecret: 'story-secret',
    roles: options.roles ?? READING_ROLES,
    users: options.users ?? [],
    ...(options.pageSize === undefined ? {} : { pageSize: options.pageSize }),
  });
  const messageMedia = await startMessageMedia({
    tls,
    apiKey: 'story-key',
    apiSecret: 'story-secret',
    ...options.account,
  });
  const clock = createFakeClock(EPOCH, { sleepAdvances: true });
  const onEffect: OnEffect = (effect) => story.onEffect?.(effect);
  const tables = createMemoryTables({ onEffect });
  const queue = createMemoryQueue(clock, { onEffect });
  const digest = createTestDigest();
  const secrets: StorySecrets = {
    entra: () => 'story-secret',
    messageMedia: () => ({ key: 'story-key', secret: 'story-secret' }),
  };
  const directory = createDirectory({
    baseUrl: graph.origin,
    authorityHost: graph.origin,
    tenantId: TENANT,
    clientId: CLIENT,
    auth: { method: 'client-secret', secret: (fresh) => Promise.resolve(secrets.entra(fresh)) },
    clock,
  });
  const contactBook = createContactBook({
    baseUrl: messageMedia.origin,
    credentials: (fresh) => Promise.resolve(secrets.messageMedia(fresh)),
    maxConcurrency: 16,
    clock,
  });
  let written: Readonly<Record<string, unknown>> = { ...PUBLISHED_SAMPLE, ...options.sync };
  let config = configOf(written);
  let lanes = options.lanes ?? 4;
  const ids = createTestIds();
  let graphSeen = 0;
  let messageMediaSeen = 0;

  function engine(): Engine {
    return {
      config,
      fingerprint: fingerprintOf(config, digest),
      select: selectOf(config),
      tenantId: TENANT,
      lanes,
      directory,
      contactBook,
      tables,
      queue,
      clock,
      digest,
      ids,
      log: checkedLog(),
      accountKeyHash: () => Promise.resolve(digest.hash('story-key')),
      pseudonymFingerprint: 'pseudonym-1',
      ...story.engineChanges,
    };
  }

  const story: Story = {
    graph,
    messageMedia,
    tables,
    queue,
    clock,
    engine,
    onEffect: undefined,
    employ: undefined,
    settle: undefined,
    engineChanges: {},
    secrets,
    failures: [],
    reconfigure(sync) {
      written = { ...PUBLISHED_SAMPLE, ...sync };
      config = configOf(written);
    },
    sync: () => written,
    setLanes(count) {
      lanes = count;
    },
    start: (mode = 'delta', { dryRun = false } = {}) => startRun(engine(), { mode, dryRun, trigger: 'http' }),
    drain: (drainOptions = {}) => drain(story, drainOptions),
    async run(mode = 'delta', runOptions = {}) {
      const { runId } = await story.start(mode, runOptions);
      await story.drain();
      return readRun(engine(), runId);
    },
    async records(runId) {
      return (await listRecords(engine(), runId, { limit: 100_000 })).items;
    },
    callsMade() {
      const graphCalls = graph.requests.slice(graphSeen).filter(({ path }) => path.startsWith('/v1.0/'));
      const bookCalls = messageMedia.requests.slice(messageMediaSeen);
      graphSeen = graph.requests.length;
      messageMediaSeen = messageMedia.requests.length;
      const show = ({ method, path }: { method: string; path: string }): string =>
        `${method} ${path.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '{id}')}`;
      return { graph: graphCalls.map(show), messageMedia: bookCalls.map(show) };
    },
    async close() {
      await contactBook.close();
      await graph.close();
      await messageMedia.close();
    },
  };
  return story;
}

const HANDLERS: Record<QueueName, readonly [handle: Handler, abandon: Handler]> = {
  'sync-runs': [advanceRun, abandonRun],
  'sync-batches': [processBatch, abandonBatch],
};
type Handler = (engine: Engine, message: QueueMessage) => Promise<void>;

/** One delivery as the Functions host makes it: deleted on success, back after a while on failure, poison at the fifth. */
export async function deliver(story: Story, name: QueueName): Promise<boolean> {
  const taken = story.queue.take(name);
  if (taken === undefined) return false;
  const [handle, abandon] = HANDLERS[name];
  const { engine, died } = story.employ?.(story.engine(), name) ?? { engine: story.engine(), died: undefined };
  try {
    const work = handle(engine, taken.message);
    await (died === undefined ? work : Promise.race([work, died]));
    story.queue.done(taken);
  } catch (error) {
    if (error instanceof Crash) {
      story.queue.release(taken, error.returnsAfterMs);
    } else if (taken.dequeueCount >= MAX_DELIVERIES) {
      story.queue.done(taken);
      await abandon(story.engine(), taken.message);
    } else {
      story.failures.push(error);
      story.queue.release(taken, 10_000);
    }
  }
  return true;
}

/** A worker that dies: nothing after it happens, no handler sees it. */
export class Crash extends Error {
  /** When the message that the worker had is delivered again. */
  readonly returnsAfterMs: number;

  constructor(returnsAfterMs = 0) {
    super('The worker died.');
    this.returnsAfterMs = returnsAfterMs;
  }
}

async function drain(story: Story, options: DrainOptions): Promise<void> {
  for (let step = 0; step < 5_000; step += 1) {
    if (options.until?.() === true) return;
    const worked = await Promise.all([
      deliver(story, 'sync-runs'),
      deliver(story, 'sync-batches'),
      deliver(story, 'sync-batches'),
    ]);
    if (worked.some(Boolean)) continue;
    const next = [...story.queue.waiting('sync-runs'), ...story.queue.waiting('sync-batches')].map(
      (one) => one.visibleAt,
    );
    if (next.length === 0) return;
    await story.clock.advance(Math.max(1, Math.min(...next) - story.clock.now()));
  }
  throw new Error('The queues never came to rest.');
}
