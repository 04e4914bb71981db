import type { FaultSpec } from '../../local/simulator/faults.ts';
import type { Pending } from '../../src/core/plan/link.ts';
import { readRun } from '../../src/core/run/read-runs.ts';
import type { RunRow } from '../../src/core/run/run-row.ts';
import { readState } from '../../src/core/run/state-row.ts';
import { employMortals, HOUR_MS, MINUTE_MS, untilNobodyWaits, weather } from '../support/rough-weather.ts';
import type { Story } from '../support/story.ts';
import { contactOf, contactsOf, countsOf, exceptionsOf, tellStory, writesAmong } from '../support/story-checks.ts';
import { aUser, changeUsers, userId, users } from '../support/story-people.ts';

const CREATES = { method: 'POST', path: /\/contacts\/contacts$/ };
const CHANGES = { method: 'PATCH', path: /\/contacts\/contacts\/[^/]+$/ };

function pendingOf(story: Story): Pending[] {
  return story.tables
    .rows('people')
    .filter(({ key }) => key.startsWith('pending:'))
    .map(({ body }) => body as Pending);
}

/** MessageMedia answers nobody until virtual time has come so far. */
function breakDown(story: Story, fault: FaultSpec['do'], forMs: number): () => boolean {
  const end = story.clock.now() + forMs;
  const armed = story.messageMedia.faults.add({ do: fault });
  return () => {
    if (story.clock.now() >= end) armed.remove();
    return false;
  };
}

/** Something happens in the middle of a worker's work, after its `nth` effect of that name. */
function atTheEffect(story: Story, effect: string, nth: number, happen: () => void): void {
  let seen = 0;
  employMortals(story, (what) => {
    if (what === effect && ++seen === nth) happen();
  });
}

async function finish(story: Story, run: RunRow, until?: () => boolean): Promise<RunRow> {
  await weather(story, until === undefined ? {} : { until });
  return readRun(story.engine(), run.runId);
}

describe('MessageMedia is down', () => {
  it.each([
    ['answers 503', { status: 503 }],
    ['refuses connections', 'drop'],
    ['is a gateway that answers 502', { status: 502, body: 'html' }],
    ['answers 429 without Retry-After', { status: 429 }],
    ['answers 429 with a short Retry-After', { status: 429, retryAfter: 2 }],
    ['answers 429 with a long Retry-After', { status: 429, retryAfter: 120 }],
  ] as const)('for some minutes and %s: the run waits for it and ends well', async (_how, fault) => {
    await tellStory({ users: users(30), lanes: 2 }, async (story) => {
      await story.run();
      changeUsers(story.graph, 1, 6, (n) => ({ surname: `Renamed ${n}` }));
      story.graph.admin.softDelete(userId(7));
      const run = await story.start();
      const startedAt = story.clock.now();

      const end = await finish(story, run, breakDown(story, fault, 12 * MINUTE_MS));

      expect(end.state).toBe('completed');
      expect(countsOf(end)).toMatchObject({ updated: 6, removed: 1 });
      expect(end.finishedAt! - startedAt).toBeGreaterThan(11 * MINUTE_MS);
      expect(end.finishedAt! - startedAt).toBeLessThan(30 * MINUTE_MS);
      expect(pendingOf(story)).toEqual([]);
    })();
  });

  it(
    'in the middle of an onboarding: nobody is made twice',
    tellStory({ users: users(30), lanes: 2 }, async (story) => {
      let hasMended: () => boolean = () => false;
      atTheEffect(story, 'after createContact', 6, () => {
        hasMended = breakDown(story, 'drop', 20 * MINUTE_MS);
      });

      const end = await finish(story, await story.start(), () => hasMended());

      expect(end.state).toBe('completed');
      expect(countsOf(end)).toMatchObject({ created: 30 });
    }),
  );

  it(
    'for hours while applying: people fail with pending, and the timer tries them again, less and less often',
    tellStory({ users: users(20), lanes: 2 }, async (story) => {
      await story.run();
      changeUsers(story.graph, 1, 4, (n) => ({ surname: `Renamed ${n}` }));
      const startedAt = story.clock.now();
      const broken = story.messageMedia.faults.add({ match: CHANGES, do: { status: 503 } });

      const run = await finish(story, await story.start());

      expect(run.state).toBe('completed-with-errors');
      expect(countsOf(run)).toMatchObject({ failed: 4 });
      expect(pendingOf(story).map(({ reason, attempts }) => [reason, attempts])).toEqual(
        [1, 2, 3, 4].map(() => ['service-unavailable', 1]),
      );
      expect(story.clock.now() - startedAt).toBeGreaterThan(HOUR_MS);
      const tries = [pendingOf(story)[0]!];
      while (story.clock.now() - startedAt < 60 * HOUR_MS) {
        await weather(story, { ticks: 1 });
        const [now] = pendingOf(story);
        if (now!.attempts !== tries.at(-1)!.attempts) tries.push(now!);
      }
      expect(tries.map(({ attempts }) => attempts)).toEqual([1, 2, 3, 4, 5]);
      expect(tries.map(({ since }) => since)).toEqual(tries.map(() => tries[0]!.since));
      const runs = story.tables.rows('runs').map(({ body }) => body as RunRow);
      const lastTry = runs.find(({ runId }) => runId === tries.at(-1)!.runId)!;
      expect(runs.filter(({ trigger }) => trigger === 'pending').length).toBeGreaterThanOrEqual(3);
      expect(tries.at(-1)!.dueAt! - lastTry.finishedAt!).toBe(24 * HOUR_MS);

      broken.remove();
      await untilNobodyWaits(story);

      expect(pendingOf(story)).toEqual([]);
      expect(contactOf(story, 3)?.name).toBe('Person Renamed 3');
    }),
  );

  it(
    'for hours before anything was applied: the run fails, the token stays, the next run completes',
    tellStory({ users: users(20), lanes: 2 }, async (story) => {
      await story.run();
      const { token } = await readState(story.engine());
      story.graph.admin.createUser(aUser(40));
      story.graph.admin.softDelete(userId(1));
      const broken = story.messageMedia.faults.add({ do: 'drop' });

      const run = await finish(story, await story.start());

      expect(run).toMatchObject({ state: 'failed', error: { code: 'neighbour-unavailable' } });
      expect((await readState(story.engine())).token).toEqual(token);
      broken.remove();
      const next = await story.run();
      expect(countsOf(next)).toMatchObject({ created: 1, removed: 1 });
    }),
  );

  it(
    'for hours does not use up what may be removed in a day',
    tellStory({ users: users(60), lanes: 2 }, async (story) => {
      await story.run();
      changeUsers(story.graph, 1, 9, () => ({ accountEnabled: false }));
      changeUsers(story.graph, 10, 20, (n) => ({ surname: `Renamed ${n}` }));
      const broken = story.messageMedia.faults.add({ match: { method: 'PATCH' }, do: { status: 503 } });
      const run = await finish(story, await story.start());
      expect(countsOf(run)).toMatchObject({ failed: 20 });
      broken.remove();

      await untilNobodyWaits(story);

      expect(pendingOf(story)).toEqual([]);
      expect([1, 9].map((n) => contactOf(story, n)?.lists)).toEqual([[], []]);
    }),
  );
});

describe('one contact that MessageMedia cannot serve', () => {
  it(
    'keeps nobody else from anything, and is tried again later',
    tellStory({ users: users(20), lanes: 2 }, async (story) => {
      await story.run();
      changeUsers(story.graph, 1, 6, (n) => ({ surname: `Renamed ${n}` }));
      const cursed = new RegExp(contactOf(story, 3)!.id);
      const fault = story.messageMedia.faults.add({ match: { method: 'PATCH', path: cursed }, do: { status: 500 } });

      const run = await finish(story, await story.start());

      expect(run.state).toBe('completed-with-errors');
      expect(await exceptionsOf(story, run)).toEqual({ 3: 'failed service-unavailable' });
      expect([1, 2, 4, 5, 6].map((n) => contactOf(story, n)?.name)).toEqual(
        [1, 2, 4, 5, 6].map((n) => `Person Renamed ${n}`),
      );
      fault.remove();
      await untilNobodyWaits(story);
      expect(contactOf(story, 3)?.name).toBe('Person Renamed 3');
    }),
  );

  it(
    'refused for good is rejected, and not tried again until something changes',
    tellStory({ users: users(20), lanes: 2 }, async (story) => {
      await story.run();
      changeUsers(story.graph, 1, 6, (n) => ({ surname: `Renamed ${n}` }));
      const cursed = new RegExp(contactOf(story, 3)!.id);
      story.messageMedia.faults.add({ match: { method: 'PATCH', path: cursed }, do: { status: 400 } });

      const run = await story.run();

      expect(await exceptionsOf(story, run)).toEqual({ 3: 'rejected invalid-value' });
      story.messageMedia.faults.clear();
      story.callsMade();
      await weather(story, { ticks: 12 });
      await story.run('full');
      expect(story.callsMade().messageMedia).toEqual([]);
      story.graph.admin.updateUser(userId(3), { surname: 'Again' });
      await story.run();
      expect(contactOf(story, 3)?.name).toBe('Person Again');
    }),
  );
});

describe('credentials', () => {
  it(
    'that are refused in the middle of applying stop the run; nobody fails for it, and the next run completes',
    tellStory({ users: users(250), lanes: 2 }, async (story) => {
      const fault = story.messageMedia.faults.add({ match: CREATES, every: 60, do: { status: 403 } });

      const run = await finish(story, await story.start());

      expect(fault.fired).toBeGreaterThan(0);
      expect(run).toMatchObject({ state: 'failed', error: { code: 'access-denied' } });
      expect((await readState(story.engine())).token).toBeUndefined();
      expect(pendingOf(story)).toEqual([]);
      fault.remove();
      const made = contactsOf(story).length;
      const next = await story.run();
      expect(countsOf(next)).toMatchObject({ created: 250 - made });
    }),
  );

  it(
    'that were taken away stop the run at once; with good ones the next completes',
    tellStory({ users: users(250), lanes: 2 }, async (story) => {
      const { account, faults } = story.messageMedia;
      atTheEffect(story, 'after createContact', 20, () =>
        account.rotateCredentials({ apiKey: 'story-key', apiSecret: 'another' }),
      );

      const end = await finish(story, await story.start());

      expect(end).toMatchObject({ state: 'failed', error: { code: 'access-denied' } });
      expect(JSON.stringify(end.error)).not.toContain('story-');
      expect(story.messageMedia.requests.filter(({ status }) => status === 401).length).toBeLessThan(200);
      expect(pendingOf(story)).toEqual([]);
      expect((await readState(story.engine())).token).toBeUndefined();
      const made = contactsOf(story).length;
      expect(made).toBeLessThan(250);
      story.callsMade();
      account.addCredentials({ apiKey: 'story-key', apiSecret: 'story-secret' });
      faults.clear();

      const next = await story.run();

      expect(next.state).toBe('completed');
      const calls = story.callsMade().messageMedia;
      expect(calls.filter((call) => call === 'POST /api/v1/contacts/contacts')).toHaveLength(250 - made);
      expect(writesAmong(calls).length).toBeLessThan(250 - made + 20);
    }),
  );

  it(
    'that are rotated in mid-run are read anew once, and the run goes on',
    tellStory({ users: users(120), lanes: 2 }, async (story) => {
      let current = 'story-secret';
      let cached = current;
      let readings = 0;
      story.secrets.messageMedia = (fresh) => {
        if (fresh) readings += 1;
        if (fresh) cached = current;
        return { key: 'story-key', secret: cached };
      };
      atTheEffect(story, 'after createContact', 20, () => {
        current = 'rotated';
        story.messageMedia.account.rotateCredentials({ apiKey: 'story-key', apiSecret: current });
      });

      const end = await finish(story, await story.start());

      expect(end.state).toBe('completed');
      expect(readings).toBe(1);
    }),
  );

  it(
    'for the directory that are rotated in mid-run are read anew once, and the run goes on',
    tellStory({ users: users(50), pageSize: 10 }, async (story) => {
      let current = 'story-secret';
      let cached = current;
      story.secrets.entra = (fresh) => {
        if (fresh) cached = current;
        return cached;
      };
      atTheEffect(story, 'after page read', 2, () => {
        current = 'rotated';
        story.graph.admin.rotateSecret(current);
        story.graph.admin.expireAccessTokens();
      });

      const end = await finish(story, await story.start());

      expect(end.state).toBe('completed');
      expect(countsOf(end)).toMatchObject({ created: 50 });
    }),
  );

  it(
    'for the directory that expired stop the run; nobody is removed',
    tellStory({ users: users(30) }, async (story) => {
      await story.run();
      const { token } = await readState(story.engine());
      story.graph.admin.expireSecrets();
      story.graph.admin.expireAccessTokens();

      const run = await story.run('full');

      expect(run).toMatchObject({ state: 'failed', error: { code: 'access-denied' } });
      expect((await readState(story.engine())).token).toEqual(token);
      story.secrets.entra = () => 'new-secret';
      story.graph.admin.rotateSecret('new-secret');
    }),
  );
});
