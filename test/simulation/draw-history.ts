import { seededRandom } from '../../local/simulator/random.ts';
import type { Random } from '../../local/simulator/random.ts';
import { drawDeed } from './draw-deeds.ts';
import { drawMishap, drawMoment } from './draw-mishaps.ts';
import { drawTheme } from './draw-themes.ts';
import { drawWorld } from './draw-world.ts';
import type { History, Occurrence, When } from './history.ts';
import { dice } from './sim.ts';

/** Most of what people do, they do between two runs; some of it in the midst of one. */
function drawWhen(random: Random, spanMs: number): When {
  return dice(random, 3) > 0 ? { at: dice(random, spanMs) } : drawMoment(random);
}

/** The history that a seed stands for: small, so that many can be told. */
export function drawHistory(seed: number): History {
  const random = seededRandom(seed * 7 + 3);
  const world = drawWorld(random);
  const spanMs = (20 + dice(random, 60)) * 60_000;
  const occurrences: Occurrence[] = [{ when: { at: 1 }, what: { do: 'start', mode: 'delta', dryRun: false } }];
  for (let starts = 2 + dice(random, 4); starts > 0; starts -= 1) {
    const mode = dice(random, 4) === 0 ? 'full' : 'delta';
    occurrences.push({
      when: { at: dice(random, spanMs) },
      what: { do: 'start', mode, dryRun: dice(random, 6) === 0 },
    });
  }
  for (let deeds = 4 + dice(random, 8); deeds > 0; deeds -= 1) {
    occurrences.push({ when: drawWhen(random, spanMs), what: drawDeed(random, world) });
  }
  for (let mishaps = 2 + dice(random, 9); mishaps > 0; mishaps -= 1) occurrences.push(drawMishap(random));
  if (dice(random, 2) === 0) occurrences.push(...drawTheme(random, world, spanMs));
  return { seed, world, occurrences };
}
