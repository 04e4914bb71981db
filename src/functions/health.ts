import type { HttpHandler } from '@azure/functions';

/** GET /health: the app has started. Anonymous, so it says nothing else and asks nobody. */
export function createHealth(): HttpHandler {
  return () => ({ headers: { 'cache-control': 'no-store' }, jsonBody: { status: 'ok' } });
}
