import { contactOf, contactsOf, countsOf, exceptionsOf, numbersOf, tellStory } from '../support/story-checks.ts';
import { aUser, changeUsers, mobile, userId, users } from '../support/story-people.ts';

const ACCOUNTS = [true, false].flatMap((uniqueNumbers) =>
  (['replace', 'merge'] as const).map((channelsMode) => ({ uniqueNumbers, channelsMode })),
);

describe('a number that changes hands', () => {
  it.each(ACCOUNTS)('goes from a leaver to a joiner in one round: %j', async (account) => {
    for (const order of ['joiner first', 'leaver first']) {
      await tellStory({ users: users(3), account }, async (story) => {
        await story.run();
        const { id } = contactOf(story, 1)!;
        const join = (): void =>
          void story.graph.admin.createUser(aUser(9, { mobilePhone: mobile(1), department: 'Support' }));
        if (order === 'joiner first') join();
        story.graph.admin.updateUser(userId(1), { accountEnabled: false });
        if (order === 'leaver first') join();

        const run = await story.run();

        expect(await exceptionsOf(story, run)).toEqual({});
        expect(contactOf(story, 9)).toMatchObject({ id, name: 'Person 9', numbers: [mobile(1)], lists: ['Support'] });
      })();
    }
  });

  it.each(ACCOUNTS)(
    'gets a contact of its own when somebody gave the leaver’s contact another one: %j',
    async (account) => {
      await tellStory({ users: users(2), account, isEdited: true }, async (story) => {
        await story.run();
        const { id } = contactOf(story, 1)!;
        story.graph.admin.updateUser(userId(1), { accountEnabled: false });
        story.graph.admin.createUser(aUser(9, { mobilePhone: mobile(1) }));
        story.messageMedia.account.editContact(id, { number: mobile(51) });

        const run = await story.run();

        expect(await exceptionsOf(story, run)).toEqual({});
        expect(contactOf(story, 9)).toMatchObject({ name: 'Person 9', numbers: [mobile(1)], lists: ['Sales'] });
        expect(contactsOf(story).find((contact) => contact.id === id)).toMatchObject({
          numbers: [mobile(51)],
          lists: [],
        });
        expect(countsOf(await story.run('full'))).toMatchObject({ unchanged: 3 });
      })();
    },
  );

  it.each(ACCOUNTS)('goes from a leaver of an earlier round to somebody who has a contact: %j', async (account) => {
    await tellStory({ users: users(4), account }, async (story) => {
      await story.run();
      story.graph.admin.updateUser(userId(1), { accountEnabled: false });
      await story.run();
      story.graph.admin.updateUser(userId(2), { mobilePhone: mobile(1) });

      const run = await story.run();

      expect(await exceptionsOf(story, run)).toEqual({});
      expect(contactOf(story, 2)).toMatchObject({
        name: 'Person 2',
        numbers: [mobile(1)],
        lists: ['Support'],
        fields: { email: 'person.2@example.com' },
      });
      expect(contactsOf(story)).toHaveLength(3);
    })();
  });

  it.each(ACCOUNTS)('goes from a leaver to somebody who has a contact in one round: %j', async (account) => {
    await tellStory({ users: users(4), account }, async (story) => {
      await story.run();
      story.graph.admin.updateUser(userId(1), { accountEnabled: false });
      story.graph.admin.updateUser(userId(2), { mobilePhone: mobile(1), department: 'Sales' });

      const run = await story.run();

      expect(await exceptionsOf(story, run)).toEqual({});
      expect(contactOf(story, 2)).toMatchObject({ name: 'Person 2', numbers: [mobile(1)], lists: ['Sales'] });
      expect(contactsOf(story)).toHaveLength(3);
    })();
  });

  it.each(ACCOUNTS)('goes from somebody with a new number to a joiner in one round: %j', async (account) => {
    await tellStory({ users: users(3), account }, async (story) => {
      await story.run();
      story.graph.admin.updateUser(userId(1), { mobilePhone: mobile(90) });
      story.graph.admin.createUser(aUser(9, { mobilePhone: mobile(1) }));

      const run = await story.run();

      expect(countsOf(run)).toMatchObject({ updated: 1, created: 1 });
      expect(numbersOf(story)).toMatchObject({ 1: [mobile(90)], 9: [mobile(1)] });
    })();
  });

  const rings = [2, 3, 5].flatMap((size) => ACCOUNTS.map((account) => ({ size, account })));

  it.each(rings)('goes round a ring of $size: $account', async ({ size, account }) => {
    await tellStory({ users: users(6), account }, async (story) => {
      await story.run();
      for (let n = 1; n <= 6; n += 1) {
        const { id, lists } = contactOf(story, n)!;
        story.messageMedia.account.editContact(id, {
          note: `About ${n}`,
          customFields: { shoe_size: `4${n}` },
          lists: [...lists, 'Runners'],
        });
      }
      changeUsers(story.graph, 1, size, (n) => ({ mobilePhone: mobile((n % size) + 1) }));

      const run = await story.run();

      expect(await exceptionsOf(story, run)).toEqual({});
      expect(run.state).toBe('completed');
      for (let n = 1; n <= size; n += 1) {
        expect(contactOf(story, n)).toMatchObject({
          name: `Person ${n}`,
          numbers: [mobile((n % size) + 1)],
          note: `About ${n}`,
          fields: { shoe_size: `4${n}`, email: `person.${n}@example.com` },
          lists: ['Runners', n % 2 === 1 ? 'Sales' : 'Support'],
        });
      }
    })();
  });

  it(
    'is swapped although a joiner with a smaller id wants one of the two',
    tellStory({ users: [4, 5].map((n) => aUser(n)) }, async (story) => {
      await story.run();
      story.graph.admin.createUser(aUser(3, { mobilePhone: mobile(4) }));
      changeUsers(story.graph, 4, 5, (n) => ({ mobilePhone: mobile(9 - n) }));

      const run = await story.run();

      expect(await exceptionsOf(story, run)).toEqual({ 3: 'skipped duplicate-phone' });
      expect(numbersOf(story)).toEqual({ 4: [mobile(5)], 5: [mobile(4)] });
    }),
  );

  it.each(ACCOUNTS)('goes down a chain of three: %j', async (account) => {
    await tellStory({ users: users(4), account }, async (story) => {
      await story.run();
      changeUsers(story.graph, 1, 3, (n) => ({ mobilePhone: n === 1 ? mobile(77) : mobile(n - 1) }));

      const run = await story.run();

      expect(await exceptionsOf(story, run)).toEqual({});
      expect(numbersOf(story)).toMatchObject({ 1: [mobile(77)], 2: [mobile(1)], 3: [mobile(2)] });
    })();
  });

  it.each(ACCOUNTS)('goes down a chain that ends at a leaver: %j', async (account) => {
    await tellStory({ users: users(4), account }, async (story) => {
      await story.run();
      story.graph.admin.softDelete(userId(1));
      changeUsers(story.graph, 2, 3, (n) => ({ mobilePhone: mobile(n - 1) }));

      const run = await story.run();

      expect(await exceptionsOf(story, run)).toEqual({});
      expect(numbersOf(story)).toEqual({ 2: [mobile(1)], 3: [mobile(2)], 4: [mobile(4)] });
    })();
  });

  it.each([true, false])('is swapped although one contact was adopted (unique: %s)', async (uniqueNumbers) => {
    for (const adopted of [1, 2]) {
      await tellStory({ users: users(3), account: { uniqueNumbers } }, async (story) => {
        const seeded = story.messageMedia.account.seedContact({ number: mobile(adopted), note: 'By hand' });
        await story.run();
        expect(contactOf(story, adopted)?.id).toBe(seeded.id);
        changeUsers(story.graph, 1, 2, (n) => ({ mobilePhone: mobile(3 - n) }));

        const run = await story.run();

        expect(await exceptionsOf(story, run)).toEqual({});
        expect(numbersOf(story)).toMatchObject({ 1: [mobile(2)], 2: [mobile(1)] });
        expect(contactOf(story, adopted)).toMatchObject({ id: seeded.id, note: 'By hand' });
      })();
    }
  });

  it.each([true, false])(
    'of a leaver moves with the adopted contact that has it (unique: %s)',
    async (uniqueNumbers) => {
      await tellStory({ users: users(3), account: { uniqueNumbers }, reads: 1 }, async (story) => {
        const { account } = story.messageMedia;
        const own = account.seedContact({ number: mobile(1), note: 'Hers' });
        const left = account.seedContact({ number: mobile(2), note: 'His' });
        await story.run();
        story.graph.admin.softDelete(userId(2));
        await story.run();
        story.graph.admin.updateUser(userId(1), { mobilePhone: mobile(2) });

        const run = await story.run();

        expect(await exceptionsOf(story, run)).toEqual({});
        expect(contactOf(story, 1)).toMatchObject({ id: left.id, name: 'Person 1', note: 'His', lists: ['Sales'] });
        const former = contactsOf(story).find(({ id }) => id === own.id);
        expect(former).toMatchObject({ owner: undefined, lists: [], numbers: [mobile(1)], note: 'Hers' });
      })();
    },
  );

  it.each([true, false])('waits while somebody keeps it, and follows at once (unique: %s)', async (uniqueNumbers) => {
    await tellStory({ users: users(3), account: { uniqueNumbers } }, async (story) => {
      await story.run();
      story.graph.admin.updateUser(userId(2), { mobilePhone: mobile(1) });
      const run = await story.run();
      expect(await exceptionsOf(story, run)).toEqual({ 2: 'skipped duplicate-phone' });
      expect(contactOf(story, 2)?.numbers).toEqual([mobile(2)]);
      story.graph.admin.updateUser(userId(1), { mobilePhone: mobile(91) });

      await story.run();

      expect(numbersOf(story)).toEqual({ 1: [mobile(91)], 2: [mobile(1)], 3: [mobile(3)] });
    })();
  });

  it(
    'leaves nobody without a contact when the swap fails half-way: the one who let go has the old number again',
    tellStory(
      { users: users(4), account: { uniqueNumbers: false, channelsMode: 'merge' }, restless: true },
      async (story) => {
        story.messageMedia.account.seedContact({ number: mobile(4), note: 'By hand' });
        await story.run();
        changeUsers(story.graph, 3, 4, (n) => ({ mobilePhone: mobile(7 - n) }));

        const run = await story.run();

        // 4's contact was made by hand: it cannot be made anew, and this account does not let go of its number.
        expect(await exceptionsOf(story, run)).toEqual({
          3: 'skipped duplicate-phone',
          4: 'rejected contact-conflict',
        });
        expect(numbersOf(story)).toMatchObject({ 3: [mobile(3)], 4: [mobile(4)] });
        expect(contactOf(story, 3)).toMatchObject({ name: 'Person 3', lists: ['Sales'] });
        await story.run('full');
        expect(numbersOf(story)).toMatchObject({ 3: [mobile(3)], 4: [mobile(4)] });
      },
    ),
  );
});
