import { createStorageClock } from '../../../src/adapters/storage/storage-clock.ts';

const NOON = Date.UTC(2026, 0, 5, 12, 0, 0);

/** A clock on a local time that the test sets, and an answer that took `tookMs` and was stamped with storage's time. */
function aClock() {
  let local = NOON;
  const clock = createStorageClock(() => local);
  const answer = (storageTime: number, tookMs = 100): void => {
    const learn = clock.watch();
    local += tookMs;
    learn(new Date(storageTime).toUTCString());
  };
  return { clock, answer, local: () => local };
}

describe('createStorageClock', () => {
  it('is the local clock until storage answers', () => {
    expect(aClock().clock.now()).toBe(NOON);
  });

  it.each([
    ['ahead', 90_000],
    ['behind', -90_000],
  ])('follows a storage clock that is %s', (_what, offsetMs) => {
    const { clock, answer, local } = aClock();

    answer(NOON + offsetMs);

    expect(Math.abs(clock.now() - (local() + offsetMs))).toBeLessThan(1_000);
  });

  it.each([1_400, -1_400])('does not move for a difference of %d ms', (offsetMs) => {
    const { clock, answer, local } = aClock();

    answer(NOON + offsetMs);

    expect(clock.now()).toBe(local());
  });

  it('returns when the clocks agree again', () => {
    const { clock, answer, local } = aClock();
    answer(NOON + 60_000);

    answer(local());

    expect(Math.abs(clock.now() - local())).toBeLessThan(1_000);
  });

  it('learns nothing from an answer that took long', () => {
    const { clock, answer, local } = aClock();

    answer(NOON, 20_000);

    expect(clock.now()).toBe(local());
  });

  it.each([undefined, 'undefined', ''])('learns nothing from the header %s', (header) => {
    const clock = createStorageClock(() => NOON);

    clock.watch()(header);

    expect(clock.now()).toBe(NOON);
  });

  it('runs on this machine when nothing else is given, and sleeps', async () => {
    const clock = createStorageClock();
    const before = clock.now();

    await clock.sleep(20);

    expect(clock.now() - before).toBeGreaterThanOrEqual(15);
  });
});
