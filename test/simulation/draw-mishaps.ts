import type { Random } from '../../local/simulator/random.ts';
import { pick } from './draw-world.ts';
import { EFFECTS } from './fault-names.ts';
import type { Effect } from './fault-names.ts';
import type { Mishap, Occurrence, When, WrongAnswer } from './history.ts';
import { dice } from './sim.ts';

/** How many effects of a kind a history has, or so: nothing can happen at the hundredth of ten. */
const HOW_MANY: Readonly<Record<Effect, number>> = {
  'state row': 12,
  'slot row': 2,
  'list row': 4,
  'run row': 55,
  'page row': 8,
  'reading row': 2,
  'batch row': 4,
  'plan row': 5,
  'verdict row': 2,
  'outcome row': 3,
  'lane row': 28,
  'person row': 4,
  'claim row': 2,
  'pending row': 2,
  'run message': 13,
  'batch message': 7,
  'directory page': 9,
  'people by id': 2,
  'contact look-up': 6,
  'contact creation': 3,
  'contact change': 2,
  'contact deletion': 1,
  'membership change': 2,
  'list look-up': 2,
  'list creation': 2,
  'field look-up': 2,
  'field creation': 2,
  'directory write': 3,
};

/** One way nothing is written to the directory. */
const ONE_WAY = EFFECTS.filter((effect) => effect !== 'directory write');
const CALLS = ONE_WAY.slice(ONE_WAY.indexOf('directory page'));
const WRITES = EFFECTS.slice(0, EFFECTS.indexOf('directory page'));
const MESSAGES = ['run message', 'batch message'] as const;
const TELLING_CALLS = [
  'contact creation',
  'contact change',
  'contact deletion',
  'membership change',
  'list creation',
  'field creation',
] as const;
const ANSWERS: readonly WrongAnswer[] = [
  '429 with Retry-After',
  '429 without Retry-After',
  'status 500',
  'status 502',
  'status 503',
  'status 504',
  'connection reset',
  'no answer in time',
  'HTML with status 200',
  'truncated answer',
];

function nthOf(random: Random, of: Effect): When {
  return { nth: 1 + dice(random, HOW_MANY[of]), of };
}

export function drawMoment(random: Random): When {
  return nthOf(random, pick(random, ONE_WAY));
}

/** A crash at a write to the directory, or an answer to it that is none. */
export function drawWriteMishap(random: Random): Occurrence {
  const what = dice(random, 2) === 0 ? drawCrash(random) : drawLostAnswer(random);
  return { when: nthOf(random, 'directory write'), what };
}

function drawLostAnswer(random: Random): Mishap {
  return { do: 'answer', answer: pick(random, ANSWERS), applied: dice(random, 2) === 0 };
}

function drawCrash(random: Random): Mishap {
  return {
    do: 'crash',
    side: pick(random, ['before', 'after'] as const),
    instance: dice(random, 4) === 0,
    arrives: dice(random, 3) === 0,
    messageBackMs: pick(random, [0, 1_000, 60_000, 600_000]),
  };
}

const DRAWS: readonly ((random: Random) => Occurrence)[] = [
  (r) => ({ when: drawMoment(r), what: drawCrash(r) }),
  (r) => ({ when: drawMoment(r), what: drawCrash(r) }),
  (r) => ({ when: drawMoment(r), what: { do: 'pause', ms: pick(r, [40_000, 95_000, 130_000, 700_000]) } }),
  (r) => ({ when: nthOf(r, pick(r, CALLS)), what: { do: 'slow', ms: 5_000 + dice(r, 23_000) } }),
  (r) => ({ when: nthOf(r, pick(r, CALLS)), what: { do: 'answer', answer: pick(r, ANSWERS), applied: false } }),
  (r) => ({
    when: nthOf(r, pick(r, TELLING_CALLS)),
    what: { do: 'answer', answer: pick(r, ['connection reset', 'status 502', 'truncated answer']), applied: true },
  }),
  (r) => ({ when: nthOf(r, pick(r, WRITES)), what: { do: 'refuse-row', applied: dice(r, 2) === 0 } }),
  (r) => ({
    when: nthOf(r, pick(r, MESSAGES)),
    what: {
      do: 'message',
      how: pick(r, ['twice', 'late', 'malformed', 'unknown-version'] as const),
      delayMs: 1_000 * dice(r, 200),
    },
  }),
];

/** Something that goes wrong at some moment or other. */
export function drawMishap(random: Random): Occurrence {
  return pick(random, DRAWS)(random);
}
