import type { Erasure, Explanation, Pause, PersonRecord, Run, RunAccepted, Status, Webhook } from './answers.ts';
import type { CallApp } from './call-app.ts';

export interface RunRequest {
  readonly mode: 'delta' | 'full' | 'reconcile';
  readonly dryRun: boolean;
  readonly departments?: readonly string[];
  readonly people?: readonly string[];
  readonly reason?: string;
}

export interface AdoptRequest {
  readonly dryRun: boolean;
  readonly reason?: string;
}

export interface RecordFilter {
  readonly outcome?: string;
  readonly operation?: string;
  readonly department?: string;
  readonly adoption?: string;
  readonly impact?: string;
  readonly reveal?: boolean;
  /** So many at most; default all of them. */
  readonly atMost?: number;
}

export type Lookup = { readonly upn: string } | { readonly number: string };

export interface WebhookRequest {
  readonly replaceKey: boolean;
  readonly publicKey?: string;
}

/** The HTTP API of the app. Every call throws a Refusal when the answer is no 2xx. */
export interface Api {
  health(): Promise<unknown>;
  status(): Promise<Status>;
  startRun(request: RunRequest): Promise<RunAccepted>;
  adopt(request: AdoptRequest): Promise<RunAccepted>;
  readRun(runId: string): Promise<Run>;
  /** The newest ones, newest first. */
  listRuns(limit: number): Promise<readonly Run[]>;
  listRecords(runId: string, filter?: RecordFilter): Promise<readonly PersonRecord[]>;
  decide(runId: string, decision: 'approve' | 'reject', planHash: string): Promise<RunAccepted>;
  cancel(runId: string): Promise<RunAccepted>;
  pause(): Promise<Pause>;
  resume(): Promise<Pause>;
  erase(personId: string): Promise<Erasure>;
  installWebhook(request: WebhookRequest): Promise<Webhook>;
  verifyWebhook(): Promise<Webhook>;
  explain(personId: string, reveal?: boolean): Promise<Explanation>;
  /** Neither a UPN nor a number ever stands in a URL. */
  lookUp(who: Lookup, reveal?: boolean): Promise<Explanation>;
}

const RECORDS_A_PAGE = 500;
/** Erasing goes through what all runs of the retention wrote; Azure's front end waits no longer. */
const ERASE_TIME_OUT_MS = 230_000;

interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor?: string | undefined;
}

export function createApi(call: CallApp): Api {
  const runPath = (runId: string): string => `/runs/${encodeURIComponent(runId)}`;
  const personPath = (personId: string): string => `/people/${encodeURIComponent(personId)}`;
  return {
    health: () => call('GET', '/health'),
    status: () => call('GET', '/status'),
    startRun: (request) => call('POST', '/runs', { body: request }),
    adopt: (request) => call('POST', '/adopt', { body: request }),
    readRun: (runId) => call('GET', runPath(runId)),
    listRuns: async (limit) => (await call<Page<Run>>('GET', `/runs?limit=${limit}`)).items,
    listRecords: (runId, filter = {}) => readRecords(call, `${runPath(runId)}/records`, filter),
    decide: (runId, decision, planHash) => call('POST', `${runPath(runId)}/${decision}`, { body: { planHash } }),
    cancel: (runId) => call('POST', `${runPath(runId)}/cancel`),
    pause: () => call('POST', '/pause'),
    resume: () => call('POST', '/resume'),
    erase: (personId) => call('POST', `${personPath(personId)}/erase`, { timeOutMs: ERASE_TIME_OUT_MS }),
    installWebhook: (request) => call('POST', '/webhook', { body: request }),
    verifyWebhook: () => call('GET', '/webhook'),
    explain: (personId, reveal) => call('GET', `${personPath(personId)}${revealQuery(reveal)}`),
    lookUp: (who, reveal) => call('POST', `/people/lookup${revealQuery(reveal)}`, { body: who }),
  };
}

function revealQuery(reveal = false): string {
  return reveal ? '?reveal=true' : '';
}

async function readRecords(call: CallApp, path: string, filter: RecordFilter): Promise<readonly PersonRecord[]> {
  const { atMost = Number.POSITIVE_INFINITY, reveal, ...matches } = filter;
  const items: PersonRecord[] = [];
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams({
      limit: String(Math.min(RECORDS_A_PAGE, atMost - items.length)),
      ...matches,
      ...(reveal === true && { reveal: 'true' }),
      ...(cursor !== undefined && { cursor }),
    });
    const page: Page<PersonRecord> = await call('GET', `${path}?${query.toString()}`);
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined && items.length < atMost);
  return items;
}
