import { HttpRequest, InvocationContext } from '@azure/functions';
import type { HttpHandler, HttpMethod, HttpResponseInit } from '@azure/functions';
import type { SyncConfig } from '../../src/core/config/sync-config.ts';
import type { Engine } from '../../src/core/run/engine.ts';
import { COUNT_NAMES } from '../../src/core/run/run-row.ts';
import type { RunCounts, RunRow } from '../../src/core/run/run-row.ts';
import type { Services } from '../../src/functions/services.ts';
import type { UseCases } from '../../src/functions/use-cases.ts';

export const NOW = Date.UTC(2026, 2, 2, 6, 0, 0);

export function aRun(changes: Partial<RunRow> = {}): RunRow {
  return {
    runId: 'run-1',
    generation: 1,
    mode: 'delta',
    trigger: 'http',
    dryRun: false,
    state: 'queued',
    phase: 'read',
    wave: 0,
    lanes: 4,
    config: { name: 'internal-configuration' } as SyncConfig,
    fingerprint: 'internal-fingerprint',
    createdAt: NOW,
    chain: 1,
    batchCount: 0,
    waves: {},
    counts: Object.fromEntries(COUNT_NAMES.map((name) => [name, 0])) as RunCounts,
    calls: { graph: 0, messagemedia: 0 },
    holds: [],
    knownLists: {},
    exceptional: [],
    closeCursor: 0,
    waitedMs: 0,
    ...changes,
  };
}

/** The engine's parts are the use-cases' business: handlers only pass it on and look at its clock. */
export const ENGINE = { clock: { now: () => NOW } } as Engine;

function unexpectedCall(): never {
  throw new Error('This use-case was not expected to be called.');
}

/** Services whose use-cases fail unless the test gives them. */
export function fakeServices(useCases: Partial<UseCases> = {}, changes: Partial<Services> = {}): Services {
  const refused: UseCases = {
    startRun: unexpectedCall,
    startRunOnce: unexpectedCall,
    findPeople: unexpectedCall,
    tick: unexpectedCall,
    advanceRun: unexpectedCall,
    abandonRun: unexpectedCall,
    processBatch: unexpectedCall,
    abandonBatch: unexpectedCall,
    readRun: unexpectedCall,
    listRuns: unexpectedCall,
    listRecords: unexpectedCall,
    approveRun: unexpectedCall,
    rejectRun: unexpectedCall,
    cancelRun: unexpectedCall,
    pauseSync: unexpectedCall,
    resumeSync: unexpectedCall,
    erasePerson: unexpectedCall,
    explainPerson: unexpectedCall,
    lookUpPerson: unexpectedCall,
    adoptAccount: unexpectedCall,
    readStatus: unexpectedCall,
    installWebhook: unexpectedCall,
    verifyWebhook: unexpectedCall,
    readSigningKeys: unexpectedCall,
    receiveOptOut: unexpectedCall,
  };
  return {
    useCases: { ...refused, ...useCases },
    trustsEasyAuth: false,
    engine: async () => ENGINE,
    neighbours: async () => [],
    tellTraffic: () => undefined,
    ...changes,
  };
}

export interface CapturedLine {
  readonly hostLevel: string;
  readonly line: Readonly<Record<string, unknown>>;
}

export function aContext(functionName = 'a-function'): { context: InvocationContext; lines: CapturedLine[] } {
  const lines: CapturedLine[] = [];
  const context = new InvocationContext({
    functionName,
    invocationId: 'invocation-1',
    triggerMetadata: { id: 'message-1' },
    logHandler: (hostLevel, ...args) => void lines.push({ hostLevel, line: JSON.parse(String(args[0])) }),
  });
  return { context, lines };
}

export interface Call {
  readonly method?: HttpMethod;
  readonly path: string;
  readonly params?: Record<string, string>;
  readonly body?: unknown;
  readonly text?: string;
  readonly headers?: Record<string, string>;
}

/** Calls a handler as the host does, and reads its answer as a caller does. */
export async function call(
  handler: HttpHandler,
  { method = 'GET', path, params = {}, body, text, headers = {} }: Call,
) {
  const { context, lines } = aContext();
  const content = text ?? (body === undefined ? undefined : JSON.stringify(body));
  const request = new HttpRequest({
    method,
    url: `https://sync.example.com/api${path}`,
    params,
    headers: content === undefined ? headers : { 'content-type': 'application/json', ...headers },
    ...(content !== undefined && { body: { string: content } }),
  });
  const response = (await handler(request, context)) as HttpResponseInit;
  const answer: unknown = response.jsonBody ?? JSON.parse(response.body as string);
  return {
    status: response.status ?? 200,
    headers: response.headers as Record<string, string>,
    body: JSON.parse(JSON.stringify(answer)) as Record<string, unknown>,
    lines,
  };
}
