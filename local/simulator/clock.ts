/** A clock that runs with the real one and can be set forward. Ms since 1970. */
export interface SettableClock {
  now(): number;
  advance(ms: number): void;
}

/** A clock that starts at the real time. */
export function createSettableClock(): SettableClock {
  let offset = 0;
  return {
    now: () => Date.now() + offset,
    advance(ms) {
      offset += ms;
    },
  };
}
