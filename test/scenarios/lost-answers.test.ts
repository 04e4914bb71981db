import type { FaultAction, FaultMatch } from '../../local/simulator/faults.ts';
import type { Story } from '../support/story.ts';
import { contactsOf, tellStory } from '../support/story-checks.ts';
import { untilNobodyWaits } from '../support/rough-weather.ts';
import { aUser, changeUsers, mobile, userId, users } from '../support/story-people.ts';

/** A first run, then joiners, renames, new numbers, movers and leavers. */
async function liveThroughADay(story: Story): Promise<void> {
  await story.run();
  story.graph.admin.createUser(aUser(30));
  story.graph.admin.createUser(aUser(31, { department: 'Support' }));
  changeUsers(story.graph, 1, 2, (n) => ({ surname: `Renamed ${n}` }));
  changeUsers(story.graph, 3, 4, (n) => ({ mobilePhone: mobile(100 + n) }));
  changeUsers(story.graph, 5, 6, (n) => ({ department: n === 5 ? 'Support' : 'Sales' }));
  changeUsers(story.graph, 7, 8, () => ({ accountEnabled: false }));
  story.graph.admin.softDelete(userId(9));
  await story.run();
  await untilNobodyWaits(story);
}

const CALLS: Readonly<Record<string, FaultMatch>> = {
  'a contact is created': { method: 'POST', path: /\/contacts\/contacts$/ },
  'a contact is changed': { method: 'PATCH', path: /\/contacts\/contacts\/[^/]+$/ },
  'a contact is deleted': { method: 'DELETE', path: /\/contacts\/contacts\/[^/]+$/ },
  'members are changed': { method: 'PATCH', path: /\/lists\/[^/]+\/contacts$/ },
  'a list is created': { method: 'POST', path: /\/lists$/ },
  'a field is created': { method: 'POST', path: /\/custom-fields$/ },
  'contacts are read': { method: 'GET', path: /\/contacts\/contacts$/ },
};

const LOSSES: Readonly<Record<string, FaultAction>> = {
  'is cut off': 'dropAfterCommit',
  'is truncated': 'truncate',
  'never leaves': 'drop',
  'is a page of a gateway with status 200': { status: 200, body: 'html' },
  'is a page of a gateway with status 502': { status: 502, body: 'html' },
};

const ACCOUNTS = [
  { uniqueNumbers: true, channelsMode: 'replace' },
  { uniqueNumbers: false, channelsMode: 'merge' },
] as const;

const cases = Object.keys(CALLS).flatMap((call) =>
  Object.keys(LOSSES).flatMap((loss) => ACCOUNTS.map((account) => ({ call, loss, account }))),
);

describe('an answer of MessageMedia', () => {
  it.each(cases)('that $loss when $call changes nothing in the end: $account', async ({ call, loss, account }) => {
    const leavers = { deleted: { action: 'delete' } };
    const doomed = { users: users(12), lanes: 2, account, sync: { leavers } };
    await tellStory(doomed, async (story) => {
      story.messageMedia.account.seedContact({ number: mobile(4), note: 'By hand' });
      const fault = story.messageMedia.faults.add({ match: CALLS[call]!, every: 3, do: LOSSES[loss]! });
      const first = story.messageMedia.faults.add({ match: CALLS[call]!, nth: 1, do: LOSSES[loss]! });

      await liveThroughADay(story);

      expect(fault.fired + first.fired).toBeGreaterThan(0);
      story.messageMedia.faults.clear();
      // Two people were disabled: which of them had a contact by then depends on whose answer was lost.
      const left = [userId(7), userId(8)];
      const present = contactsOf(story).filter(({ owner }) => owner !== undefined && !left.includes(owner));
      expect(present).toHaveLength(11);
    })();
  });

  it.each(ACCOUNTS)('that is lost for a while whatever is written changes nothing in the end: %j', async (account) => {
    for (const action of Object.values(LOSSES)) {
      await tellStory({ users: users(12), lanes: 2, account }, async (story) => {
        const all = ['POST', 'PATCH', 'DELETE'].map((method) =>
          story.messageMedia.faults.add({ match: { method }, every: 2, times: 12, do: action }),
        );

        await liveThroughADay(story);

        expect(all.reduce((sum, { fired }) => sum + fired, 0)).toBeGreaterThan(5);
      })();
    }
  });
});
