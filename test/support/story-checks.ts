import type { AccountSnapshot } from '../../local/messagemedia/account.ts';
import { compareWithOracle } from '../../local/oracle.ts';
import type { RunCounts, RunRow } from '../../src/core/run/run-row.ts';
import { expectBalancedBooks, expectNothingTwice } from './books.ts';
import { startStory } from './story.ts';
import type { Story, StoryOptions } from './story.ts';
import { userId } from './story-people.ts';

const MARKER = 'entra_object_id';

type ContactData = AccountSnapshot['contacts'][number];

/** A contact in the words of a story: lists by name, sorted; custom fields by merge tag, the marker apart. */
export interface ContactView {
  readonly id: string;
  readonly name: string;
  readonly numbers: readonly string[];
  readonly lists: readonly string[];
  readonly fields: Readonly<Record<string, string>>;
  readonly note: string;
  readonly owner: string | undefined;
}

function viewOf(contact: ContactData): ContactView {
  const values = Object.fromEntries(contact.customFields.map(({ mergeTag, value }) => [mergeTag, value]));
  const { [MARKER]: owner, ...fields } = values;
  return {
    id: contact.id,
    name: `${contact.firstName} ${contact.lastName}`.trim(),
    numbers: contact.channels.map(({ channelId }) => channelId),
    lists: contact.lists.map(({ name }) => name).toSorted(),
    fields,
    note: contact.note,
    owner,
  };
}

export function contactsOf(story: Story): ContactView[] {
  return story.messageMedia.account.snapshot().contacts.map(viewOf);
}

/** The contact that carries user `n`'s marker; undefined when there is none. Two of them fail the test. */
export function contactOf(story: Story, n: number): ContactView | undefined {
  const own = contactsOf(story).filter(({ owner }) => owner === userId(n));
  expect(own.length).toBeLessThanOrEqual(1);
  return own[0];
}

/** Ids and sizes of the account's lists by name. */
export function listSizes(story: Story): Record<string, number> {
  return Object.fromEntries(
    story.messageMedia.account.snapshot().lists.map(({ name, contactIds }) => [name, contactIds.length]),
  );
}

/** How a run ended, by what it counted above zero. */
export function countsOf(run: RunRow): Partial<RunCounts> {
  return Object.fromEntries(Object.entries(run.counts).filter(([, count]) => count > 0));
}

/** Outcomes and reasons of people who were not simply done or unchanged, by user number. */
export async function exceptionsOf(story: Story, run: RunRow): Promise<Record<number, string>> {
  const records = await story.records(run.runId);
  return Object.fromEntries(
    records
      .filter(({ outcome }) => outcome !== 'done' && outcome !== 'unchanged')
      .map(({ personId, outcome, reason }) => [Number(personId.slice(-12)), `${outcome} ${reason ?? ''}`.trim()]),
  );
}

/** Calls to MessageMedia by what they are, ids and queries left out, with how often each was made. */
export function tallyCalls(calls: readonly string[]): Record<string, number> {
  const tally: Record<string, number> = {};
  for (const call of calls) {
    const short = call.replace('/api/v1/contacts', '');
    tally[short] = (tally[short] ?? 0) + 1;
  }
  return tally;
}

export function writesAmong(calls: readonly string[]): string[] {
  return calls.filter((call) => !call.startsWith('GET '));
}

/** What must hold after every story, whatever happened in it. */
export function expectInvariants(story: Story): void {
  const { account } = story.messageMedia;
  account.assertNoViolations();
  expect(account.subscribedWrites).toEqual([]);
  expect(story.messageMedia.failures).toEqual([]);
  expect(story.graph.failures).toEqual([]);
  expect(story.graph.unexpected).toEqual([]);
  expectNothingTwice(account.snapshot());
  expectBalancedBooks(story.tables.rows('people'));
}

/** The account is what directory and configuration ask for, by rules that share nothing with the engine. */
export function expectOracleAgrees(story: Story): void {
  const waiting = story.tables.rows('people').filter(({ key }) => key.startsWith('pending:'));
  const account = story.messageMedia.account.snapshot();
  const made = story.tables.rows('state').flatMap(({ body }) => {
    const { id, created } = body as { readonly id?: string; readonly created?: boolean };
    return created === true ? [id] : [];
  });
  const differences = compareWithOracle({
    users: story.graph.admin.users(),
    sync: story.sync(),
    account,
    handMade: {
      ...account,
      contacts: account.contacts.filter((contact) => viewOf(contact).owner === undefined),
      lists: account.lists.filter(({ id }) => !made.includes(id)),
    },
    undecided: waiting.map(({ key }) => key.slice('pending:'.length)),
  });
  expect(differences).toEqual([]);
}

/** The oracle reads the short form of the mapping only. */
function isKnownToOracle(story: Story): boolean {
  return !Array.isArray(story.sync()['mapping']);
}

export interface Rest {
  /** Reads of MessageMedia that a full run may still make: somebody's contact cannot be settled without a look. */
  readonly reads?: number;
}

/** The first run of a day asks for the blocked numbers, whatever else there is to do. */
function beyondTheDay(calls: readonly string[]): string[] {
  return calls.filter((call) => call !== 'GET /v1/number_authorisation/mt/blacklist');
}

/** One more delta and one more full run find nothing to do, and write nothing. */
export async function expectRest(story: Story, { reads = 0 }: Rest = {}): Promise<void> {
  const before = story.messageMedia.account.snapshot();
  story.callsMade();
  const people = story.graph.admin.users();
  const delta = await story.run('delta');
  expect(planned(delta)).toEqual({});
  // Where the contacts may be ahead, every run reads them all.
  const pages = readsContacts(story) ? Math.max(1, Math.ceil(before.contacts.length / 1000)) : 0;
  expect(tallyCalls(beyondTheDay(story.callsMade().messageMedia))).toEqual(
    pages === 0 ? {} : { 'GET /contacts': pages },
  );

  const full = await story.run('full');
  expect(planned(full)).toEqual({});
  const calls = beyondTheDay(story.callsMade().messageMedia);
  expect(writesAmong(calls)).toEqual([]);
  expect(calls.length).toBeLessThanOrEqual(reads + pages);
  expect(story.graph.admin.users()).toEqual(people);
  expect(story.messageMedia.account.snapshot()).toEqual(before);
}

function readsContacts(story: Story): boolean {
  const { direction, source } = story.sync();
  return direction === 'bidirectional' || source === 'messagemedia';
}

const CHANGES = ['created', 'adopted', 'updated', 'moved', 'removed', 'restored', 'pulled', 'failed'] as const;

function planned(run: RunRow): Partial<RunCounts> {
  const changes = CHANGES.filter((name) => run.counts[name] > 0);
  return Object.fromEntries(changes.map((name) => [name, run.counts[name]]));
}

export interface StoryRules extends Rest {
  /** Faults were armed: what handlers threw is part of the story. */
  readonly mayFail?: boolean;
  /** Somebody changed by hand what the configuration says: the oracle would put it right. */
  readonly isEdited?: boolean;
  /** The story ends in the middle of something. */
  readonly restless?: boolean;
}

/** Tells a story from its first run on, holds it against what must always be true, and clears up after it. */
export function tellStory(
  options: StoryOptions & StoryRules,
  tell: (story: Story) => Promise<void>,
): () => Promise<void> {
  return async () => {
    const story = await startStory(options);
    try {
      await tell(story);
      expectInvariants(story);
      if (options.restless !== true) {
        await expectRest(story, options);
        expectInvariants(story);
        if (options.isEdited !== true && isKnownToOracle(story)) expectOracleAgrees(story);
      }
      if (options.mayFail !== true) expect(story.failures).toEqual([]);
    } finally {
      await story.close();
    }
  };
}

/** Who has which number, by user number. */
export function numbersOf(story: Story): Record<number, readonly string[]> {
  return Object.fromEntries(
    contactsOf(story).flatMap(({ owner, numbers }) =>
      owner === undefined ? [] : [[Number(owner.slice(-12)), numbers] as const],
    ),
  );
}

/** Everything in the account but the contacts named, as JSON that shows any byte that changes. */
export function foreignPart(story: Story, adopted: readonly string[] = []): string {
  const { contacts, lists, customFields, preferences } = story.messageMedia.account.snapshot();
  const managed = contacts.filter(({ customFields: values }) =>
    values.some(({ mergeTag }) => mergeTag === 'entra_object_id'),
  );
  const ours = new Set([...adopted, ...managed.map(({ id }) => id)]);
  return JSON.stringify({
    contacts: contacts.filter(({ id }) => !ours.has(id)),
    lists: lists.filter(({ name }) => !['Sales', 'Support'].includes(name)),
    customFields: customFields.filter(({ mergeTag }) => !['entra_object_id', 'email'].includes(mergeTag)),
    preferences,
  });
}
