import type { PersonExplanation } from '../../src/core/run/explain-person.ts';
import { explainPerson } from '../../src/core/run/explain-person.ts';
import { lookUpPerson } from '../../src/core/run/explain-lookup.ts';
import { approveRun, rejectRun } from '../../src/core/run/decide-run.ts';
import { contactOf, tellStory, writesAmong } from '../support/story-checks.ts';
import type { Story } from '../support/story.ts';
import { aUser, changeUsers, mobile, userId, users } from '../support/story-people.ts';

const DAY_MS = 86_400_000;
const GROUP = '7a000000-0000-4000-8000-000000000001';
const holding = (holds: boolean): unknown => expect.objectContaining({ path: 'filters', holds });

function explain(story: Story, n: number): Promise<PersonExplanation> {
  return explainPerson(story.engine(), userId(n));
}

/** Everything of ours, to show that nothing of it was written. */
function rowsOf(story: Story): string {
  const names = ['state', 'runs', 'parts', 'people', 'consent'] as const;
  return JSON.stringify([names.map((name) => story.tables.rows(name)), story.queue.waiting('sync-runs')]);
}

function notFound(story: Story, n: number): Promise<unknown> {
  return explain(story, n).then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('explainPerson', () => {
  it(
    'tells of somebody in step from the directory to the next run, and writes nothing',
    tellStory({ users: users(4) }, async (story) => {
      const run = await story.run('full');
      const before = rowsOf(story);
      story.callsMade();

      const explanation = await explain(story, 1);

      expect(explanation).toMatchObject({
        person: { id: userId(1), presence: 'present', attributes: { mobilePhone: mobile(1), department: 'Sales' } },
        found: { directory: true, stored: true },
        scope: { inScope: true },
        phone: { region: { code: 'AU', from: 'usageLocation' }, e164: mobile(1), tried: [{ type: 'mobile' }] },
        match: { how: 'link', contactId: contactOf(story, 1)!.id },
        lists: [{ name: 'Sales', because: 'mapping[3]: department', joined: true }],
        contact: { exists: true, numbers: [{ number: mobile(1), type: 'SMS' }], lists: ['Sales'] },
        lastChanges: [{ runId: run.runId, operation: 'create', outcome: 'done' }],
        next: { operation: 'none', outcome: 'unchanged', words: 'Nothing to do.' },
      });
      expect(explanation.pending).toBeUndefined();
      expect(explanation.scope.clauses.map(({ path, holds }) => [path, holds])).toEqual([
        ['exclude.people', true],
        ['presence', true],
        ['people', true],
        ['people.users.disabled', true],
        ['people.users.guests', true],
        ['filters', true],
        ['filters.all[0]', true],
        ['filters.all[1]', true],
      ]);
      expect(explanation.mapping.map(({ to }) => to)).toEqual(['contact_name', 'phone_number', 'email', 'group']);
      expect(explanation.mapping[1]?.steps.length).toBeGreaterThan(0);
      const calls = story.callsMade();
      expect(calls.graph).toEqual(['POST /v1.0/$batch']);
      expect(writesAmong(calls.messageMedia)).toEqual([]);
      expect(rowsOf(story)).toBe(before);
    }),
  );

  it(
    'says what the next run would do to somebody who has changed since',
    tellStory({ users: users(30) }, async (story) => {
      await story.run('full');
      story.graph.admin.updateUser(userId(1), { department: 'Support', givenName: 'Robin' });

      const { next, lists } = await explain(story, 1);

      expect(next).toMatchObject({
        operation: 'move',
        outcome: 'planned',
        lists: { add: ['Support'], remove: ['Sales'] },
      });
      expect(next.fields).toContainEqual({ field: 'first_name', before: 'Person', after: 'Robin' });
      expect(lists).toEqual([{ name: 'Support', because: 'mapping[3]: department', joined: false }]);
      expect(contactOf(story, 1)?.lists).toEqual(['Sales']);
      await story.run();
    }),
  );

  it(
    'says of somebody whom no run has seen that they would be made',
    tellStory({ users: users(2) }, async (story) => {
      await story.run('full');
      story.graph.admin.createUser(aUser(3));

      const explanation = await explain(story, 3);

      expect(explanation).toMatchObject({
        found: { directory: true, stored: false },
        match: { how: 'create' },
        lastChanges: [],
        next: { operation: 'create', outcome: 'planned', lists: { add: ['Sales'], remove: [] } },
      });
      expect(explanation.contact).toBeUndefined();
      await story.run();
    }),
  );

  it(
    'names the clause that leaves somebody out, with the value',
    tellStory({ users: [...users(2), aUser(3, { department: 'Finance' })] }, async (story) => {
      await story.run('full');

      const { scope, match, next } = await explain(story, 3);

      expect(scope).toMatchObject({
        inScope: false,
        cause: 'outOfScope',
        reason: 'not-in-scope',
        decidedBy: 'filters',
      });
      expect(scope.clauses).toContainEqual(
        expect.objectContaining({ path: 'filters.all[0]', value: 'Finance', state: 'set', holds: false }),
      );
      expect(match.how).toBe('none');
      expect(next).toMatchObject({ operation: 'skip', outcome: 'skipped', reason: 'not-in-scope' });
    }),
  );

  it(
    'tells of somebody who was disabled and whose removal is not done yet',
    tellStory({ users: users(30) }, async (story) => {
      await story.run('full');
      story.graph.admin.updateUser(userId(2), { accountEnabled: false });

      const { scope, next } = await explain(story, 2);

      expect(scope).toMatchObject({ inScope: false, cause: 'disabled', decidedBy: 'people.users.disabled' });
      expect(next).toMatchObject({ operation: 'remove', outcome: 'planned', reason: 'disabled' });
      await story.run();
    }),
  );

  it(
    'tells of somebody who left: what was done, and that the contact is kept',
    tellStory({ users: users(30) }, async (story) => {
      await story.run('full');
      story.graph.admin.softDelete(userId(2));
      await story.clock.advance(DAY_MS);
      const second = await story.run();

      const { person, found, match, lastChanges, next, contact } = await explain(story, 2);

      expect({ person, found }).toMatchObject({
        person: { presence: 'deleted' },
        found: { directory: false, stored: true },
      });
      expect(match).toMatchObject({ how: 'left', contactId: contactOf(story, 2)!.id });
      expect(contact).toMatchObject({ exists: true, lists: [] });
      expect(lastChanges.map(({ runId, operation }) => [runId, operation])).toEqual([
        [second.runId, 'remove'],
        [expect.any(String), 'create'],
      ]);
      expect(next.operation).toBe('none');
    }),
  );

  it(
    'throws for an id that neither the directory nor the tables know',
    tellStory({ users: users(1), restless: true }, async (story) => {
      await story.run('full');

      expect(await notFound(story, 77)).toMatchObject({ code: 'person-not-found' });
    }),
  );

  it(
    'tells why a number is not usable, text by text',
    tellStory(
      {
        users: [aUser(1, { mobilePhone: '0450 000 001', usageLocation: null, businessPhones: ['nonsense'] })],
        sync: {
          mapping: [
            { to: 'phone_number', from: 'mobilePhone', fallback: ['businessPhones[0]'] },
            { to: 'group', from: 'department' },
          ],
        },
      },
      async (story) => {
        await story.run('full');

        const { phone, scope, next } = await explain(story, 1);

        expect(scope.inScope).toBe(true);
        expect(phone).toMatchObject({ reason: 'bad-phone' });
        expect(phone.region).toBeUndefined();
        expect(phone.tried).toEqual([
          { input: '0450 000 001', reason: 'bad-phone' },
          { input: 'nonsense', reason: 'bad-phone' },
        ]);
        expect(next).toMatchObject({ operation: 'skip', reason: 'bad-phone' });
      },
    ),
  );

  it(
    'names who has the number that somebody waits for',
    tellStory({ users: [aUser(1), aUser(2, { mobilePhone: mobile(1) })] }, async (story) => {
      await story.run('full');

      const { match, pending, next } = await explain(story, 2);

      expect(match).toMatchObject({ how: 'taken', holder: userId(1) });
      expect(pending).toMatchObject({
        outcome: 'skipped',
        reason: 'duplicate-phone',
        holder: userId(1),
        runbook: 'operations.md#reason-codes',
        words: expect.stringContaining('when the number is free'),
      });
      expect(next).toMatchObject({ outcome: 'skipped', reason: 'duplicate-phone' });
    }),
  );

  it(
    'says which contact would be adopted, and whose would be taken over',
    tellStory({ users: users(30) }, async (story) => {
      await story.run('full');
      const seeded = story.messageMedia.account.seedContact({ firstName: 'Known', number: mobile(41) });
      story.graph.admin.createUser(aUser(41));
      story.graph.admin.updateUser(userId(1), { accountEnabled: false, mobilePhone: null });
      await story.run();
      const left = contactOf(story, 1)!;
      story.graph.admin.createUser(aUser(42, { mobilePhone: mobile(1) }));
      story.graph.admin.updateUser(userId(41), { mobilePhone: mobile(43) });
      story.messageMedia.account.seedContact({ firstName: 'Other', number: mobile(44) });
      story.graph.admin.createUser(aUser(44));

      const [known, heir, newcomer] = [await explain(story, 41), await explain(story, 42), await explain(story, 44)];

      expect(known.match).toMatchObject({ how: 'link', contactId: seeded.id });
      expect(heir.match).toMatchObject({ how: 'take-over', contactId: left.id, holder: userId(1) });
      expect(heir.next.words).toContain(`The number moves here from ${userId(1)}`);
      expect(newcomer.match).toMatchObject({ how: 'adopt', contactId: expect.any(String) });
      expect(newcomer.contact).toMatchObject({ exists: true, numbers: [{ number: mobile(44) }] });
      await story.run();
    }),
  );

  it(
    'tells what MessageMedia cannot hold',
    tellStory({ users: [aUser(1, { mail: 'no address' })], restless: true }, async (story) => {
      await story.run('full');

      const { mapping, pending } = await explain(story, 1);

      expect(mapping.find(({ to }) => to === 'email')?.rejected).toMatchObject({ limit: 'an e-mail address' });
      expect(pending).toMatchObject({ outcome: 'rejected', words: expect.stringContaining('configuration') });
    }),
  );

  it(
    'names both contacts between which it cannot decide',
    tellStory({ users: users(1), account: { uniqueNumbers: false }, restless: true }, async (story) => {
      const made = [1, 2].map(
        (n) => story.messageMedia.account.seedContact({ firstName: `Old ${n}`, number: mobile(1) }).id,
      );
      await story.run('full');

      const { match, pending, next } = await explain(story, 1);

      expect(match.how).toBe('conflict');
      expect(match.contactIds?.toSorted()).toEqual(made.toSorted());
      expect(next.contactIds?.toSorted()).toEqual(made.toSorted());
      expect(pending).toMatchObject({ reason: 'contact-conflict', until: expect.any(Number) });
    }),
  );

  it(
    'tells what is held, by which rule, and what became of the decision',
    tellStory(
      { users: users(30), sync: { protection: { maxRemovals: 1, floor: 0 } }, restless: true },
      async (story) => {
        await story.run('full');
        changeUsers(story.graph, 1, 2, () => ({ accountEnabled: false }));
        await story.clock.advance(DAY_MS);
        const held = await story.run();

        const waiting = await explain(story, 1);
        expect(waiting.pending).toMatchObject({
          outcome: 'held',
          rule: 'max-removals',
          runbook: 'operations.md#approve-or-reject-a-hold',
          words: expect.stringContaining('approve or reject'),
          runId: held.runId,
        });
        expect(waiting.next).toMatchObject({ operation: 'remove', outcome: 'held', reason: 'held-removal' });
        expect(waiting.lastChanges[0]).toMatchObject({ operation: 'remove', outcome: 'held' });

        await rejectRun(story.engine(), held.runId, held.planHash!);
        const rejected = await explain(story, 1);
        expect(rejected.pending).toMatchObject({ decision: 'rejected', words: expect.stringContaining('Rejected') });
        expect(rejected.next).toMatchObject({ operation: 'remove', outcome: 'skipped' });
      },
    ),
  );

  it(
    'tells what is approved and not done yet',
    tellStory(
      { users: users(30), sync: { protection: { maxRemovals: 1, floor: 0 } }, restless: true },
      async (story) => {
        await story.run('full');
        changeUsers(story.graph, 1, 2, () => ({ accountEnabled: false }));
        const held = await story.run();
        await approveRun(story.engine(), held.runId, held.planHash!);

        const { pending, next } = await explain(story, 1);

        expect(pending).toMatchObject({ decision: 'approved', words: expect.stringContaining('Approved') });
        expect(next).toMatchObject({ operation: 'remove', outcome: 'planned' });
      },
    ),
  );

  it(
    'tells until when a leaver is left alone',
    tellStory(
      {
        users: users(30),
        sync: { leavers: { disabled: { action: 'remove-from-lists', afterDays: 14 } } },
        restless: true,
      },
      async (story) => {
        await story.run('full');
        story.graph.admin.updateUser(userId(1), { accountEnabled: false });
        const run = await story.run();

        const { pending, next } = await explain(story, 1);

        expect(pending).toMatchObject({ reason: 'grace', since: expect.any(Number) });
        expect(pending!.until! - pending!.since).toBeLessThanOrEqual(14 * DAY_MS);
        expect(pending!.until! - run.createdAt).toBeGreaterThan(13.9 * DAY_MS);
        expect(next).toMatchObject({ operation: 'remove', outcome: 'skipped', reason: 'grace' });
      },
    ),
  );

  it(
    'tells what failed and when it is tried again',
    tellStory({ users: users(2), restless: true, mayFail: true }, async (story) => {
      await story.run('full');
      story.graph.admin.updateUser(userId(1), { surname: 'Renamed' });
      const broken = story.messageMedia.faults.add({ match: { method: 'PATCH' }, do: { status: 500 } });
      await story.run();
      broken.remove();

      const { pending } = await explain(story, 1);

      expect(pending).toMatchObject({ outcome: 'failed', attempts: 1, words: expect.stringContaining('by itself') });
      expect(pending!.until).toBeGreaterThan(story.clock.now());
    }),
  );

  it(
    'shows an opt-out and a contact that was deleted by hand',
    tellStory({ users: users(3), isEdited: true, restless: true }, async (story) => {
      await story.run('full');
      const [one, two] = [contactOf(story, 1)!, contactOf(story, 2)!];
      story.messageMedia.account.optOut(mobile(1));
      story.messageMedia.account.deleteContact(two.id);

      const [first, second] = [await explain(story, 1), await explain(story, 2)];

      expect(first.contact).toMatchObject({
        contactId: one.id,
        numbers: [{ number: mobile(1), state: 'UNSUBSCRIBED' }],
      });
      expect(first.optOuts).toEqual([]);
      expect(second.contact).toEqual({ contactId: two.id, exists: false, numbers: [], lists: [] });

      await story.clock.advance(86_400_000);
      const { createdAt } = await story.run();
      const { optOuts } = await explain(story, 1);
      expect(optOuts).toEqual([{ number: mobile(1), source: 'blocked-list', since: expect.any(Number) as number }]);
      expect(optOuts[0]!.since).toBeGreaterThanOrEqual(createdAt);
    }),
  );

  it(
    'reads groups and managers as the next run would',
    tellStory(
      {
        users: users(3),
        sync: {
          mapping: [
            { to: 'phone_number', from: 'mobilePhone' },
            { to: 'note', from: 'manager.displayName' },
            { to: 'group', constant: 'On-call', when: { memberOf: GROUP } },
          ],
          filters: { memberOf: GROUP },
        },
        restless: true,
      },
      async (story) => {
        story.graph.admin.groups.create({ id: GROUP });
        story.graph.admin.groups.addMember(GROUP, userId(1));
        story.graph.admin.setManager(userId(1), userId(2));
        await story.run('full');
        const before = rowsOf(story);

        const [member, other] = [await explain(story, 1), await explain(story, 3)];

        expect(member.scope).toMatchObject({ inScope: true, clauses: expect.arrayContaining([holding(true)]) });
        expect(member.person.manager).toMatchObject({ displayName: 'Person 2' });
        expect(member.mapping[1]).toMatchObject({ value: { note: 'Person 2' } });
        expect(member.lists).toEqual([
          { name: 'On-call', because: expect.stringContaining('mapping[2]: "On-call", when'), joined: true },
        ]);
        expect(other.scope).toMatchObject({ inScope: false, clauses: expect.arrayContaining([holding(false)]) });
        expect(rowsOf(story)).toBe(before);
      },
    ),
  );

  it(
    'leaves runs out in which nothing was done, and of those that are many, the oldest',
    tellStory({ users: [aUser(1), aUser(2, { mobilePhone: mobile(1) })] }, async (story) => {
      await story.run('full');
      await story.clock.advance(1000);
      await story.run('full');

      expect((await explain(story, 2)).lastChanges).toEqual([]);
      expect((await explain(story, 1)).lastChanges).toHaveLength(1);
    }),
  );

  it(
    'keeps to the last five changes, newest first, without dry runs',
    tellStory({ users: users(3) }, async (story) => {
      await story.run('full');
      for (let round = 1; round <= 6; round += 1) {
        story.graph.admin.updateUser(userId(1), { surname: `Name ${round}` });
        await story.clock.advance(1000);
        await story.run();
        await story.run('full', { dryRun: true });
      }

      const { lastChanges } = await explain(story, 1);

      expect(lastChanges.map(({ operation }) => operation)).toEqual(Array.from({ length: 5 }, () => 'update'));
      const times = lastChanges.map(({ at }) => at);
      expect(times).toEqual(times.toSorted((a, b) => b - a));
    }),
  );
});

describe('lookUpPerson', () => {
  it(
    'finds by user principal name, in the directory or as last seen',
    tellStory({ users: users(3), sync: { exclude: { people: ['nobody@example.com'] } } }, async (story) => {
      await story.run('full');
      story.graph.admin.softDelete(userId(3));

      const present = await lookUpPerson(story.engine(), { upn: 'Person.2@example.com' });
      const gone = await lookUpPerson(story.engine(), { upn: 'person.3@example.com ' });
      const nobody = lookUpPerson(story.engine(), { upn: 'nobody@example.com' });

      expect([present.person.id, gone.person.id]).toEqual([userId(2), userId(3)]);
      await expect(nobody).rejects.toMatchObject({ code: 'person-not-found' });
      await story.run();
    }),
  );

  it(
    'finds by number whoever has it, by claim, by marker, or would get it',
    tellStory({ users: [...users(3), aUser(4, { department: 'Finance' })], restless: true }, async (story) => {
      await story.run('full');
      const byClaim = await lookUpPerson(story.engine(), { number: mobile(2).replace('+', '00') });
      expect(byClaim.person.id).toBe(userId(2));

      const rows = story.tables.rows('people').filter(({ key }) => key.startsWith('phone:'));
      await story.tables.people.write(
        'default',
        rows.map(({ key }) => ({ kind: 'delete', key })),
      );
      const byMarker = await lookUpPerson(story.engine(), { number: mobile(3) });
      expect(byMarker.person.id).toBe(userId(3));

      story.messageMedia.account.deleteContact(contactOf(story, 1)!.id);
      const wanted = await lookUpPerson(story.engine(), { number: mobile(1) });
      expect(wanted.person.id).toBe(userId(1));
      await story.tables.people.write(
        'default',
        rows.map((row) => ({ kind: 'put', row })),
      );
    }),
  );

  it(
    'says so when a number is nobody’s, or no number',
    tellStory({ users: users(1), restless: true }, async (story) => {
      const { id } = story.messageMedia.account.seedContact({ firstName: 'Visitor', number: mobile(50) });

      await expect(lookUpPerson(story.engine(), { number: mobile(50) })).rejects.toMatchObject({
        code: 'person-not-found',
        extras: { contactIds: [id] },
      });
      await expect(lookUpPerson(story.engine(), { number: mobile(51) })).rejects.toMatchObject({
        code: 'person-not-found',
        extras: {},
      });
      await expect(lookUpPerson(story.engine(), { number: 'extension 12' })).rejects.toMatchObject({
        code: 'request-invalid',
        extras: { problems: [{ path: 'number', message: expect.stringContaining('country code') }] },
      });
    }),
  );
});
