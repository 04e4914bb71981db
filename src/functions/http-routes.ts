import type { HttpMethod } from '@azure/functions';

/** App roles of the app registration behind App Service authentication. */
export const ROLES = ['Sync.Read', 'Sync.Run', 'Sync.Approve', 'Sync.Admin'] as const;
export type Role = (typeof ROLES)[number];

/** Where an HTTP function is found, below `/api`, and what is asked of the caller. */
export interface HttpRoute {
  readonly method: Extract<HttpMethod, 'GET' | 'POST'>;
  readonly route: string;
  /** What the host asks for. */
  readonly authLevel: 'function' | 'anonymous';
  /** The role that every call needs where roles are believed; absent where nobody is asked. */
  readonly role?: Role;
  /** The role that some calls need besides, and which ones. */
  readonly elevated?: { readonly role: Role; readonly when: string };
}

/** Every HTTP function: registered, documented and guarded from this one table. The library's own default would be anonymous. */
export const HTTP_ROUTES = {
  'start-run': {
    method: 'POST',
    route: 'runs',
    authLevel: 'function',
    role: 'Sync.Read',
    elevated: { role: 'Sync.Run', when: 'unless `dryRun` is true' },
  },
  'list-runs': { method: 'GET', route: 'runs', authLevel: 'function', role: 'Sync.Read' },
  'get-run': { method: 'GET', route: 'runs/{runId}', authLevel: 'function', role: 'Sync.Read' },
  'list-run-records': {
    method: 'GET',
    route: 'runs/{runId}/records',
    authLevel: 'function',
    role: 'Sync.Read',
    elevated: { role: 'Sync.Admin', when: 'with `reveal=true`' },
  },
  'approve-run': { method: 'POST', route: 'runs/{runId}/approve', authLevel: 'function', role: 'Sync.Approve' },
  'reject-run': { method: 'POST', route: 'runs/{runId}/reject', authLevel: 'function', role: 'Sync.Approve' },
  'cancel-run': { method: 'POST', route: 'runs/{runId}/cancel', authLevel: 'function', role: 'Sync.Run' },
  'get-person': {
    method: 'GET',
    route: 'people/{personId}',
    authLevel: 'function',
    role: 'Sync.Read',
    elevated: { role: 'Sync.Admin', when: 'with `reveal=true`' },
  },
  'lookup-person': {
    method: 'POST',
    route: 'people/lookup',
    authLevel: 'function',
    role: 'Sync.Read',
    elevated: { role: 'Sync.Admin', when: 'with `reveal=true`' },
  },
  'erase-person': { method: 'POST', route: 'people/{personId}/erase', authLevel: 'function', role: 'Sync.Admin' },
  'adopt-account': { method: 'POST', route: 'adopt', authLevel: 'function', role: 'Sync.Admin' },
  'pause-sync': { method: 'POST', route: 'pause', authLevel: 'function', role: 'Sync.Admin' },
  'resume-sync': { method: 'POST', route: 'resume', authLevel: 'function', role: 'Sync.Admin' },
  'install-webhook': { method: 'POST', route: 'webhook', authLevel: 'function', role: 'Sync.Admin' },
  'verify-webhook': { method: 'GET', route: 'webhook', authLevel: 'function', role: 'Sync.Read' },
  'receive-webhook': { method: 'POST', route: 'webhooks/messagemedia', authLevel: 'anonymous' },
  'get-status': { method: 'GET', route: 'status', authLevel: 'function', role: 'Sync.Read' },
  'get-openapi': { method: 'GET', route: 'openapi.json', authLevel: 'function', role: 'Sync.Read' },
  health: { method: 'GET', route: 'health', authLevel: 'anonymous' },
} as const satisfies Readonly<Record<string, HttpRoute>>;

export type HttpFunctionName = keyof typeof HTTP_ROUTES;
