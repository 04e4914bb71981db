import { createPace } from '../../src/core/pace.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const START = Date.UTC(2026, 0, 5);

describe('createPace', () => {
  const setUp = (perSecond?: number) => {
    const clock = createFakeClock(START, { sleepAdvances: true });
    const pace = createPace({ perSecond, clock });
    const startOf = async () => {
      await pace.turn();
      return clock.now() - START;
    };
    return { clock, pace, startOf };
  };

  it('lets so many start a second, evenly spread', async () => {
    const { startOf } = setUp(10);

    expect([await startOf(), await startOf(), await startOf()]).toEqual([0, 100, 200]);
  });

  it('makes up for nothing after a rest', async () => {
    const { clock, startOf } = setUp(10);
    await startOf();
    await clock.advance(5_000);

    expect([await startOf(), await startOf()]).toEqual([5_000, 5_100]);
  });

  it('has no gaps without a rate, but holds all the same', async () => {
    const { pace, startOf } = setUp();
    expect([await startOf(), await startOf()]).toEqual([0, 0]);

    pace.hold(3_000);

    expect(await startOf()).toBe(3_000);
  });

  it('is not held for less than it is already', async () => {
    const { pace, startOf } = setUp(10);
    pace.hold(3_000);
    pace.hold(1_000);

    expect(await startOf()).toBe(3_000);
  });

  it('stretches the gaps until it is told otherwise', async () => {
    const { pace, startOf } = setUp(10);
    pace.stretch(4);
    await startOf();
    expect(await startOf()).toBe(400);

    pace.stretch(1);
    await startOf();

    expect(await startOf()).toBe(900);
  });
});
