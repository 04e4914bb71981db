import { setTimeout as delay } from 'node:timers/promises';

export type RunState = 'queued' | 'running' | 'held' | 'completed' | 'completed-with-errors' | 'failed' | 'cancelled';

/** A run as GET /runs/{runId} shows it, as far as the local tools look at it. */
export interface ApiRun {
  readonly runId: string;
  readonly state: RunState;
  readonly phase: string;
  readonly mode: string;
  readonly trigger: string;
  readonly dryRun: boolean;
  readonly counts: Readonly<Record<string, number>>;
  readonly calls: { readonly graph: number; readonly messagemedia: number };
  readonly planHash?: string;
  readonly holds: readonly ApiHold[];
  readonly error?: { readonly code: string; readonly message: string };
}

export interface ApiHold {
  readonly rule: string;
  readonly list?: string;
  readonly operations: number;
  readonly limit: number;
  readonly members: number;
}

export interface ApiRecord {
  readonly personId: string;
  readonly department: string;
  readonly operation: string;
  readonly outcome: string;
  readonly reason?: string;
  readonly words: string;
  readonly fields: readonly { readonly field: string; readonly before?: string; readonly after: string }[];
  readonly lists: { readonly add: readonly string[]; readonly remove: readonly string[] };
}

export interface RunRequest {
  readonly mode?: 'delta' | 'full';
  readonly dryRun?: boolean;
  readonly reason?: string;
}

export interface RecordQuery {
  readonly outcome?: string;
  readonly operation?: string;
  readonly department?: string;
  readonly reveal?: boolean;
}

export interface WaitOptions {
  readonly onProgress?: (run: ApiRun) => void;
  readonly timeoutMs?: number;
  /** Between two looks at the run. */
  readonly pollMs?: number;
}

/** The HTTP API of a function app. Every call throws an ApiError when the answer is no 2xx. */
export interface ApiClient {
  startRun(request?: RunRequest): Promise<{ readonly runId: string }>;
  getRun(runId: string): Promise<ApiRun>;
  /** Looks at the run until its polling ends (`held` counts as ended); throws when that takes longer than `timeoutMs`. */
  waitForRun(runId: string, options?: WaitOptions): Promise<ApiRun>;
  /** Starts a run and waits for its end. */
  run(request?: RunRequest, options?: WaitOptions): Promise<ApiRun>;
  listRuns(): Promise<readonly ApiRun[]>;
  /** All of them, page after page. */
  listRecords(runId: string, query?: RecordQuery): Promise<readonly ApiRecord[]>;
  approve(runId: string, planHash: string): Promise<void>;
  reject(runId: string, planHash: string): Promise<void>;
  status(): Promise<Readonly<Record<string, unknown>>>;
  installWebhook(): Promise<{ readonly url: string; readonly signing: string; readonly keyBits?: number }>;
}

/** An answer that is no 2xx: its status, and the problem's code where it has one. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string | undefined;

  constructor(call: string, status: number, body: string) {
    const problem = readProblem(body);
    const detail = problem?.detail ?? (body === '' ? 'without a body' : body.slice(0, 500));
    super(`${call} was answered with ${status}: ${detail}${listProblems(problem)}`);
    this.status = status;
    this.code = problem?.code;
  }
}

interface Problem {
  readonly code?: string;
  readonly detail?: string;
  readonly problems?: readonly unknown[];
}

interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor?: string;
}

type Call = <Answer>(method: 'GET' | 'POST', path: string, body?: unknown) => Promise<Answer>;

const ACTIVE_STATES: readonly RunState[] = ['queued', 'running'];
const DEFAULT_TIMEOUT_MS = 10 * 60_000;
const DEFAULT_POLL_MS = 150;
const RECORDS_A_PAGE = 500;

/** A client for the app whose address and key `target` answers: asked anew for each call, since a restart moves the app. */
export function createApiClient(target: () => { readonly baseUrl: string; readonly key: string }): ApiClient {
  const call: Call = async <Answer>(method: 'GET' | 'POST', path: string, body?: unknown) => {
    const { baseUrl, key } = target();
    const headers = { 'x-functions-key': key, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await fetch(`${baseUrl}${path}`, init);
    const text = await response.text();
    if (!response.ok) throw new ApiError(`${method} /api${path}`, response.status, text);
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  };
  const getRun = (runId: string): Promise<ApiRun> => call('GET', `/runs/${runId}`);
  const startRun = (request: RunRequest = {}): Promise<{ readonly runId: string }> => call('POST', '/runs', request);
  const waitForRun: ApiClient['waitForRun'] = (runId, options) => wait(() => getRun(runId), options);
  return {
    startRun,
    getRun,
    waitForRun,
    run: async (request, options) => waitForRun((await startRun(request)).runId, options),
    listRuns: () => readPages(call, '/runs', { limit: '100' }),
    listRecords: (runId, query = {}) => readPages(call, `/runs/${runId}/records`, recordParameters(query)),
    approve: (runId, planHash) => call('POST', `/runs/${runId}/approve`, { planHash }),
    reject: (runId, planHash) => call('POST', `/runs/${runId}/reject`, { planHash }),
    status: () => call('GET', '/status'),
    installWebhook: () => call('POST', '/webhook', {}),
  };
}

async function wait(look: () => Promise<ApiRun>, options: WaitOptions = {}): Promise<ApiRun> {
  const { onProgress, timeoutMs = DEFAULT_TIMEOUT_MS, pollMs = DEFAULT_POLL_MS } = options;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const run = await look();
    onProgress?.(run);
    if (!ACTIVE_STATES.includes(run.state)) return run;
    if (performance.now() > deadline) {
      throw new Error(`The run ${run.runId} is still ${run.state} (${run.phase}) after ${timeoutMs / 1000} s.`);
    }
    await delay(pollMs);
  }
}

async function readPages<Item>(call: Call, path: string, parameters: Record<string, string>): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams({ ...parameters, ...(cursor === undefined ? {} : { cursor }) });
    const page: Page<Item> = await call('GET', `${path}?${query.toString()}`);
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return items;
}

function recordParameters({ reveal, ...filters }: RecordQuery): Record<string, string> {
  return { limit: String(RECORDS_A_PAGE), ...filters, ...(reveal === true ? { reveal: 'true' } : {}) };
}

function readProblem(body: string): Problem | undefined {
  try {
    return JSON.parse(body) as Problem;
  } catch {
    return undefined;
  }
}

function listProblems(problem: Problem | undefined): string {
  return (problem?.problems ?? []).map((one) => `\n  ${JSON.stringify(one)}`).join('');
}
