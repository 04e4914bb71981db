import { NeighbourError, SyncError } from '../../src/core/errors.ts';
import type { NeighbourFailure, SyncErrorCode } from '../../src/core/errors.ts';
import { RowConflict } from '../../src/core/ports.ts';
import { answering, problemResponse, PROBLEMS } from '../../src/functions/problem.ts';
import { call, fakeServices } from './fake-services.ts';

function bodyOf(error: unknown): Record<string, unknown> {
  return JSON.parse(problemResponse(error, 'invocation-1').body) as Record<string, unknown>;
}

describe('problemResponse', () => {
  it.each(Object.entries(PROBLEMS))('answers %s with its own status, type and title', (code, { status, title }) => {
    const response = problemResponse(new SyncError(code as SyncErrorCode, 'In words.'), 'invocation-1');

    expect(response.status).toBe(status);
    expect(response.headers).toMatchObject({ 'content-type': 'application/problem+json' });
    expect(JSON.parse(response.body)).toMatchObject({
      type: `urn:entra-sync:problem:${code}`,
      title,
      status,
      code,
      correlationId: 'invocation-1',
    });
  });

  it.each<[NeighbourFailure, SyncErrorCode]>([
    ['access-denied', 'access-denied'],
    ['throttled', 'neighbour-unavailable'],
    ['unavailable', 'neighbour-unavailable'],
    ['answer-lost', 'neighbour-unavailable'],
    ['not-found', 'unexpected'],
    ['unexpected-answer', 'unexpected'],
  ])('answers a neighbour’s %s as %s', (failure, code) => {
    expect(bodyOf(new NeighbourError('messagemedia', failure, 'It failed.'))).toMatchObject({
      code,
      neighbour: 'messagemedia',
    });
  });

  it('tells what is wrong with our access', () => {
    const error = new NeighbourError('graph', 'access-denied', 'Give it.', { access: 'permission-missing' });

    expect(bodyOf(error)).toMatchObject({ neighbour: 'graph', access: 'permission-missing', detail: 'Give it.' });
  });

  it('answers a secret that is missing as a configuration to be completed', () => {
    const body = bodyOf(new NeighbourError('keyvault', 'not-found', 'Key Vault has no secret pseudonym-key.'));

    expect(body).toMatchObject({ code: 'configuration-invalid', detail: 'Key Vault has no secret pseudonym-key.' });
  });

  it('answers a lost race as claim-lost', () => {
    expect(bodyOf(new RowConflict('a-key'))).toMatchObject({ code: 'claim-lost', status: 409 });
  });

  it.each([[new Error('who@example.com')], ['+61491570156'], [undefined]])(
    'says nothing of a foreign error',
    (error) => {
      const body = bodyOf(error);

      expect(body).toMatchObject({ code: 'unexpected', status: 500 });
      expect(JSON.stringify(body)).not.toMatch(/example|491570/);
    },
  );

  it('does not let extras replace the members of the document', () => {
    const body = bodyOf(new SyncError('plan-changed', 'In words.', { status: 200, code: 'fine', runId: 'run-1' }));

    expect(body).toMatchObject({ status: 409, code: 'plan-changed', runId: 'run-1' });
  });
});

describe('answering', () => {
  it('logs where a foreign error was thrown, but not its words', async () => {
    const handler = answering(fakeServices(), 'get-status', async () => {
      throw new TypeError('cannot read who@example.com');
    });

    const { status, lines } = await call(handler, { path: '/status' });

    expect(status).toBe(500);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.hostLevel).toBe('error');
    expect(lines[0]?.line).toMatchObject({ event: 'request.failed', code: 'unexpected', error: 'TypeError' });
    expect(lines[0]?.line['at']).toContain('problem.test.ts');
    expect(JSON.stringify(lines)).not.toContain('example.com');
  });

  it('lets an answer set its own caching', async () => {
    const handler = answering(fakeServices(), 'get-status', async () => ({
      jsonBody: {},
      headers: { 'cache-control': 'max-age=1' },
    }));

    expect((await call(handler, { path: '/status' })).headers).toEqual({ 'cache-control': 'max-age=1' });
  });
});
