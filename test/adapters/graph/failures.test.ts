import { inspect } from 'node:util';
import type { EntraGraph } from '../../../local/entra-graph/entra-graph.ts';
import type { FaultAction } from '../../../local/simulator/faults.ts';
import type { Directory } from '../../../src/core/ports.ts';
import { anImpatientClock, aScope, failureOf } from '../../support/neighbour-calls.ts';
import type { CountingScope, ImpatientClock } from '../../support/neighbour-calls.ts';
import { aDirectory, aTenant, pagesOf } from './tenant-under-test.ts';

const GRAPH = { path: /^\/v1\.0\// };

let tenant: EntraGraph;
let clock: ImpatientClock;
let directory: Directory;
let scope: CountingScope;

beforeEach(async () => {
  tenant = await aTenant();
  clock = anImpatientClock();
  directory = aDirectory(tenant, { clock });
  scope = aScope();
});

/** Who waits for an answer that never comes waits no longer than it has to. */
function hurryFor(fault: FaultAction): void {
  if (fault === 'hang') directory = aDirectory(tenant, { clock, timeoutMs: 1000 });
}

afterEach(async () => {
  await tenant.close();
  expect(tenant.failures).toEqual([]);
});

function graphRequests() {
  return tenant.requests.filter(({ path }) => path.startsWith('/v1.0/'));
}

describe('Graph', () => {
  it.each<[string, FaultAction]>([
    ['429', { status: 429 }],
    ['429 with seconds', { status: 429, retryAfter: 2 }],
    ['429 with a date', { status: 429, retryAfter: 3, retryAfterAs: 'http-date' }],
    ['429 with a date that has passed', { status: 429, retryAfter: -60, retryAfterAs: 'http-date' }],
    ['429 with garbage', { status: 429, retryAfter: 'later' }],
    ['408', { status: 408 }],
    ['500', { status: 500 }],
    ['500 without a body', { status: 500, body: 'empty' }],
    ['502 with a page', { status: 502, body: 'html' }],
    ['503', { status: 503 }],
    ['504', { status: 504, body: 'empty' }],
    ['a reset', 'drop'],
    ['an answer that got lost', 'dropAfterCommit'],
    ['half an answer', 'truncate'],
    ['a page with status 200', { status: 200, body: 'html' }],
    ['no answer in time', 'hang'],
    ['no value', { status: 200, body: { '@odata.deltaLink': 'x' } }],
    ['a value that is no list', { status: 200, body: { value: {}, '@odata.deltaLink': 'x' } }],
    ['no link', { status: 200, body: { value: [] } }],
    ['two links', { status: 200, body: { value: [], '@odata.nextLink': 'x', '@odata.deltaLink': 'x' } }],
    ['somebody without an id', { status: 200, body: { value: [{ displayName: 'x' }], '@odata.deltaLink': 'x' } }],
  ])('is asked again after %s', async (_what, fault) => {
    hurryFor(fault);
    const id = tenant.admin.createUser({ displayName: 'Ada Example' });
    tenant.faults.add({ match: GRAPH, times: 1, do: fault });

    const pages = await pagesOf(directory, scope);

    expect(pages.flatMap(({ entries }) => entries.map((entry) => entry.id))).toEqual([id]);
    expect(scope.attempts).toBe(2);
  });

  it.each<[string, FaultAction, string, number]>([
    ['429', { status: 429 }, 'throttled', 5],
    ['503', { status: 503 }, 'unavailable', 5],
    ['a reset', 'drop', 'unavailable', 5],
    ['half an answer', 'truncate', 'unexpected-answer', 5],
    ['403', { status: 403 }, 'access-denied', 1],
    ['404', { status: 404 }, 'not-found', 1],
    ['409', { status: 409 }, 'conflict', 1],
    ['400', { status: 400 }, 'invalid', 1],
    ['410', { status: 410 }, 'resync', 1],
  ])('fails when %s goes on', async (_what, fault, failure, calls) => {
    hurryFor(fault);
    tenant.faults.add({ match: GRAPH, do: fault });

    const error = await failureOf(pagesOf(directory, scope));

    expect(error.neighbour).toBe('graph');
    expect(error.failure).toBe(failure);
    expect(graphRequests()).toHaveLength(calls);
  });

  it.each([301, 302, 307, 308])('is not followed elsewhere (%i)', async (status) => {
    const headers = { Location: `${tenant.origin}/v1.0/users/delta` };
    tenant.faults.add({ match: GRAPH, do: { status, headers, body: 'empty' } });

    const error = await failureOf(pagesOf(directory, scope));

    expect(error.failure).toBe('unexpected-answer');
    expect(graphRequests()).toHaveLength(1);
  });

  it('is given the time it asks for, up to half a minute', async () => {
    tenant.faults.add({ match: GRAPH, times: 1, do: { status: 429, retryAfter: 30 } });

    await directory.check(scope);

    expect(clock.slept).toHaveLength(1);
    expect(clock.slept[0]).toBeGreaterThanOrEqual(30_000);
  });

  it('leaves a longer wait to the caller', async () => {
    tenant.faults.add({ match: GRAPH, do: { status: 429, retryAfter: 120 } });

    const error = await failureOf(directory.check(scope));

    expect(error.failure).toBe('throttled');
    expect(error.detail.retryAfterMs).toBe(120_000);
    expect(clock.slept).toEqual([]);
  });

  it('is not called when the scope forbids it, before a repetition either', async () => {
    const ended = new Error('the claim has ended');
    tenant.faults.add({ match: GRAPH, do: { status: 503 } });
    let attempts = 0;
    const closing = {
      beforeAttempt: () => {
        attempts += 1;
        return attempts > 1 ? Promise.reject(ended) : Promise.resolve();
      },
    };

    await expect(directory.check(closing)).rejects.toBe(ended);

    expect(graphRequests()).toHaveLength(1);
  });
});

describe('errors', () => {
  it('hold no secret, no token and nothing of a person', async () => {
    const quoting = { error: { code: 'canary code', message: 'canary', innerError: { 'request-id': 'canary' } } };
    const wrong = aDirectory(tenant, { clientSecret: () => Promise.resolve('canary-wrong') });
    const errors = [await failureOf(wrong.check(scope))];
    for (const fault of [{ status: 400, body: quoting }, { status: 200, body: quoting }, 'drop'] as const) {
      tenant.faults.clear();
      tenant.faults.add({ match: GRAPH, do: fault });
      errors.push(await failureOf(directory.check(scope)));
    }

    const text = inspect(errors, { depth: 12, showHidden: true });

    expect(text).not.toContain('canary');
    expect(text).not.toContain('Bearer');
  });
});
