import { readRun } from '../../src/core/run/read-runs.ts';
import { MINUTE_MS, untilNobodyWaits, weather } from '../support/rough-weather.ts';
import type { Story } from '../support/story.ts';
import { contactOf, contactsOf, countsOf, exceptionsOf, tellStory } from '../support/story-checks.ts';
import { changeUsers, users } from '../support/story-people.ts';

const PEOPLE = 120;
// Fewer than protection holds.
const RENAMED = 50;
const STORM_MINUTES = 30;
/** What opens the breaker, and what two workers have on the wire when it does. */
const TO_OPEN = 10 + 2 * 16;
/** Three after 5, 10, 20 and 40 seconds, and then three a minute. */
const PROBES = 3 * (4 + STORM_MINUTES);

/** MessageMedia or Graph answers nobody for so long; answers how many requests came meanwhile. */
function storm(
  story: Story,
  host: 'messageMedia' | 'graph',
  status: number,
): { count: () => number; until: () => boolean } {
  const { faults, requests } = story[host];
  const end = story.clock.now() + STORM_MINUTES * MINUTE_MS;
  const before = requests.length;
  const fault = faults.add(host === 'graph' ? { match: { path: /^\/v1\.0\// }, do: { status } } : { do: { status } });
  let during = 0;
  return {
    count: () => during,
    until: () => {
      if (story.clock.now() < end) during = requests.length - before;
      else fault.remove();
      return false;
    },
  };
}

describe('a storm of half an hour', () => {
  it.each([503, 429])(
    'at MessageMedia (%i) costs a few requests, and afterwards nobody is left out',
    async (status) => {
      await tellStory({ users: users(PEOPLE), lanes: 4 }, async (story) => {
        await story.run();
        changeUsers(story.graph, 1, RENAMED, (n) => ({ surname: `Renamed ${n}` }));
        const run = await story.start('full');
        const { count, until } = storm(story, 'messageMedia', status);

        await weather(story, { until });

        const end = await readRun(story.engine(), run.runId);
        expect(end.state).toBe('completed');
        expect(countsOf(end)).toMatchObject({ updated: RENAMED });
        expect(contactsOf(story)).toHaveLength(PEOPLE);
        expect(count()).toBeLessThanOrEqual(TO_OPEN + PROBES);
        expect(count()).toBeGreaterThan(0);
      })();
    },
  );

  it.each([1, 2, 3])(
    'keeps nobody out when it is over, although the contact that comes first is never served (%i)',
    async (number) => {
      await tellStory({ users: users(30), lanes: 1 }, async (story) => {
        await story.run();
        changeUsers(story.graph, 1, 8, (n) => ({ surname: `Renamed ${n}` }));
        const path = new RegExp(contactOf(story, number)!.id);
        const curse = story.messageMedia.faults.add({ match: { method: 'PATCH', path }, do: { status: 500 } });
        const run = await story.start();
        const { until } = storm(story, 'messageMedia', 503);

        await weather(story, { until });

        const end = await readRun(story.engine(), run.runId);
        expect(await exceptionsOf(story, end)).toEqual({ [number]: 'failed service-unavailable' });
        expect(countsOf(end)).toMatchObject({ updated: 7, failed: 1 });
        curse.remove();
        await untilNobodyWaits(story);
        expect(contactOf(story, number)?.name).toBe(`Person Renamed ${number}`);
      })();
    },
  );

  it(
    'at Graph costs a few requests, and afterwards nobody is left out',
    tellStory({ users: users(30), lanes: 2 }, async (story) => {
      await story.run();
      changeUsers(story.graph, 1, 12, (n) => ({ surname: `Renamed ${n}` }));
      const run = await story.start();
      const { count, until } = storm(story, 'graph', 503);

      await weather(story, { until });

      const end = await readRun(story.engine(), run.runId);
      expect(end.state).toBe('completed');
      expect(countsOf(end)).toMatchObject({ updated: 12 });
      expect(count()).toBeLessThanOrEqual(TO_OPEN + PROBES);
      expect(count()).toBeGreaterThan(0);
    }),
  );
});
