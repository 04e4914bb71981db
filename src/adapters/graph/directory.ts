import { createPace } from '../../core/pace.ts';
import type { Clock, Directory, Log } from '../../core/ports.ts';
import { NO_METER } from '../../core/traffic.ts';
import type { TrafficMeter } from '../../core/traffic.ts';
import { watchRequests } from '../request-watch.ts';
import { createEntraTokens } from './entra-tokens.ts';
import type { EntraAuth } from './entra-tokens.ts';
import { createGraphCalls } from './graph-calls.ts';
import type { ThrottlePriority } from './graph-calls.ts';
import { createGraphDirectory } from './graph-directory.ts';
import { createGraphTransport } from './graph-transport.ts';

export interface DirectoryOptions {
  /** `https://graph.microsoft.com`, a national cloud or a simulator; https only. */
  readonly baseUrl: string;
  /** `https://login.microsoftonline.com`, a national cloud's or a simulator's. */
  readonly authorityHost: string;
  readonly tenantId: string;
  /** Of the app registration; of the managed identity where that one signs in itself. */
  readonly clientId: string;
  readonly auth: EntraAuth;
  readonly throttlePriority?: ThrottlePriority;
  /** Default 10: Graph takes 20 a second of an app in a tenant, and there may be other instances. */
  readonly maxWritesPerSecond?: number;
  /** For the whole of one call; default 30 s. */
  readonly timeoutMs?: number;
  readonly clock?: Clock;
  readonly random?: () => number;
  /** Told when Graph is left alone for a while, and when it answers again. */
  readonly log?: Log;
  readonly meter?: TrafficMeter;
  /** Origins where a sign-in may go; absent = any. */
  readonly allowedOrigins?: readonly string[];
}

const CALL_TIMEOUT_MS = 30_000;
const WRITES_PER_SECOND = 10;

const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

const NO_LOG: Log = { event: () => undefined };

/** Microsoft Graph v1.0 as a Directory, signed in as an app. Nothing is loaded or sent before the first call. */
export function createDirectory(options: DirectoryOptions): Directory {
  const { origin } = new URL(options.baseUrl);
  const { authorityHost, tenantId, clientId, auth, allowedOrigins } = options;
  const timeoutMs = options.timeoutMs ?? CALL_TIMEOUT_MS;
  const scope = `${origin}/.default`;
  const clock = options.clock ?? SYSTEM_CLOCK;
  const meter = options.meter ?? NO_METER;
  const watch = watchRequests('entra', meter, clock);
  const graph = createGraphCalls({
    transport: createGraphTransport({ origin, timeoutMs }),
    tokens: createEntraTokens({ authorityHost, tenantId, clientId, auth, scope, timeoutMs, allowedOrigins, watch }),
    clock,
    random: options.random ?? Math.random,
    throttlePriority: options.throttlePriority ?? 'Low',
    log: options.log ?? NO_LOG,
    meter,
  });
  const perSecond = options.maxWritesPerSecond ?? WRITES_PER_SECOND;
  return createGraphDirectory(graph, origin, createPace({ perSecond, clock }));
}
