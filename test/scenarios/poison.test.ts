import type { Table } from '../../src/core/ports.ts';
import type { Pending } from '../../src/core/plan/link.ts';
import { readRun } from '../../src/core/run/read-runs.ts';
import { readState } from '../../src/core/run/state-row.ts';
import { employMortals, MINUTE_MS, untilNobodyWaits, weather } from '../support/rough-weather.ts';
import { Crash } from '../support/story.ts';
import type { Story } from '../support/story.ts';
import { contactOf, contactsOf, countsOf, exceptionsOf, tellStory } from '../support/story-checks.ts';
import { aUser, changeUsers, mobile, userId, users } from '../support/story-people.ts';

function pendingOf(story: Story): Pending[] {
  return story.tables
    .rows('people')
    .filter(({ key }) => key.startsWith('pending:'))
    .map(({ body }) => body as Pending);
}

/** One person for whom the code has an error, wherever the contact book is asked for them. */
function curse(story: Story, n: number): void {
  const { contactBook } = story.engine();
  story.engineChanges = {
    contactBook: {
      ...contactBook,
      createContact: (contact, scope) => {
        if (contact.channels?.[0]?.channelId === mobile(n)) throw new TypeError('Cannot read properties of undefined.');
        return contactBook.createContact(contact, scope);
      },
      updateContact: (id, contact, scope) => {
        if (id === contactOf(story, n)?.id) throw new TypeError('Cannot read properties of undefined.');
        return contactBook.updateContact(id, contact, scope);
      },
    },
  };
}

describe('a person for whom the code has an error', () => {
  it(
    'is failed and tried again later; the others of the batch are done at once',
    tellStory({ users: users(20), lanes: 2 }, async (story) => {
      curse(story, 5);

      const run = await story.run();

      expect(run.state).toBe('completed-with-errors');
      expect(await exceptionsOf(story, run)).toEqual({ 5: 'failed in-doubt' });
      expect(contactsOf(story)).toHaveLength(19);
      expect(pendingOf(story)).toMatchObject([{ personId: userId(5), outcome: 'failed', attempts: 1 }]);
      expect(run.finishedAt! - run.createdAt).toBeLessThan(MINUTE_MS);
      story.engineChanges = {};
      await untilNobodyWaits(story);
      expect(contactOf(story, 5)?.numbers).toEqual([mobile(5)]);
    }),
  );

  it(
    'is failed also when the error is in planning',
    tellStory({ users: users(20), lanes: 2 }, async (story) => {
      const { config, digest } = story.engine();
      story.engineChanges = {
        config,
        digest: {
          ...digest,
          pseudonym: (text) => {
            if (text === mobile(5)) throw new TypeError('Cannot read properties of undefined.');
            return digest.pseudonym(text);
          },
        },
      };

      const run = await story.run();

      expect(await exceptionsOf(story, run)).toEqual({ 5: 'failed service-unavailable' });
      expect(countsOf(run)).toMatchObject({ created: 19, failed: 1 });
      story.engineChanges = {};
      await untilNobodyWaits(story);
      expect(contactsOf(story)).toHaveLength(20);
    }),
  );
});

describe('a batch that fails again and again', () => {
  it(
    'while applying is given up: its people wait in doubt, the lane goes on',
    tellStory({ users: users(250), lanes: 1, mayFail: true }, async (story) => {
      await story.run();
      changeUsers(story.graph, 1, 250, (n) =>
        n % 10 === 0 ? { surname: `Renamed ${n}` } : { mail: `n${n}@example.com` },
      );
      story.reconfigure({ protection: { maxUpdateShare: 1 } });
      const { tables } = story;
      let writes = 0;
      const cursed = mobile(1);
      const people = {
        ...tables.people,
        write: (partition: string, changes: Parameters<Table['write']>[1]) => {
          const isCursed = changes.some(
            (change) =>
              change.kind === 'replace' &&
              change.row.key.startsWith('person:') &&
              JSON.stringify(change.row.body).includes(cursed),
          );
          if (isCursed && ++writes <= 6) throw new Error('A row nobody can write.');
          return tables.people.write(partition, changes);
        },
      };
      story.engineChanges = { tables: { ...tables, people } };

      const { runId } = await story.start();
      await weather(story);

      const run = await readRun(story.engine(), runId);
      expect(run.state).toBe('completed-with-errors');
      const failed = Object.values(await exceptionsOf(story, run));
      expect(failed).toHaveLength(100);
      expect(new Set(failed)).toEqual(new Set(['failed in-doubt']));
      expect(countsOf(run)).toMatchObject({ updated: 150 });
      story.engineChanges = {};
      await untilNobodyWaits(story);
      expect(pendingOf(story)).toEqual([]);
    }),
  );

  it(
    'while planning ends the run, and the next one works',
    tellStory({ users: users(150), lanes: 2, mayFail: true }, async (story) => {
      await story.run();
      const { token } = await readState(story.engine());
      story.graph.admin.createUser(aUser(200));
      const { tables } = story;
      let breaks = true;
      const isPlan = (): boolean => breaks;
      story.engineChanges = {
        tables: {
          ...tables,
          parts: {
            ...tables.parts,
            write: (partition, changes) => {
              const isPlanRow = changes.some(
                (change) => change.kind === 'insert' && change.row.key.startsWith('plan-'),
              );
              if (isPlanRow && isPlan()) throw new Error('A row nobody can write.');
              return tables.parts.write(partition, changes);
            },
          },
        },
      };

      const { runId } = await story.start();
      await weather(story);

      expect(await readRun(story.engine(), runId)).toMatchObject({ state: 'failed', error: { code: 'poisoned' } });
      const state = await readState(story.engine());
      expect(state.lease).toBeUndefined();
      expect(state.token).toEqual(token);
      breaks = false;
      story.engineChanges = {};
      expect(countsOf(await story.run())).toMatchObject({ created: 1 });
    }),
  );
});

describe('a poisoned advance-run', () => {
  const phases = { read: 'page-', split: 'batch-', judge: 'verdict-' };

  it.each(Object.entries(phases))(
    'in %s ends the run as failed, frees the lease and leaves the token',
    async (_, prefix) => {
      await tellStory({ users: users(60), lanes: 2, mayFail: true }, async (story) => {
        await story.run();
        const { token } = await readState(story.engine());
        changeUsers(story.graph, 1, 30, () => ({ accountEnabled: false }));
        const { tables } = story;
        const parts: Table = {
          ...tables.parts,
          write: (partition, changes) => {
            const isHit = changes.some((change) => change.kind === 'insert' && change.row.key.startsWith(prefix));
            if (isHit) throw new Error('A row nobody can write.');
            return tables.parts.write(partition, changes);
          },
        };
        story.engineChanges = { tables: { ...tables, parts } };

        const run = await story.run();

        expect(run).toMatchObject({ state: 'failed', error: { code: 'poisoned' } });
        const state = await readState(story.engine());
        expect(state.lease).toBeUndefined();
        expect(state.token).toEqual(token);
        story.engineChanges = {};
        const next = await story.run();
        expect(countsOf(next)).toMatchObject({ held: 30 });
        changeUsers(story.graph, 1, 30, () => ({ accountEnabled: true }));
        await story.run();
      })();
    },
  );

  it(
    'in closing, too',
    tellStory({ users: users(30), lanes: 2, mayFail: true }, async (story) => {
      await story.run();
      const { token } = await readState(story.engine());
      changeUsers(story.graph, 1, 5, (n) => ({ surname: `Renamed ${n}` }));
      story.graph.admin.createUser(aUser(40, { department: 'Sales', mobilePhone: mobile(1) }));
      const { tables } = story;
      const people = {
        ...tables.people,
        write: (partition: string, changes: Parameters<Table['write']>[1]) => {
          if (changes.some((change) => change.kind === 'insert' && change.row.key.startsWith('pending:')))
            throw new Error('A row nobody can write.');
          return tables.people.write(partition, changes);
        },
      };
      story.engineChanges = { tables: { ...tables, people } };

      const run = await story.run();

      expect(run).toMatchObject({ state: 'failed', error: { code: 'poisoned' } });
      expect((await readState(story.engine())).token).toEqual(token);
      story.engineChanges = {};
      const next = await story.run();
      expect(await exceptionsOf(story, next)).toEqual({ 40: 'skipped duplicate-phone' });
      expect(contactOf(story, 5)?.name).toBe('Person Renamed 5');
    }),
  );
});

describe('a run that is stopped while a worker lies dead over a batch', () => {
  it(
    'leaves doubt about what the worker did, and the next run resolves it',
    tellStory({ users: users(20, { department: 'Sales' }), lanes: 1 }, async (story) => {
      await story.run();
      story.graph.admin.updateUser(userId(1), { surname: 'Changed' });
      story.graph.admin.updateUser(userId(2), { mobilePhone: mobile(92) });
      story.graph.admin.updateUser(userId(3), { department: 'Support' });
      story.graph.admin.createUser(aUser(40, { department: 'Sales' }));
      let deaths = 0;
      employMortals(story, (effect) => {
        if (effect === 'before people.write replace replace replace insert put' && ++deaths === 1)
          throw new Crash(10 * MINUTE_MS);
        if (effect.startsWith('before people.write replace') && deaths === 0) {
          deaths += 1;
          throw new Crash(10 * MINUTE_MS);
        }
      });
      const { runId } = await story.start();
      await weather(story, { until: () => deaths > 0 });
      expect(contactOf(story, 1)?.name).toBe('Person Changed');
      // All is as it was before, and the configuration changed: nobody comes back to that batch.
      story.graph.admin.updateUser(userId(1), { surname: '1' });
      story.graph.admin.updateUser(userId(2), { mobilePhone: mobile(2) });
      story.graph.admin.updateUser(userId(3), { department: 'Sales' });
      story.graph.admin.hardDelete(userId(40));
      story.reconfigure({ mapping: { displayName: 'contact_name', mobilePhone: 'phone_number', department: 'group' } });

      await weather(story);

      expect(await readRun(story.engine(), runId)).toMatchObject({ state: 'cancelled', error: { code: 'superseded' } });
      await story.run();
      await untilNobodyWaits(story);
      expect([1, 2, 3].map((n) => contactOf(story, n))).toMatchObject([
        { name: 'Person 1', numbers: [mobile(1)], lists: ['Sales'] },
        { name: 'Person 2', numbers: [mobile(2)], lists: ['Sales'] },
        { name: 'Person 3', numbers: [mobile(3)], lists: ['Sales'] },
      ]);
      expect(contactOf(story, 40)?.lists ?? []).toEqual([]);
    }),
  );
});

describe('a worker that dies between two writes', () => {
  it.each(['failed', 'superseded'])('of ending a run: what is said of it stays true (%s)', async (how) => {
    await tellStory({ users: users(5) }, async (story) => {
      await story.run();
      story.graph.admin.createUser(aUser(40));
      const { runId } = await story.start();
      if (how === 'failed') story.messageMedia.faults.add({ do: { status: 403 } });
      let died = false;
      let isEnding = false;
      employMortals(story, (effect) => {
        if (how === 'superseded' && effect === 'after page read')
          story.reconfigure({ filters: { department: ['Sales', 'Support', 'Finance'], accountEnabled: true } });
        isEnding ||= story.tables
          .rows('runs')
          .some(({ body }) => (body as { stopping?: unknown }).stopping !== undefined);
        if (isEnding && effect === 'after state.write replace' && !died) {
          died = true;
          throw new Crash();
        }
      });

      await weather(story);

      expect(died).toBe(true);
      expect(await readRun(story.engine(), runId)).toMatchObject(
        how === 'failed'
          ? { state: 'failed', error: { code: 'access-denied' } }
          : { state: 'cancelled', error: { code: 'superseded', message: expect.stringContaining('configuration') } },
      );
      story.messageMedia.faults.clear();
      await story.run();
      expect(contactsOf(story)).toHaveLength(6);
    })();
  });
});
