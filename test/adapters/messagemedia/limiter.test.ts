import { createLimiter } from '../../../src/adapters/messagemedia/limiter.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const WORKER = {};

function aLimiter(ceiling: number, maxRequestsPerSecond?: number) {
  const clock = createFakeClock();
  return { clock, limiter: createLimiter({ ceiling, maxRequestsPerSecond, clock }) };
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('createLimiter', () => {
  it('lets no more on the wire than its ceiling', async () => {
    const { limiter } = aLimiter(2);
    const slots = [await limiter.acquire(WORKER), await limiter.acquire(WORKER)];
    let third = false;
    const waiting = limiter.acquire(WORKER).then(() => {
      third = true;
    });

    await settled();
    expect(third).toBe(false);

    for (const slot of slots) limiter.release(slot, 'success');
    await waiting;
    expect(third).toBe(true);
  });

  it('halves once for all the refusals of one burst', async () => {
    const { limiter } = aLimiter(16);
    const slots = await Promise.all(Array.from({ length: 16 }, () => limiter.acquire(WORKER)));

    for (const slot of slots) limiter.release(slot, 'overload');

    expect(limiter.level).toBe(8);
  });

  it('halves again when the smaller number is too much as well, but never goes under one', async () => {
    const { limiter } = aLimiter(16);

    for (let round = 0; round < 10; round += 1) limiter.release(await limiter.acquire(WORKER), 'overload');

    expect(limiter.level).toBe(1);
  });

  it('finds its way back up one by one, to the ceiling and not above', async () => {
    const { limiter } = aLimiter(4);
    for (let round = 0; round < 3; round += 1) limiter.release(await limiter.acquire(WORKER), 'overload');

    const levels: number[] = [];
    for (let call = 0; call < 20; call += 1) {
      limiter.release(await limiter.acquire(WORKER), 'success');
      levels.push(limiter.level);
    }

    expect(levels[0]).toBe(2);
    expect(levels).toEqual(levels.toSorted((one, other) => one - other));
    expect(levels.at(-1)).toBe(4);
  });

  it('does not move for failures that say nothing about load', async () => {
    const { limiter } = aLimiter(4);

    limiter.release(await limiter.acquire(WORKER), 'other');

    expect(limiter.level).toBe(4);
  });

  it('holds everybody for a Retry-After', async () => {
    const { clock, limiter } = aLimiter(4);
    limiter.release(await limiter.acquire(WORKER), 'overload', 5000);
    let started = false;
    const waiting = limiter.acquire(WORKER).then(() => {
      started = true;
    });

    await clock.advance(4999);
    await settled();
    expect(started).toBe(false);

    await clock.advance(1);
    await waiting;
    expect(started).toBe(true);
  });

  it('keeps to a rate', async () => {
    const { clock, limiter } = aLimiter(100, 10);
    let started = 0;
    for (let call = 0; call < 30; call += 1) void limiter.acquire(WORKER).then(() => (started += 1));
    await settled();

    await clock.advance(1000);
    await settled();

    expect(started).toBe(11);
  });

  it('gives every worker places of its own, at the level that all have learnt', async () => {
    const { limiter } = aLimiter(2);
    const another = {};

    const slots = await Promise.all([WORKER, WORKER, another, another].map((worker) => limiter.acquire(worker)));
    for (const slot of slots) limiter.release(slot, 'overload');

    expect(slots).toHaveLength(4);
    expect(limiter.level).toBe(1);
  });
});
