import type { Contact } from '../../../src/core/people/contact.ts';
import type { CallScope, ContactPage } from '../../../src/core/ports.ts';
import { accountContacts, readAccount } from '../../../src/core/run/account-read.ts';
import type { RunWork } from '../../../src/core/run/run-work.ts';
import { mobile } from '../../support/story-people.ts';
import { anEngine, aRun } from '../../support/run.ts';
import type { TestEngine } from '../../support/run.ts';

const NO_SCOPE: CallScope = { beforeAttempt: async () => undefined };

function aContact(n: number): Contact {
  const nothing = { firstName: '', lastName: '', alias: '', country: '', state: '', location: '', note: '' };
  return {
    ...nothing,
    id: `contact-${n}`,
    accountId: 'account-1',
    channels: [
      { type: 'SMS', channelId: mobile(n) },
      { type: 'WHATSAPP', channelId: mobile(100 + n) },
    ],
    customFields: n % 2 === 0 ? [] : [{ id: 'field-1', mergeTag: 'entra_object_id', value: ` person-${n} ` }],
    lists: [],
  };
}

/** An account of three pages; tells where each reading began. */
function anAccount() {
  const begun: (string | undefined)[] = [];
  const page = (at: number): ContactPage => ({
    contacts: [aContact(at)],
    ...(at === 3 ? {} : { nextPageToken: `page-${at + 1}` }),
  });
  async function* contactPages(from: { readonly pageToken?: string }): AsyncGenerator<ContactPage> {
    begun.push(from.pageToken);
    for (let at = Number(from.pageToken?.slice(-1) ?? 1); at <= 3; at += 1) yield page(at);
  }
  const engine = anEngine();
  return { begun, engine: { ...engine, contactBook: { ...engine.contactBook, contactPages } } };
}

/** Work whose slice is over after so many pages. */
function workOf(engine: TestEngine, pages: number): RunWork {
  let looks = 0;
  const run = aRun({ adopt: true });
  return {
    engine,
    guard: { ...NO_SCOPE, ensure: async () => undefined, calls: () => ({ graph: 0, messagemedia: 0 }) },
    run: () => run,
    update: async () => undefined,
    isSliceOver: () => (looks += 1) >= pages,
  };
}

async function contactsIn(engine: TestEngine) {
  const contacts = [];
  for await (const contact of accountContacts(engine, aRun().runId)) contacts.push(contact);
  return contacts;
}

describe('readAccount', () => {
  it('reads the account to its end, and keeps ids, markers and pseudonyms of SMS numbers', async () => {
    const { engine, begun } = anAccount();

    expect(await readAccount(workOf(engine, 99))).toBe(true);

    expect(begun).toEqual([undefined]);
    expect(await contactsIn(engine)).toEqual([
      { id: 'contact-1', marker: 'person-1', phoneKeys: [engine.digest.pseudonym(mobile(1))] },
      { id: 'contact-2', phoneKeys: [engine.digest.pseudonym(mobile(2))] },
      { id: 'contact-3', marker: 'person-3', phoneKeys: [engine.digest.pseudonym(mobile(3))] },
    ]);
  });

  it('goes on in the next slice from where the last stored page ended, and has nothing more to do then', async () => {
    const { engine, begun } = anAccount();

    expect(await readAccount(workOf(engine, 1))).toBe(false);
    expect(await readAccount(workOf(engine, 1))).toBe(false);
    expect(await readAccount(workOf(engine, 1))).toBe(true);
    expect(await readAccount(workOf(engine, 1))).toBe(true);

    expect(begun).toEqual([undefined, 'page-2', 'page-3']);
    expect((await contactsIn(engine)).map(({ id }) => id)).toEqual(['contact-1', 'contact-2', 'contact-3']);
  });

  it('goes on from the page that another worker stored meanwhile', async () => {
    const { engine, begun } = anAccount();
    const work = workOf(engine, 99);
    const slow: TestEngine = {
      ...engine,
      contactBook: {
        ...engine.contactBook,
        async *contactPages() {
          // Meanwhile somebody else read the account, which had one page then.
          await engine.tables.parts.write(aRun().runId, [
            {
              kind: 'insert',
              row: { key: 'account-000000', body: { contacts: [{ id: 'contact-9', phoneKeys: [] }] } },
            },
          ]);
          yield { contacts: [aContact(1)], nextPageToken: 'page-2' };
        },
      },
    };

    expect(await readAccount({ ...work, engine: slow })).toBe(true);

    expect(begun).toEqual([]);
    expect((await contactsIn(engine)).map(({ id }) => id)).toEqual(['contact-9']);
  });
});
