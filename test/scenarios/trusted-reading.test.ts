import { readState } from '../../src/core/run/state-row.ts';
import type { Story } from '../support/story.ts';
import { contactOf, countsOf, exceptionsOf, tellStory } from '../support/story-checks.ts';
import { aUser, changeUsers, userId, users } from '../support/story-people.ts';

const CANARY = { protection: { canaries: ['Person.7@example.com'] } };

function rulesOf(run: { readonly holds: readonly { readonly rule: string }[] }): string[] {
  return run.holds.map(({ rule }) => rule);
}

/** Users `from` to `to` are left out of what the directory answers, in pages and by id. */
function vanish({ graph }: Story, from: number, to: number): void {
  for (let n = from; n <= to; n += 1) graph.admin.hardDelete(userId(n));
}

describe('a full reading that shows far fewer people than the one before', () => {
  it(
    'removes nobody, and the next one goes by the new count',
    tellStory({ users: users(60), restless: true }, async (story) => {
      await story.run();
      vanish(story, 1, 15);

      const run = await story.run('full');

      expect(rulesOf(run)).toContain('count-deviation');
      expect(countsOf(run)).toMatchObject({ held: 15 });
      expect((await readState(story.engine())).deviation).toMatchObject({ shown: 45, before: 60 });
      const next = await story.run('full');
      expect(rulesOf(next)).toEqual([]);
      expect(countsOf(next)).toMatchObject({ held: 15 });
      expect((await readState(story.engine())).deviation).toBeUndefined();
    }),
  );

  it(
    'is believed as long as it shows only a few less',
    tellStory({ users: users(60) }, async (story) => {
      await story.run();
      vanish(story, 1, 5);

      expect(await exceptionsOf(story, await story.run('full'))).toMatchObject({ 1: 'skipped grace' });
      expect(countsOf(await story.run('full'))).toMatchObject({ removed: 5 });
    }),
  );
});

describe('a canary', () => {
  it(
    'that a full reading does not show keeps everybody from being removed',
    tellStory({ users: users(30), sync: CANARY, restless: true }, async (story) => {
      await story.run();
      story.graph.admin.hardDelete(userId(7));
      changeUsers(story.graph, 1, 1, () => ({ accountEnabled: false }));
      story.graph.admin.createUser(aUser(40));

      const run = await story.run('full');

      expect(rulesOf(run)).toEqual(['canary-missing']);
      expect(countsOf(run)).toMatchObject({ held: 2, created: 1 });
      expect(contactOf(story, 1)?.lists).toEqual(['Sales']);
    }),
  );

  it(
    'that would be removed by a delta keeps everybody from being removed',
    tellStory({ users: users(30), sync: CANARY, restless: true }, async (story) => {
      await story.run();
      changeUsers(story.graph, 6, 7, () => ({ department: 'Elsewhere' }));

      const run = await story.run();

      expect(rulesOf(run)).toEqual(['canary-missing']);
      expect(countsOf(run)).toMatchObject({ held: 2 });
    }),
  );

  it(
    'may be out of scope, as long as it is there',
    tellStory({ users: [...users(6), aUser(7, { department: 'Elsewhere' })], sync: CANARY }, async (story) => {
      await story.run();
      changeUsers(story.graph, 1, 1, () => ({ accountEnabled: false }));

      expect(countsOf(await story.run('full'))).toMatchObject({ removed: 1 });
    }),
  );

  it(
    'that a slow replica hides is found by its id',
    tellStory({ users: users(8), sync: CANARY }, async (story) => {
      await story.run();
      story.graph.admin.hide(userId(7));
      changeUsers(story.graph, 1, 1, () => ({ accountEnabled: false }));

      expect(countsOf(await story.run('full'))).toMatchObject({ removed: 1 });
      story.graph.admin.show(userId(7));
    }),
  );
});

describe('a list', () => {
  it(
    'that would be empty keeps its members until somebody approves',
    tellStory({ users: users(20), restless: true }, async (story) => {
      changeUsers(story.graph, 1, 17, () => ({ department: 'Sales' }));
      changeUsers(story.graph, 18, 20, () => ({ department: 'Support' }));
      await story.run();
      changeUsers(story.graph, 18, 20, () => ({ department: 'Sales' }));

      const run = await story.run();

      expect(run.holds).toEqual([
        { rule: 'list-emptied', list: 'Support', operations: 3, limit: 0, recent: 0, members: 3 },
      ]);
      // A move is applied or held whole: nobody is on two lists meanwhile.
      expect([18, 19, 20].map((n) => contactOf(story, n)?.lists)).toEqual([['Support'], ['Support'], ['Support']]);
    }),
  );
});

describe('an attribute that is suddenly empty', () => {
  const clearing = {
    mapping: [
      { from: 'displayName', to: 'contact_name' },
      { from: 'mobilePhone', to: 'phone_number' },
      { from: 'department', to: 'group' },
      { from: 'mail', to: 'email', whenEmpty: 'clear' },
    ],
  };

  it(
    'for many people is held, while another change of theirs would flow',
    tellStory({ users: users(40), sync: clearing, restless: true }, async (story) => {
      await story.run();
      changeUsers(story.graph, 1, 15, () => ({ mail: null }));
      changeUsers(story.graph, 16, 20, () => ({ surname: 'Renamed' }));

      const run = await story.run();

      expect(run.holds).toEqual([
        { rule: 'field-clears', field: 'custom:email', operations: 15, limit: 0.2, recent: 0, members: 40 },
      ]);
      expect(countsOf(run)).toMatchObject({ held: 15, updated: 5 });
      expect(contactOf(story, 1)?.fields).toEqual({ email: 'person.1@example.com' });
    }),
  );

  it(
    'for some people at a time counts over a day',
    tellStory({ users: users(40), sync: clearing, restless: true }, async (story) => {
      await story.run();
      changeUsers(story.graph, 1, 8, () => ({ mail: null }));
      expect((await story.run()).state).toBe('completed');
      changeUsers(story.graph, 9, 11, () => ({ mail: null }));

      expect(rulesOf(await story.run())).toEqual(['field-clears']);
    }),
  );
});

describe('the first run, with firstRun "approve"', () => {
  const approve = { protection: { firstRun: 'approve' } };

  it(
    'holds its whole plan and touches nothing',
    tellStory({ users: users(5), sync: approve, restless: true }, async (story) => {
      const before = story.messageMedia.account.snapshot();

      const run = await story.run();

      expect(run).toMatchObject({ state: 'held', holds: [{ rule: 'first-run', operations: 5 }] });
      expect(story.messageMedia.account.snapshot()).toEqual(before);
      story.graph.admin.createUser(aUser(40));
      const next = await story.run();
      expect(countsOf(next)).toMatchObject({ held: 1 });
      expect(story.messageMedia.account.snapshot()).toEqual(before);
    }),
  );
});
