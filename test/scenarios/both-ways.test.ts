import { seededRandom } from '../../local/simulator/random.ts';
import { READING_ROLES, WRITING_ROLES } from '../../local/entra-graph/roles.ts';
import { approveRun } from '../../src/core/run/decide-run.ts';
import { findPeople } from '../../src/core/run/find-people.ts';
import { startRun } from '../../src/core/run/start-run.ts';
import { contactOf, countsOf, exceptionsOf, tallyCalls, tellStory, writesAmong } from '../support/story-checks.ts';
import type { StoryRules } from '../support/story-checks.ts';
import type { Story, StoryOptions } from '../support/story.ts';
import { mobile, userId, users } from '../support/story-people.ts';

type Rule = Readonly<Record<string, unknown>>;

const BASE: readonly Rule[] = [
  { to: 'contact_name', from: 'displayName' },
  { to: 'phone_number', from: 'mobilePhone' },
  { to: 'group', from: 'department' },
];

/** A story in which both sides are written; `rules` take the place of those for the same field. */
function twoWay(rules: readonly Rule[], options: Partial<StoryOptions & StoryRules> = {}): StoryOptions & StoryRules {
  const others = BASE.filter(({ to }) => !rules.some((rule) => rule['to'] === to));
  return {
    users: users(4),
    isEdited: true,
    roles: [...READING_ROLES, ...WRITING_ROLES],
    ...options,
    sync: { direction: 'bidirectional', mapping: [...others, ...rules], ...options.sync },
  };
}

/** What the directory has of user `n`. */
function inDirectory(story: Story, n: number, attribute: string): unknown {
  return story.graph.admin.users().find(({ id }) => id === userId(n))?.[attribute] ?? null;
}

function aliasOf(story: Story, n: number): string | undefined {
  const id = contactOf(story, n)?.id;
  return story.messageMedia.account.snapshot().contacts.find((contact) => contact.id === id)?.alias;
}

function editContact(story: Story, n: number, change: Parameters<Story['messageMedia']['account']['editContact']>[1]) {
  story.messageMedia.account.editContact(contactOf(story, n)!.id, change);
}

const CHANGES = { unchanged: 'old', changed: undefined, cleared: '' } as const;
type Change = keyof typeof CHANGES;
const KINDS = Object.keys(CHANGES) as readonly Change[];
const ORDERS = ['directory first', 'contact first'] as const;
const ROWS = KINDS.flatMap((here) => KINDS.flatMap((there) => ORDERS.map((order) => ({ here, there, order }))));

interface Policy {
  readonly owner: 'directory' | 'messaging' | 'either';
  readonly conflict?: 'directory' | 'messaging' | 'report';
  readonly whenEmpty: 'keep' | 'clear';
}
const POLICIES: readonly Policy[] = (['keep', 'clear'] as const).flatMap((whenEmpty) => [
  { owner: 'directory', whenEmpty },
  { owner: 'messaging', whenEmpty },
  { owner: 'either', conflict: 'directory', whenEmpty },
  { owner: 'either', conflict: 'messaging', whenEmpty },
  { owner: 'either', conflict: 'report', whenEmpty },
]);

/** What both sides have in the end, by the words of the documentation and nothing of the engine. */
function expectedOf(here: Change, there: Change, { owner, conflict, whenEmpty }: Policy): readonly [string, string] {
  const directory = CHANGES[here] ?? 'here';
  const contact = CHANGES[there] ?? 'there';
  const stands = (value: string): readonly [string, string] =>
    value === '' && whenEmpty === 'keep' ? [directory, contact] : [value, value];
  if (directory === contact) return [directory, contact];
  if (owner === 'directory') return stands(directory);
  if (owner === 'messaging') return stands(contact);
  const isChange = (change: Change): boolean => change === 'changed' || (change === 'cleared' && whenEmpty === 'clear');
  if (isChange(here) && isChange(there)) {
    if (conflict === 'report') return [directory, contact];
    return stands(conflict === 'messaging' ? contact : directory);
  }
  if (isChange(here)) return stands(directory);
  return isChange(there) ? stands(contact) : [directory, contact];
}

describe('a field that both sides may change', () => {
  it.each(POLICIES.map((policy) => [JSON.stringify(policy), policy] as const))(
    'ends as %s says',
    async (_name, policy) => {
      const options = twoWay([{ to: 'alias', from: 'jobTitle', ...policy }], {
        users: users(ROWS.length, { jobTitle: 'old' }),
        sync: { protection: { maxUpdateShare: 1, maxRemovalShare: 1 } },
      });
      await tellStory(options, async (story) => {
        await story.run();
        for (const [at, { here, there, order }] of ROWS.entries()) {
          const n = at + 1;
          const edits = [
            () =>
              here !== 'unchanged' &&
              story.graph.admin.updateUser(userId(n), { jobTitle: CHANGES[here] === '' ? null : 'here' }),
            () => there !== 'unchanged' && editContact(story, n, { alias: CHANGES[there] ?? 'there' }),
          ];
          for (const edit of order === 'directory first' ? edits : edits.toReversed()) edit();
        }

        const run = await story.run();

        const result = ROWS.map((row, at) => ({
          ...row,
          sides: [inDirectory(story, at + 1, 'jobTitle') ?? '', aliasOf(story, at + 1)],
        }));
        expect(result).toEqual(ROWS.map((row) => ({ ...row, sides: expectedOf(row.here, row.there, policy) })));
        expect(run.counts.failed + run.counts.rejected + run.counts.held).toBe(0);
      })();
    },
  );
});

describe('a sync of both sides', () => {
  it(
    'reads the contacts, asks Graph once and writes nothing when nothing has changed',
    tellStory(twoWay([], { users: users(1_001) }), async (story) => {
      await story.run();
      story.callsMade();

      const run = await story.run();

      expect(countsOf(run)).toEqual({});
      const calls = story.callsMade();
      expect(calls.graph).toEqual(['GET /v1.0/users/delta']);
      expect(tallyCalls(calls.messageMedia)).toEqual({ 'GET /contacts': 2 });
    }),
  );

  it(
    'brings names, numbers and mails from the contacts to the directory',
    tellStory(
      twoWay([
        { to: 'contact_name', from: 'displayName', owner: 'either' },
        { to: 'phone_number', from: 'mobilePhone', owner: 'either' },
        { to: 'email', from: 'mail', owner: 'messaging' },
      ]),
      async (story) => {
        await story.run();
        editContact(story, 1, { firstName: 'Robin' });
        editContact(story, 2, { number: mobile(900) });
        editContact(story, 3, { customFields: { email: 'new@example.com' } });
        story.callsMade();

        const run = await story.run();

        expect(countsOf(run)).toEqual({ inScope: 3, pulled: 3 });
        expect(inDirectory(story, 1, 'givenName')).toBe('Robin');
        expect(inDirectory(story, 2, 'mobilePhone')).toBe(mobile(900));
        expect(inDirectory(story, 3, 'mail')).toBe('new@example.com');
        expect(writesAmong(story.callsMade().messageMedia)).toEqual([]);
        const records = await story.records(run.runId);
        expect(records.find(({ personId }) => personId === userId(1))).toMatchObject({
          operation: 'pull',
          words: 'Take over a value from the contact; write first_name to the directory.',
          fields: [{ field: 'first_name', before: 'Person', after: 'Robin', to: 'directory' }],
        });
      },
    ),
  );

  it(
    'takes the number that the contact has for a person whom the directory has none for any more',
    tellStory(twoWay([{ to: 'phone_number', from: 'mobilePhone', owner: 'messaging' }]), async (story) => {
      await story.run();
      story.graph.admin.updateUser(userId(1), { mobilePhone: null });

      const run = await story.run();

      expect(countsOf(run)).toEqual({ read: 1, inScope: 1, pulled: 1 });
      expect(inDirectory(story, 1, 'mobilePhone')).toBe(mobile(1));
    }),
  );

  it(
    'does not take a number from somebody who has it, and gives it over when it is let go',
    tellStory(twoWay([{ to: 'phone_number', from: 'mobilePhone', owner: 'either' }]), async (story) => {
      await story.run();
      editContact(story, 1, { number: mobile(900) });
      await story.run();
      editContact(story, 2, { number: mobile(1) });

      const run = await story.run();

      expect(run.counts.pulled).toBe(1);
      expect([1, 2].map((n) => inDirectory(story, n, 'mobilePhone'))).toEqual([mobile(900), mobile(1)]);
      expect([1, 2].map((n) => contactOf(story, n)?.numbers)).toEqual([[mobile(900)], [mobile(1)]]);
    }),
  );

  it(
    'waits with a number that was typed into a second contact, until somebody corrects one of them',
    tellStory(twoWay([{ to: 'phone_number', from: 'mobilePhone', owner: 'either' }]), async (story) => {
      await story.run();
      editContact(story, 1, { number: mobile(2) });

      const run = await story.run();

      expect(await exceptionsOf(story, run)).toEqual({ 1: 'skipped duplicate-phone' });
      expect(inDirectory(story, 2, 'mobilePhone')).toBe(mobile(2));
      expect(contactOf(story, 2)?.numbers).toEqual([mobile(2)]);
      editContact(story, 1, { number: mobile(900) });
      await story.run();
      expect([1, 2].map((n) => inDirectory(story, n, 'mobilePhone'))).toEqual([mobile(900), mobile(2)]);
    }),
  );

  it(
    'writes a number in the form that the directory had',
    tellStory(
      twoWay(
        [
          { to: 'phone_number', from: 'mobilePhone', owner: 'either' },
          { to: 'whatsapp_number', from: 'businessPhones[0]', owner: 'messaging', format: 'national' },
        ],
        {
          users: users(2).map((user, at) => ({
            ...user,
            mobilePhone: at === 0 ? '0450 000 001' : '+61 450 000 002',
            businessPhones: [`+61 450 000 70${at}`],
          })),
        },
      ),
      async (story) => {
        await story.run();
        editContact(story, 1, {
          channels: [
            { type: 'SMS', channelId: mobile(900) },
            { type: 'WHATSAPP', channelId: mobile(700) },
          ],
        });
        editContact(story, 2, {
          channels: [
            { type: 'SMS', channelId: mobile(901) },
            { type: 'WHATSAPP', channelId: mobile(902) },
          ],
        });

        await story.run();

        expect([1, 2].map((n) => inDirectory(story, n, 'mobilePhone'))).toEqual(['0450 000 900', '+61 450 000 901']);
        expect([1, 2].map((n) => inDirectory(story, n, 'businessPhones'))).toEqual([
          ['+61 450 000 700'],
          ['0450 000 902'],
        ]);
      },
    ),
  );

  it(
    'fills either side from the other when it takes over a contact that was there before',
    tellStory(
      twoWay(
        [
          { to: 'alias', from: 'jobTitle', owner: 'either' },
          { to: 'location', from: 'officeLocation', owner: 'messaging' },
          { to: 'note', from: 'companyName', owner: 'either', conflict: 'report' },
        ],
        { users: users(1, { officeLocation: 'Perth', companyName: 'Here' }) },
      ),
      async (story) => {
        const { account } = story.messageMedia;
        account.seedContact({ number: mobile(1), alias: 'Chief', location: 'Hobart', note: 'There' });

        const run = await story.run();

        expect(countsOf(run)).toEqual({ read: 1, inScope: 1, adopted: 1 });
        expect(inDirectory(story, 1, 'jobTitle')).toBe('Chief');
        expect(inDirectory(story, 1, 'officeLocation')).toBe('Hobart');
        expect(inDirectory(story, 1, 'companyName')).toBe('Here');
        expect(contactOf(story, 1)).toMatchObject({ name: 'Person 1', note: 'There' });
      },
    ),
  );

  it(
    'tells whose attributes a directory on-premises keeps, without asking it, and brings the rest into step',
    tellStory(
      twoWay([{ to: 'alias', from: 'jobTitle', owner: 'either' }], {
        users: users(2, { onPremisesSyncEnabled: true }),
      }),
      async (story) => {
        await story.run();
        editContact(story, 1, { alias: 'Chief' });
        story.graph.admin.updateUser(userId(1), { surname: 'Renamed' });
        story.callsMade();

        const run = await story.run();

        expect(countsOf(run)).toEqual({ read: 1, inScope: 1, rejected: 1 });
        expect(story.callsMade().graph).toEqual(['GET /v1.0/users/delta']);
        expect(contactOf(story, 1)?.name).toBe('Person Renamed');
        const [record] = await story.records(run.runId);
        expect(record).toMatchObject({ outcome: 'rejected', reason: 'on-premises' });
        expect(record?.fields).toContainEqual({ field: 'alias', before: 'Chief', after: '', leftAlone: true });
      },
    ),
  );

  it(
    'tells whom the directory protects from it, once, and brings the rest into step',
    tellStory(
      twoWay([
        { to: 'phone_number', from: 'mobilePhone', owner: 'either' },
        { to: 'alias', from: 'jobTitle', owner: 'either' },
      ]),
      async (story) => {
        await story.run();
        story.graph.admin.setPrivileged(userId(1), true);
        editContact(story, 1, { number: mobile(900), alias: 'Chief' });

        const run = await story.run();
        story.callsMade();
        const next = await story.run();
        const calls = story.callsMade();

        expect(await exceptionsOf(story, run)).toEqual({ 1: 'rejected privileged' });
        expect(inDirectory(story, 1, 'jobTitle')).toBe('Chief');
        expect(inDirectory(story, 1, 'mobilePhone')).toBe(mobile(1));
        expect(await exceptionsOf(story, next)).toEqual({ 1: 'rejected privileged' });
        expect(calls.graph.length).toBeLessThanOrEqual(2);
        await story.run();
        expect(story.callsMade().graph).toEqual(['GET /v1.0/users/delta']);
      },
    ),
  );

  it(
    'does not write what the directory could not hold, and says what it can',
    tellStory(twoWay([{ to: 'alias', from: 'companyName', owner: 'either' }]), async (story) => {
      await story.run();
      editContact(story, 1, { alias: 'x'.repeat(65) });

      const run = await story.run();

      const [record] = await story.records(run.runId);
      expect(record).toMatchObject({ outcome: 'rejected', reason: 'invalid-value' });
      expect(record?.words).toContain('alias has to be at most 64 characters in the directory.');
      expect(inDirectory(story, 1, 'companyName')).toBeNull();
    }),
  );

  it(
    'shows beforehand what would be written to which side, and does exactly that when it is approved',
    tellStory(twoWay([{ to: 'alias', from: 'jobTitle', owner: 'either' }]), async (story) => {
      await story.run();
      editContact(story, 1, { alias: 'Chief' });
      story.graph.admin.updateUser(userId(2), { jobTitle: 'Clerk' });
      const people = story.graph.admin.users();

      const dry = await story.run('delta', { dryRun: true });
      const before = story.graph.admin.users();
      await approveRun(story.engine(), dry.runId, dry.planHash!);
      await story.drain();

      expect(countsOf(dry)).toMatchObject({ pulled: 1, updated: 1 });
      expect(before).toEqual(people);
      expect(inDirectory(story, 1, 'jobTitle')).toBe('Chief');
      expect(aliasOf(story, 2)).toBe('Clerk');
    }),
  );

  it(
    'looks at the contacts of the people whom a run is for, and at no others',
    tellStory(twoWay([{ to: 'alias', from: 'jobTitle', owner: 'either' }]), async (story) => {
      await story.run();
      for (const n of [1, 2]) editContact(story, n, { alias: 'Chief' });
      const { people, read, graphCalls } = await findPeople(story.engine(), [userId(1)]);
      const only = { departments: [], people, read, graphCalls };

      await startRun(story.engine(), { mode: 'delta', dryRun: false, trigger: 'http', only });
      await story.drain();

      expect([1, 2].map((n) => inDirectory(story, n, 'jobTitle'))).toEqual(['Chief', null]);
      await story.run();
      expect(inDirectory(story, 2, 'jobTitle')).toBe('Chief');
    }),
  );

  it(
    'waits while the directory takes no writes, loses nothing, and writes then',
    tellStory(twoWay([{ to: 'alias', from: 'jobTitle', owner: 'either' }], { mayFail: true }), async (story) => {
      await story.run();
      editContact(story, 1, { alias: 'Chief' });
      story.graph.admin.updateUser(userId(2), { surname: 'Renamed' });
      story.graph.faults.add({ match: { method: 'PATCH' }, times: 12, do: { status: 503 } });

      const run = await story.run();

      expect(run).toMatchObject({ state: 'completed', counts: { pulled: 1, updated: 1, failed: 0 } });
      expect(inDirectory(story, 1, 'jobTitle')).toBe('Chief');
      expect(contactOf(story, 2)?.name).toBe('Person Renamed');
    }),
  );

  it(
    'tries somebody again whom the directory does not know yet, or any more',
    tellStory(twoWay([{ to: 'alias', from: 'jobTitle', owner: 'either' }], { mayFail: true }), async (story) => {
      await story.run();
      editContact(story, 1, { alias: 'Chief' });
      const missing = { error: { code: 'Request_ResourceNotFound', message: 'Resource does not exist.' } };
      story.graph.faults.add({ match: { method: 'PATCH' }, times: 1, do: { status: 404, body: missing } });

      const run = await story.run();
      await story.run();

      expect(await exceptionsOf(story, run)).toEqual({ 1: 'failed service-unavailable' });
      expect(inDirectory(story, 1, 'jobTitle')).toBe('Chief');
    }),
  );

  it(
    'stops before anything is written when it may not write the directory',
    tellStory(
      twoWay([{ to: 'alias', from: 'jobTitle', owner: 'either' }], { roles: READING_ROLES, restless: true }),
      async (story) => {
        await story.run();
        editContact(story, 1, { alias: 'Chief' });
        story.graph.admin.updateUser(userId(2), { surname: 'Renamed' });

        const run = await story.run();

        expect(run).toMatchObject({ state: 'failed', error: { code: 'access-denied' } });
        expect(contactOf(story, 2)?.name).toBe('Person 2');
      },
    ),
  );
});

describe('a write to the directory', () => {
  const HOUR_MS = 3_600_000;
  const rules = [{ to: 'alias', from: 'jobTitle', owner: 'either' }];

  it.each([
    ['minutes late', { writeDelayMs: 8 * 60_000, writeShowsOldFirst: false }],
    ['minutes late and after the old value', { writeDelayMs: 8 * 60_000, writeShowsOldFirst: true }],
    ['at once', { writeDelayMs: 0, writeShowsOldFirst: false }],
  ])('that comes back %s changes nothing', async (_name, late) => {
    await tellStory(twoWay(rules, { users: users(3, { jobTitle: 'old' }) }), async (story) => {
      await story.run();
      Object.assign(story.graph.admin.options, late);
      editContact(story, 1, { alias: 'new' });
      const first = await story.run();
      const counts = [];
      for (let minutes = 0; minutes < 80; minutes += 4) {
        await story.clock.advance(4 * 60_000);
        story.graph.clock.advance(4 * 60_000);
        if (minutes === 8) story.graph.admin.updateUser(userId(1), { country: 'Australia' });
        counts.push(countsOf(await story.run()).pulled ?? 0, aliasOf(story, 1));
      }

      expect(countsOf(first)).toMatchObject({ pulled: 1 });
      expect(new Set(counts)).toEqual(new Set([0, 'new']));
      expect(inDirectory(story, 1, 'jobTitle')).toBe('new');
    })();
  });

  it(
    'that somebody takes back within the hour is looked at again, and travels',
    tellStory(twoWay(rules, { users: users(3, { jobTitle: 'old' }) }), async (story) => {
      await story.run();
      editContact(story, 1, { alias: 'new' });
      await story.run();
      story.graph.admin.updateUser(userId(1), { jobTitle: 'old' });
      await story.run();
      const during = aliasOf(story, 1);
      await story.clock.advance(HOUR_MS);
      await story.run();

      expect([during, aliasOf(story, 1)]).toEqual(['new', 'old']);
      expect(inDirectory(story, 1, 'jobTitle')).toBe('old');
    }),
  );

  it(
    'does not keep a newer value of the directory from travelling',
    tellStory(twoWay(rules, { users: users(3, { jobTitle: 'old' }) }), async (story) => {
      await story.run();
      editContact(story, 1, { alias: 'new' });
      await story.run();
      story.graph.admin.updateUser(userId(1), { jobTitle: 'newer' });
      await story.run();

      expect(aliasOf(story, 1)).toBe('newer');
    }),
  );

  it(
    'that is undone by another system again and again is left alone for a day after five times, and told',
    tellStory(
      twoWay([{ to: 'alias', from: 'jobTitle', owner: 'messaging' }], { users: users(3, { jobTitle: 'old' }) }),
      async (story) => {
        await story.run();
        editContact(story, 1, { alias: 'ours' });
        const seen = [];
        for (let round = 0; round < 8; round += 1) {
          seen.push(Object.keys(countsOf(await story.run())).at(-1));
          story.graph.admin.updateUser(userId(1), { jobTitle: `theirs ${round}` });
          await story.clock.advance(60_000);
        }
        const frozen = await story.run();
        await story.clock.advance(25 * HOUR_MS);
        await story.run();

        expect(seen).toEqual([...Array<string>(5).fill('pulled'), ...Array<string>(3).fill('skipped')]);
        expect(await exceptionsOf(story, frozen)).toEqual({ 1: 'skipped frozen' });
        expect(inDirectory(story, 1, 'jobTitle')).toBe('ours');
      },
    ),
  );
});

describe('a month of edits on both sides', () => {
  const RULES = [
    { to: 'contact_name', from: 'displayName', owner: 'either' },
    { to: 'alias', from: 'jobTitle', owner: 'either', conflict: 'messaging', whenEmpty: 'clear' },
    { to: 'location', from: 'officeLocation', owner: 'messaging' },
    { to: 'email', from: 'mail' },
  ];

  it.each([11, 12, 13, 14])('leaves both sides alike (seed %i)', async (seed) => {
    const random = seededRandom(seed);
    const dice = (sides: number): number => Math.floor(random() * sides);
    const options = twoWay(RULES, { users: users(5), sync: { protection: { maxUpdateShare: 1, maxRemovalShare: 1 } } });
    await tellStory(options, async (story) => {
      await story.run();
      for (let day = 0; day < 30; day += 1) {
        for (let edits = dice(4); edits > 0; edits -= 1) editSomething(story, dice, day);
        const first = await story.run();
        const second = await story.run();
        expect(first.counts.failed + first.counts.rejected).toBe(0);
        expect([second.counts.pulled, second.counts.updated]).toEqual([0, 0]);
        await story.clock.advance(24 * 3_600_000);
      }
      for (let n = 1; n <= 5; n += 1) {
        const { firstName, lastName, alias, location } = rawContact(story, n);
        const sides = ['givenName', 'surname', 'jobTitle', 'officeLocation'].map(
          (name) => inDirectory(story, n, name) ?? '',
        );
        expect([firstName, lastName, alias, location]).toEqual(sides);
      }
    })();
  });

  function rawContact(story: Story, n: number) {
    const { id } = contactOf(story, n)!;
    return story.messageMedia.account.snapshot().contacts.find((contact) => contact.id === id)!;
  }

  function editSomething(story: Story, dice: (sides: number) => number, day: number): void {
    const n = 1 + dice(5);
    const value = `Day ${day} ${dice(9)}`;
    const deeds: readonly (() => void)[] = [
      () => story.graph.admin.updateUser(userId(n), { surname: value, displayName: `Person ${value}` }),
      () => story.graph.admin.updateUser(userId(n), { jobTitle: dice(3) === 0 ? null : value }),
      () => story.graph.admin.updateUser(userId(n), { officeLocation: value }),
      () => editContact(story, n, { lastName: value }),
      () => editContact(story, n, { alias: dice(3) === 0 ? '' : value }),
      () => editContact(story, n, { location: value }),
    ];
    deeds[dice(deeds.length)]!();
  }
});
