import type { HttpMethod } from '@azure/functions';

/** Where an HTTP function is found, below `/api`, and what the host asks of the caller. */
export interface HttpRoute {
  readonly method: Extract<HttpMethod, 'GET' | 'POST'>;
  readonly route: string;
  readonly authLevel: 'function' | 'anonymous';
}

/** Every HTTP function: registered and documented from this one table. The library's own default would be anonymous. */
export const HTTP_ROUTES = {
  'start-run': { method: 'POST', route: 'runs', authLevel: 'function' },
  'list-runs': { method: 'GET', route: 'runs', authLevel: 'function' },
  'get-run': { method: 'GET', route: 'runs/{runId}', authLevel: 'function' },
  'list-run-records': { method: 'GET', route: 'runs/{runId}/records', authLevel: 'function' },
  'approve-run': { method: 'POST', route: 'runs/{runId}/approve', authLevel: 'function' },
  'reject-run': { method: 'POST', route: 'runs/{runId}/reject', authLevel: 'function' },
  'get-status': { method: 'GET', route: 'status', authLevel: 'function' },
  'get-openapi': { method: 'GET', route: 'openapi.json', authLevel: 'function' },
  health: { method: 'GET', route: 'health', authLevel: 'anonymous' },
} as const satisfies Readonly<Record<string, HttpRoute>>;

export type HttpFunctionName = keyof typeof HTTP_ROUTES;
