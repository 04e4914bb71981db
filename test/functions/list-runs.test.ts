import { RunPage } from '../../src/functions/api-schemas.ts';
import { createListRuns } from '../../src/functions/list-runs.ts';
import { aRun, call, fakeServices } from './fake-services.ts';

function recording(nextCursor?: string) {
  const calls: unknown[][] = [];
  const handler = createListRuns(
    fakeServices({
      listRuns: async (_engine, limit, cursor) => {
        calls.push([limit, cursor]);
        return { items: [aRun()], ...(nextCursor !== undefined && { nextCursor }) };
      },
    }),
  );
  return { handler, calls };
}

describe('createListRuns', () => {
  it('lists 20 runs when nothing else is asked for', async () => {
    const { handler, calls } = recording();

    const answer = await call(handler, { path: '/runs' });

    expect(calls).toEqual([[20, undefined]]);
    expect(RunPage.parse(answer.body).items).toHaveLength(1);
    expect(answer.body).not.toHaveProperty('nextCursor');
  });

  it('goes on from a cursor and ignores the function key', async () => {
    const { handler, calls } = recording('run-1');

    const answer = await call(handler, { path: '/runs?limit=1&cursor=run-2&code=key' });

    expect(calls).toEqual([[1, 'run-2']]);
    expect(answer.body['nextCursor']).toBe('run-1');
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=ten', 'limit'],
    ['limit=', 'limit'],
    ['cursor=', 'cursor'],
    ['cursor=a%20b', 'cursor'],
    ['limt=5', 'limt'],
    ['limit=5&limit=6', 'limit'],
  ])('refuses ?%s', async (query, path) => {
    const answer = await call(recording().handler, { path: `/runs?${query}` });

    expect(answer.status).toBe(400);
    expect(answer.body['problems']).toEqual([expect.objectContaining({ path })]);
  });
});
