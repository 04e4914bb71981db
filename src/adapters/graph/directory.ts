import type { Clock, Directory } from '../../core/ports.ts';
import { checkDelta, readDeltaPages } from './delta-pages.ts';
import { createEntraTokens } from './entra-tokens.ts';
import { createGraphCalls } from './graph-calls.ts';
import type { ThrottlePriority } from './graph-calls.ts';
import { createGraphTransport } from './graph-transport.ts';
import { readPeopleById } from './read-people.ts';

export interface DirectoryOptions {
  /** `https://graph.microsoft.com`, a national cloud or a simulator; https only. */
  readonly baseUrl: string;
  /** `https://login.microsoftonline.com`, a national cloud's or a simulator's. */
  readonly authorityHost: string;
  readonly tenantId: string;
  readonly clientId: string;
  /** `fresh` is true once, after Entra ID or Graph refused what was given before. */
  readonly clientSecret: (fresh: boolean) => Promise<string>;
  readonly throttlePriority?: ThrottlePriority;
  /** For the whole of one call; default 30 s. */
  readonly timeoutMs?: number;
  readonly clock?: Clock;
  readonly random?: () => number;
}

const CALL_TIMEOUT_MS = 30_000;

const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** Microsoft Graph v1.0 as a Directory, signed in as an app registration. Nothing is loaded or sent before the first call. */
export function createDirectory(options: DirectoryOptions): Directory {
  const { origin } = new URL(options.baseUrl);
  const { authorityHost, tenantId, clientId, clientSecret } = options;
  const timeoutMs = options.timeoutMs ?? CALL_TIMEOUT_MS;
  const scope = `${origin}/.default`;
  const graph = createGraphCalls({
    transport: createGraphTransport({ origin, timeoutMs }),
    tokens: createEntraTokens({ authorityHost, tenantId, clientId, clientSecret, scope, timeoutMs }),
    clock: options.clock ?? SYSTEM_CLOCK,
    random: options.random ?? Math.random,
    throttlePriority: options.throttlePriority ?? 'Low',
  });
  return {
    deltaPages: (from, callScope) => readDeltaPages(graph, origin, from, callScope),
    readPeople: (ids, select, callScope) => readPeopleById(graph, origin, { ids, select }, callScope),
    check: (callScope) => checkDelta(graph, origin, callScope),
  };
}
