import { approveRun } from '../../src/core/run/decide-run.ts';
import { erasePerson } from '../../src/core/run/erase-person.ts';
import { findPeople } from '../../src/core/run/find-people.ts';
import type { RunRow } from '../../src/core/run/run-row.ts';
import { listRuns, readRun } from '../../src/core/run/read-runs.ts';
import { startRun } from '../../src/core/run/start-run.ts';
import { startRunOnce } from '../../src/core/run/start-run-once.ts';
import { changeState, readState } from '../../src/core/run/state-row.ts';
import { tick } from '../../src/core/run/tick.ts';
import {
  contactOf,
  contactsOf,
  countsOf,
  exceptionsOf,
  tallyCalls,
  tellStory,
  writesAmong,
} from '../support/story-checks.ts';
import type { Story } from '../support/story.ts';
import { anOrgContact, orgContactId } from '../support/outside-people.ts';
import { aUser, changeUsers, mobile, userId, users } from '../support/story-people.ts';

interface Some {
  readonly departments?: readonly string[];
  readonly people?: readonly string[];
  readonly dryRun?: boolean;
}

async function runFor(story: Story, { departments = [], people = [], dryRun = false }: Some): Promise<RunRow> {
  const only = { departments, ...(await findPeople(story.engine(), people)) };
  const { runId } = await startRun(story.engine(), { mode: 'full', dryRun, trigger: 'http', only });
  await story.drain();
  return readRun(story.engine(), runId);
}

async function refusalOf(story: Story, people: readonly string[]): Promise<unknown> {
  return findPeople(story.engine(), people).then(
    () => undefined,
    (error: unknown) => error,
  );
}

const upn = (n: number): string => `person.${n}@example.com`;

describe('a run for some people', () => {
  it(
    'reaches a new hire by id with one read, one look-up and one creation',
    tellStory({ users: users(10) }, async (story) => {
      await story.run('full');
      const before = await readState(story.engine());
      story.graph.admin.createUser(aUser(11));
      story.callsMade();

      const run = await runFor(story, { people: [userId(11)] });

      expect(run).toMatchObject({ state: 'completed', mode: 'delta', only: { departments: [], people: [userId(11)] } });
      expect(countsOf(run)).toEqual({ read: 1, inScope: 1, created: 1 });
      expect(run.calls).toEqual({ graph: 1, messagemedia: 2 });
      const calls = story.callsMade();
      expect(calls.graph).toEqual(['POST /v1.0/$batch']);
      expect(tallyCalls(calls.messageMedia)).toEqual({ 'GET /contacts': 1, 'POST /contacts': 1 });
      expect(contactOf(story, 11)).toMatchObject({ numbers: [mobile(11)], lists: ['Sales'] });
      const { token, lastSuccessAt } = await readState(story.engine());
      expect({ token, lastSuccessAt }).toEqual({ token: before.token, lastSuccessAt: before.lastSuccessAt });
    }),
  );

  it(
    'takes a user principal name, and stores only the id',
    tellStory({ users: users(4) }, async (story) => {
      await story.run('full');
      story.graph.admin.createUser(aUser(5));

      const run = await runFor(story, { people: [` ${upn(5).toUpperCase()} `, userId(5).toUpperCase()] });

      expect(run.only).toEqual({ departments: [], people: [userId(5)] });
      expect(countsOf(run)).toEqual({ read: 1, inScope: 1, created: 1 });
      expect(JSON.stringify(story.tables.rows('runs'))).not.toMatch(/person\.5@/i);
    }),
  );

  it(
    'leaves everybody else alone, whatever became of them',
    tellStory({ users: users(30) }, async (story) => {
      await story.run('full');
      changeUsers(story.graph, 1, 3, (n) => ({ givenName: `New ${n}` }));
      story.graph.admin.softDelete(userId(4));

      const run = await runFor(story, { people: [userId(2)] });

      expect(countsOf(run)).toEqual({ read: 1, inScope: 1, updated: 1 });
      expect([1, 2, 3, 4].map((n) => contactOf(story, n)?.name)).toEqual([
        'Person 1',
        'New 2 2',
        'Person 3',
        'Person 4',
      ]);
      // The token has not moved: the next run sees what this one left.
      expect(countsOf(await story.run())).toMatchObject({ read: 4, updated: 2, removed: 1, unchanged: 1 });
    }),
  );

  it(
    'plans the same when it is dry, and writes nothing',
    tellStory({ users: users(4) }, async (story) => {
      await story.run('full');
      changeUsers(story.graph, 2, 2, () => ({ department: 'Support', surname: 'Renamed' }));
      story.graph.admin.updateUser(userId(1), { department: 'Support' });
      story.callsMade();

      const run = await runFor(story, { people: [userId(1)], dryRun: true });

      expect(run).toMatchObject({ state: 'completed', dryRun: true });
      expect(countsOf(run)).toEqual({ read: 1, inScope: 1, moved: 1 });
      expect(writesAmong(story.callsMade().messageMedia)).toEqual([]);
      expect(contactOf(story, 1)?.lists).toEqual(['Sales']);
      expect(countsOf(await story.run())).toMatchObject({ moved: 1, updated: 1 });
    }),
  );

  it(
    'takes somebody who was disabled off the lists at once',
    tellStory({ users: users(30) }, async (story) => {
      await story.run('full');
      story.graph.admin.updateUser(userId(1), { accountEnabled: false });

      const run = await runFor(story, { people: [userId(1)] });

      expect(countsOf(run)).toEqual({ read: 1, removed: 1 });
      expect(contactOf(story, 1)?.lists).toEqual([]);
    }),
  );

  it(
    'believes that somebody is gone when a second run misses them as well',
    tellStory({ users: users(30) }, async (story) => {
      await story.run('full');
      story.graph.admin.softDelete(userId(3));

      const first = await runFor(story, { people: [userId(3)] });
      expect(await exceptionsOf(story, first)).toEqual({ 3: 'skipped grace' });
      expect(contactOf(story, 3)?.lists).toEqual(['Sales']);

      await story.clock.advance(61 * 60_000);
      const second = await runFor(story, { people: [userId(3)] });
      expect(countsOf(second)).toEqual({ read: 1, removed: 1 });
      expect(contactOf(story, 3)?.lists).toEqual([]);
    }),
  );

  it(
    'answers for somebody who is out of scope, and keeps no row of them',
    tellStory({ users: [...users(3), aUser(4, { department: 'Finance' })] }, async (story) => {
      await story.run('full');

      const run = await runFor(story, { people: [userId(4)] });

      expect(await story.records(run.runId)).toEqual([
        expect.objectContaining({ personId: userId(4), operation: 'skip', outcome: 'skipped', reason: 'not-in-scope' }),
      ]);
      expect(story.tables.rows('people').map(({ key }) => key)).not.toContain(`person:${userId(4)}`);
    }),
  );

  it(
    'holds what breaks a limit like any other run',
    tellStory(
      { users: users(30), sync: { protection: { maxRemovals: 1, floor: 0 } }, restless: true },
      async (story) => {
        await story.run('full');
        changeUsers(story.graph, 1, 2, () => ({ accountEnabled: false }));

        const run = await runFor(story, { people: [userId(1), userId(2)] });

        expect(run).toMatchObject({ state: 'held', holds: [expect.objectContaining({ rule: 'max-removals' })] });
        expect(contactsOf(story)).toHaveLength(30);
      },
    ),
  );

  it(
    'reads by itself when its starter died before it could hand on what it had read',
    tellStory({ users: users(3) }, async (story) => {
      await story.run('full');
      story.graph.admin.createUser(aUser(4));
      await story.clock.advance(1000);
      const only = { departments: [], ...(await findPeople(story.engine(), [userId(4)])) };
      story.onEffect = (effect) => {
        if (effect === 'before parts.write') throw new Error('The starter died.');
      };
      const starting = startRun(story.engine(), { mode: 'delta', dryRun: false, trigger: 'http', only });
      await expect(starting).rejects.toThrow('The starter died.');
      story.onEffect = undefined;
      await story.clock.advance(10 * 60_000);

      await tick(story.engine());
      await story.drain();

      const [run] = (await listRuns(story.engine(), 1)).items;
      expect(run).toMatchObject({ state: 'completed', only: { people: [userId(4)] } });
      expect(contactOf(story, 4)).toMatchObject({ numbers: [mobile(4)] });
    }),
  );

  it(
    'can be dry, and its plan approved',
    tellStory({ users: users(30) }, async (story) => {
      await story.run('full');
      story.graph.admin.updateUser(userId(1), { surname: 'Renamed' });
      story.graph.admin.updateUser(userId(2), { surname: 'Another' });
      const dry = await runFor(story, { people: [userId(1)], dryRun: true });
      await story.clock.advance(1000);

      await approveRun(story.engine(), dry.runId, dry.planHash!);
      await story.drain();

      expect([1, 2].map((n) => contactOf(story, n)?.name)).toEqual(['Person Renamed', 'Person 2']);
      await story.run();
    }),
  );

  it(
    'takes organisational contacts, too, of whom the directory does not list a department',
    tellStory(
      {
        users: users(2),
        sync: {
          people: { orgContacts: {} },
          mapping: [
            { to: 'phone_number', from: 'mobilePhone' },
            { to: 'group', from: 'department' },
          ],
        },
        restless: true,
      },
      async (story) => {
        await story.run('full');
        for (const n of [11, 12]) story.graph.admin.orgContacts.create(anOrgContact(n));

        const named = await runFor(story, { people: [orgContactId(11)] });
        const department = await runFor(story, { departments: ['Sales'] });

        expect(countsOf(named)).toEqual({ read: 1, inScope: 1, created: 1 });
        expect(department.counts.created).toBe(0);
        expect(countsOf(await story.run())).toMatchObject({ created: 1 });
      },
    ),
  );

  it(
    'keeps no trace of somebody who is erased',
    tellStory({ users: users(30), restless: true }, async (story) => {
      await story.run('full');
      story.graph.admin.hardDelete(userId(3));
      const { runId } = await runFor(story, { people: [userId(3), userId(4)] });

      await erasePerson(story.engine(), userId(3));

      const tables = ['state', 'runs', 'parts', 'people', 'consent'] as const;
      expect(JSON.stringify(tables.map((name) => story.tables.rows(name)))).not.toContain(userId(3));
      expect((await readRun(story.engine(), runId)).only?.people).toEqual(['erased', userId(4)]);
    }),
  );

  it(
    'leaves an approval elsewhere to the timer',
    tellStory({ users: users(3), restless: true }, async (story) => {
      await story.run('full');
      await changeState(story.engine(), (state) => ({ ...state, approvalWaiting: true }));

      await runFor(story, { people: [userId(1)] });

      expect((await readState(story.engine())).approvalWaiting).toBe(true);
    }),
  );
});

describe('a run for some departments', () => {
  it(
    'is for whoever the directory lists there and whoever was there when last seen',
    tellStory({ users: users(6) }, async (story) => {
      await story.run('full');
      story.graph.admin.createUser(aUser(7, { department: 'sales' }));
      story.graph.admin.createUser(aUser(8, { department: 'Support' }));
      story.graph.admin.updateUser(userId(1), { department: 'Support' });
      story.graph.admin.updateUser(userId(2), { surname: 'Renamed' });

      const run = await runFor(story, { departments: ['  SALES '] });

      // 1, 3 and 5 were in Sales, 7 is new there; 2 and 8 are in Support.
      expect(countsOf(run)).toEqual({ read: 4, inScope: 4, created: 1, moved: 1, unchanged: 2 });
      expect(contactOf(story, 1)?.lists).toEqual(['Support']);
      expect(contactOf(story, 2)?.name).toBe('Person 2');
      expect(contactOf(story, 8)).toBeUndefined();
      expect(countsOf(await story.run())).toMatchObject({ created: 1, updated: 1 });
    }),
  );

  it(
    'adds the people who were named besides',
    tellStory({ users: users(6) }, async (story) => {
      await story.run('full');

      const run = await runFor(story, { departments: ['Sales'], people: [userId(2), userId(3)] });

      expect(countsOf(run)).toEqual({ read: 4, inScope: 4, unchanged: 4 });
    }),
  );

  it(
    'ends at once when nobody is in it',
    tellStory({ users: users(2) }, async (story) => {
      await story.run('full');

      const run = await runFor(story, { departments: ['Nowhere'] });

      expect(run).toMatchObject({ state: 'completed', calls: { graph: 1, messagemedia: 0 } });
      expect(countsOf(run)).toEqual({});
    }),
  );

  it(
    'asks for a name with quotes and signs as it is written',
    tellStory({ users: [aUser(1, { department: "R&D 'North' + 50%" })], sync: { filters: {} } }, async (story) => {
      const run = await runFor(story, { departments: ["r&d 'north' + 50%"] });

      expect(countsOf(run)).toEqual({ read: 1, inScope: 1, created: 1 });
    }),
  );

  it(
    'goes by the rows alone where lists are made of another attribute',
    tellStory(
      {
        users: [aUser(1, { city: 'Perth' })],
        sync: { mapping: { mobilePhone: 'phone_number', city: 'group' } },
      },
      async (story) => {
        await story.run('full');
        story.graph.admin.createUser(aUser(2, { city: 'Perth' }));
        story.callsMade();

        const run = await runFor(story, { departments: ['perth'] });

        expect(countsOf(run)).toEqual({ read: 1, inScope: 1, unchanged: 1 });
        expect(story.callsMade().graph).toEqual(['POST /v1.0/$batch']);
        expect(countsOf(await story.run())).toMatchObject({ created: 1 });
      },
    ),
  );
});

describe('findPeople', () => {
  it(
    'names the positions of those whom nobody knows, and none of what was given',
    tellStory({ users: users(2), restless: true }, async (story) => {
      const unknown = [userId(1), 'robin@example.com', userId(99), upn(2)];

      const refusal = await refusalOf(story, unknown);

      const message = 'is nobody whom the directory or this sync knows';
      expect(refusal).toMatchObject({
        code: 'request-invalid',
        extras: {
          problems: [
            { path: 'people.1', message },
            { path: 'people.2', message },
          ],
        },
      });
      expect(JSON.stringify(refusal)).not.toMatch(/robin|0099/);
    }),
  );

  it(
    'finds by name whoever is gone from the directory and was seen',
    tellStory({ users: users(3), sync: { protection: { canaries: [upn(2)] } }, restless: true }, async (story) => {
      await story.run('full');
      story.graph.admin.softDelete(userId(3));

      const { people, read } = await findPeople(story.engine(), [upn(3)]);

      expect(people).toEqual([userId(3)]);
      expect(read).toEqual({ found: [], missing: [userId(3)] });
    }),
  );
});

describe('startRunOnce', () => {
  it(
    'tells requests for other people apart',
    tellStory({ users: users(2), restless: true }, async (story) => {
      const ask = async (people: readonly string[]) => {
        const only = { departments: [], ...(await findPeople(story.engine(), people)) };
        return startRunOnce(story.engine(), { mode: 'delta', dryRun: false, trigger: 'http', only }, 'key-1');
      };
      const first = await ask([upn(1)]);
      await story.drain();

      const again = await ask([userId(1)]);
      const other = ask([userId(2)]);

      expect(again.runId).toBe(first.runId);
      await expect(other).rejects.toMatchObject({ code: 'idempotency-key-reused' });
    }),
  );
});
