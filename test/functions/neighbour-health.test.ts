import { NeighbourError } from '../../src/core/errors.ts';
import type { CallScope } from '../../src/core/ports.ts';
import { NeighbourHealth } from '../../src/functions/api-schemas.ts';
import { createNeighbourHealth } from '../../src/functions/neighbour-health.ts';

function aClock(start = Date.UTC(2026, 2, 2)) {
  let now = start;
  return { now: () => now, pass: (ms: number) => void (now += ms) };
}

describe('createNeighbourHealth', () => {
  it('answers each neighbour’s health from a real call', async () => {
    const health = createNeighbourHealth(
      {
        storage: async () => undefined,
        messagemedia: async () => {
          throw new NeighbourError('messagemedia', 'access-denied', 'Refused. Do this.', { access: 'secret-refused' });
        },
        keyvault: () => {
          throw new TypeError('a defect');
        },
      },
      aClock(),
    );

    const answer = await health();

    expect(answer.map((one) => NeighbourHealth.strict().parse(one))).toEqual([
      expect.objectContaining({ neighbour: 'storage', ok: true, ageSeconds: 0, checkedAt: '2026-03-02T00:00:00.000Z' }),
      expect.objectContaining({
        neighbour: 'messagemedia',
        ok: false,
        code: 'access-denied',
        access: 'secret-refused',
        message: 'Refused. Do this.',
      }),
      expect.objectContaining({ neighbour: 'keyvault', ok: false, code: 'unexpected' }),
    ]);
    expect(answer[0]).not.toHaveProperty('code');
    expect(answer[2]).not.toHaveProperty('message');
  });

  it('asks at most once a minute and says how old the answer is', async () => {
    const clock = aClock();
    let calls = 0;
    const health = createNeighbourHealth({ graph: async () => void (calls += 1) }, clock);

    await Promise.all([health(), health()]);
    clock.pass(59_999);
    const old = await health();
    expect(calls).toBe(1);
    expect(old[0]?.ageSeconds).toBe(59);

    clock.pass(1);
    const fresh = await health();
    expect(calls).toBe(2);
    expect(fresh[0]?.ageSeconds).toBe(0);
  });

  it('does not wait for a neighbour that hangs, and stops its retries', async () => {
    let scope: CallScope | undefined;
    const hanging = (given: CallScope) => {
      scope = given;
      return new Promise<void>(() => undefined);
    };

    const [answer] = await createNeighbourHealth({ graph: hanging }, aClock(), 20)();

    expect(answer).toMatchObject({ neighbour: 'graph', ok: false, code: 'neighbour-unavailable' });
    await expect(scope?.beforeAttempt('graph')).rejects.toThrow('No answer within 20 ms.');
  });

  it('lets calls through while there is time', async () => {
    const [answer] = await createNeighbourHealth({ graph: (scope) => scope.beforeAttempt('graph') }, aClock())();

    expect(answer?.ok).toBe(true);
  });
});
