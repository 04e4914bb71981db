import type { Story } from '../support/story.ts';
import { contactOf, contactsOf, countsOf, listSizes, tellStory } from '../support/story-checks.ts';
import { aUser, changeUsers, mobile, userId, users } from '../support/story-people.ts';

/** Something happens in the directory after the first page of the run's chain was read. */
async function runWithChangeBetweenPages(story: Story, mode: 'delta' | 'full', change: () => void): Promise<void> {
  let pages = 0;
  let changed = false;
  story.onEffect = (effect) => {
    if (effect === 'after parts.write') pages += 1;
    if (pages === 1 && !changed) {
      changed = true;
      change();
    }
  };
  await story.start(mode);
  await story.drain();
  story.onEffect = undefined;
  expect(changed).toBe(true);
}

describe('a chain of pages', () => {
  it.each([
    ['sparse entries', {}],
    ['whole entries', { sparse: false }],
    ['empty pages', { emptyPages: 0.5 }],
    ['people shown twice', { duplicates: 1 }],
    ['every change as an entry', { splitEntries: true }],
    ['deleted people in the first chain', { initialTombstones: 'all' as const }],
    ['all of it', { emptyPages: 0.4, duplicates: 0.7, splitEntries: true, initialTombstones: 'all' as const }],
  ])('with %s ends where the directory is', async (_what, options) => {
    await tellStory({ users: users(12), pageSize: 3 }, async (story) => {
      const { admin } = story.graph;
      Object.assign(admin.options, options);
      admin.hardDelete(userId(12));
      admin.softDelete(userId(11));
      await story.run();
      expect(listSizes(story)).toEqual({ Sales: 5, Support: 5 });

      changeUsers(story.graph, 1, 6, (n) => ({ surname: `First ${n}` }));
      changeUsers(story.graph, 1, 4, () => ({ department: 'Support' }));
      changeUsers(story.graph, 1, 3, () => ({ mail: null }));
      admin.softDelete(userId(5));
      admin.restore(userId(5));
      admin.updateUser(userId(6), { accountEnabled: false });
      admin.updateUser(userId(6), { accountEnabled: true });
      admin.softDelete(userId(7));
      admin.restore(userId(11));
      const run = await story.run();

      expect(run.state).toBe('completed');
      expect(listSizes(story)).toEqual({ Sales: 3, Support: 7 });
      expect(contactOf(story, 1)).toMatchObject({ name: 'Person First 1', lists: ['Support'] });
      expect(contactOf(story, 5)).toMatchObject({ name: 'Person First 5', lists: ['Sales'] });
      expect(contactOf(story, 6)).toMatchObject({ name: 'Person First 6', lists: ['Support'] });
      expect(contactOf(story, 7)?.lists).toEqual([]);
      expect(contactOf(story, 11)?.lists).toEqual(['Sales']);
    })();
  });

  const changes: [string, (story: Story) => void, readonly string[] | undefined][] = [
    [
      'goes to another department',
      ({ graph }) => graph.admin.updateUser(userId(3), { department: 'Finance' }),
      undefined,
    ],
    [
      'goes to another managed one',
      ({ graph }) => graph.admin.updateUser(userId(3), { department: 'Support' }),
      ['Support'],
    ],
    ['is deleted', ({ graph }) => graph.admin.hardDelete(userId(3)), undefined],
    ['is disabled', ({ graph }) => graph.admin.updateUser(userId(3), { accountEnabled: false }), undefined],
    ['gets another number', ({ graph }) => graph.admin.updateUser(userId(3), { mobilePhone: mobile(90) }), ['Sales']],
  ];
  const modes = ['same-chain', 'next-round', 'both'] as const;
  const cases = changes.flatMap(([what, change, lists]) => modes.map((mode) => ({ what, change, lists, mode })));

  it.each(cases)('during which somebody new $what ($mode) settles within a run', async ({ change, lists, mode }) => {
    await tellStory({ users: users(8), pageSize: 2 }, async (story) => {
      story.graph.admin.options.midChainChanges = mode;
      await runWithChangeBetweenPages(story, 'delta', () => change(story));
      await story.run();

      const contact = contactOf(story, 3);
      if (lists === undefined) expect(contact?.lists ?? []).toEqual([]);
      else expect(contact?.lists).toEqual(lists);
      expect(contactsOf(story).filter((one) => one.lists.length > 0)).toHaveLength(lists === undefined ? 7 : 8);
    })();
  });

  it.each(cases)('during which somebody known $what ($mode) settles within a run', async ({ change, lists, mode }) => {
    for (const kind of ['delta', 'full'] as const) {
      await tellStory({ users: users(8), pageSize: 2 }, async (story) => {
        story.graph.admin.options.midChainChanges = mode;
        await story.run();
        changeUsers(story.graph, 1, 8, (n) => ({ surname: `New ${n}` }));
        await runWithChangeBetweenPages(story, kind, () => change(story));
        await story.run();

        expect(contactOf(story, 3)?.lists).toEqual(lists ?? []);
        expect(contactOf(story, 8)?.name).toBe('Person New 8');
      })();
    }
  });

  it(
    'shows somebody whom reading by id does not find yet: tried again, never guessed',
    tellStory({ users: [...users(4), aUser(5, { department: 'Finance' })] }, async (story) => {
      await story.run();
      story.graph.admin.updateUser(userId(5), { department: 'Sales' });
      const lag = story.graph.faults.add({
        match: { path: /\$batch$/ },
        do: {
          status: 200,
          body: { responses: [{ id: '0', status: 404, body: { error: { code: 'Request_ResourceNotFound' } } }] },
        },
      });

      const run = await story.run();

      expect(lag.fired).toBeGreaterThan(0);
      expect(countsOf(run)).toMatchObject({ failed: 1 });
      expect(contactOf(story, 5)).toBeUndefined();
      story.graph.faults.clear();

      await story.run();

      expect(contactOf(story, 5)).toMatchObject({ numbers: [mobile(5)], lists: ['Sales'], name: 'Person 5' });
    }),
  );

  it(
    'brings somebody back whose removal it showed before, with what changed in between',
    tellStory({ users: users(4) }, async (story) => {
      await story.run();
      story.graph.admin.softDelete(userId(1));
      await story.run();
      story.graph.admin.restore(userId(1));
      story.graph.admin.updateUser(userId(1), { surname: 'Back' });

      const run = await story.run();

      expect(countsOf(run)).toMatchObject({ restored: 1 });
      expect(contactOf(story, 1)).toMatchObject({ name: 'Person Back', lists: ['Sales'] });
    }),
  );

  it.each(['syncStateNotFound', 'gone', 'badlyFormed'] as const)(
    'whose token expired (%s) starts over and changes nothing',
    async (mode) => {
      await tellStory({ users: users(6) }, async (story) => {
        await story.run();
        story.graph.admin.expireTokens(mode);
        story.graph.admin.updateUser(userId(1), { surname: 'Late' });
        story.graph.admin.hardDelete(userId(2));
        story.callsMade();

        const run = await story.run();

        expect(run.mode).toBe('full');
        expect(countsOf(run)).toMatchObject({ updated: 1, skipped: 1, unchanged: 4 });
        expect(countsOf(await story.run('full'))).toMatchObject({ removed: 1, unchanged: 5 });
      })();
    },
  );
});
