import { NeighbourError } from '../../src/core/errors.ts';
import type { NeighbourFailure } from '../../src/core/errors.ts';
import { createTraffic, endOf } from '../../src/core/traffic.ts';

describe('createTraffic', () => {
  it('sums what went to each neighbour, and begins anew once it was told', () => {
    const traffic = createTraffic();
    traffic.note('storage', { durationMs: 4, end: 'answered' });
    traffic.note('graph', { durationMs: 1_200, end: 'failed' });
    traffic.note('storage', { durationMs: 6, end: 'throttled' });

    expect(traffic.drain()).toEqual([
      { neighbour: 'storage', calls: 2, throttled: 1, failed: 0, slow: 0, totalMs: 10, maxMs: 6 },
      { neighbour: 'graph', calls: 1, throttled: 0, failed: 1, slow: 1, totalMs: 1_200, maxMs: 1_200 },
    ]);
    expect(traffic.drain()).toEqual([]);
  });

  it('counts a clock that was set back as no time', () => {
    const traffic = createTraffic();

    traffic.note('graph', { durationMs: -3_000, end: 'answered' });

    expect(traffic.drain()).toMatchObject([{ calls: 1, totalMs: 0, maxMs: 0 }]);
  });
});

describe('endOf', () => {
  it.each<[NeighbourFailure, ReturnType<typeof endOf>]>([
    ['throttled', 'throttled'],
    ['unavailable', 'failed'],
    ['unexpected-answer', 'failed'],
    ['not-found', 'answered'],
    ['conflict', 'answered'],
    ['access-denied', 'answered'],
  ])('takes %s for %s', (failure, end) => {
    expect(endOf(new NeighbourError('graph', failure, 'In words.'))).toBe(end);
  });

  it('says nothing of what was not sent', () => {
    expect([endOf('served'), endOf('not-sent')]).toEqual(['answered', undefined]);
  });
});
