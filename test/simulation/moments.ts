import type { Effect } from './fault-names.ts';
import type { Deed, History, Mishap, Occurrence } from './history.ts';

/** What a history has in store for one execution of an effect. */
export interface Moment {
  /** Happens before the effect begins, whoever is about to begin it. */
  readonly deeds: readonly Deed[];
  readonly mishaps: readonly Mishap[];
}

/** Counts effects of each kind, and says what is to happen at the next one. */
export interface Moments {
  /** The effect is about to begin. */
  next(effect: Effect): Moment;
  /** From now on nothing happens at effects any more. */
  disarm(): void;
  /** Occurrences that wait for their time, in order. */
  readonly timed: readonly { readonly at: number; readonly what: Occurrence['what'] }[];
}

const MISHAPS: ReadonlySet<string> = new Set<Mishap['do']>([
  'crash',
  'pause',
  'slow',
  'answer',
  'refuse-row',
  'message',
]);

export function isMishap(what: Occurrence['what']): what is Mishap {
  return MISHAPS.has(what.do);
}

const NOTHING: Moment = { deeds: [], mishaps: [] };

export function createMoments({ occurrences }: History): Moments {
  const waiting = new Map<string, Moment>();
  for (const { when, what } of occurrences) {
    if ('at' in when) continue;
    const key = `${when.of} ${when.nth}`;
    const { deeds, mishaps } = waiting.get(key) ?? NOTHING;
    waiting.set(key, isMishap(what) ? { deeds, mishaps: [...mishaps, what] } : { deeds: [...deeds, what], mishaps });
  }
  const counts = new Map<Effect, number>();
  let isArmed = true;
  return {
    next(effect) {
      const nth = (counts.get(effect) ?? 0) + 1;
      counts.set(effect, nth);
      return (isArmed ? waiting.get(`${effect} ${nth}`) : undefined) ?? NOTHING;
    },
    disarm() {
      isArmed = false;
    },
    timed: occurrences
      .flatMap(({ when, what }) => ('at' in when ? [{ at: when.at, what }] : []))
      .toSorted((a, b) => a.at - b.at),
  };
}
