import type { Clock } from './ports.ts';

/** Lets things start one after the other, with a gap between them. */
export interface Pace {
  /** Resolves when the next one may start. */
  turn(): Promise<void>;
  /** Nothing starts for so long. */
  hold(ms: number): void;
  /** Makes the gaps so many times as long, until it is told otherwise. */
  stretch(factor: number): void;
}

/** At most `perSecond` starts a second, evenly spread; without it there are no gaps, only holds. */
export function createPace(options: { readonly perSecond?: number | undefined; readonly clock: Clock }): Pace {
  const { clock, perSecond } = options;
  const gapMs = perSecond === undefined ? 0 : 1000 / perSecond;
  let factor = 1;
  let nextStartAt = 0;
  return {
    async turn() {
      const now = clock.now();
      const startAt = Math.max(now, nextStartAt);
      nextStartAt = startAt + gapMs * factor;
      if (startAt > now) await clock.sleep(Math.ceil(startAt - now));
    },
    hold(ms) {
      nextStartAt = Math.max(nextStartAt, clock.now() + ms);
    },
    stretch(times) {
      factor = times;
    },
  };
}
