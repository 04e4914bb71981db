import type { EntraGraph } from '../../../local/entra-graph/entra-graph.ts';
import { mailboxContacts } from '../../../src/adapters/graph/mailbox-contacts.ts';
import type { Directory, MailboxFolder } from '../../../src/core/ports.ts';
import { allOf, anImpatientClock, aScope, failureOf } from '../../support/neighbour-calls.ts';
import type { ImpatientClock } from '../../support/neighbour-calls.ts';
import { aMailboxContact } from '../../support/outside-people.ts';
import { userId, users } from '../../support/story-people.ts';
import { aDirectory, aTenant } from './tenant-under-test.ts';

const OWNER = userId(1);
const SELECT = ['displayName', 'mobilePhone'];
const PREFER = 'IdType="ImmutableId", odata.maxpagesize=200';

let tenant: EntraGraph;
let clock: ImpatientClock;
let directory: Directory;
let folderId: string;
let stream: MailboxFolder;

beforeEach(async () => {
  tenant = await aTenant({ roles: ['User.Read.All', 'Contacts.Read'], users: users(2) });
  clock = anImpatientClock();
  directory = aDirectory(tenant, { clock });
  for (const n of [1, 2]) tenant.admin.mailboxes.open(userId(n));
  folderId = tenant.admin.mailboxes.createFolder(OWNER, 'Suppliers');
  tenant.admin.mailboxes.createContact(folderId, aMailboxContact(1));
  stream = { mailbox: OWNER, folder: 'Suppliers' };
});

afterEach(async () => {
  await tenant.close();
  expect(tenant.failures).toEqual([]);
  expect(tenant.unexpected).toEqual([]);
});

const graphRequests = () => tenant.requests.filter(({ path }) => path.startsWith('/v1.0/'));
const pages = (from = stream) => allOf(directory.deltaPages({ stream: from, select: SELECT }, aScope()));
const ids = async (): Promise<string[]> => (await pages()).flatMap(({ entries }) => entries.map(({ id }) => id));

describe('deltaPages of a mailbox folder', () => {
  it('asks for what the attributes are made of, and nothing else', async () => {
    await allOf(directory.deltaPages({ stream, select: ['mail', 'country', 'city', 'accountEnabled'] }, aScope()));

    const [lookUp, chain] = graphRequests();
    expect([lookUp?.path, lookUp?.query]).toEqual([
      `/v1.0/users/${OWNER}/contactFolders`,
      '$select=id,displayName&$top=100',
    ]);
    const folder = encodeURIComponent(folderId);
    expect([chain?.path, chain?.query]).toEqual([
      `/v1.0/users/${OWNER}/contactFolders/${folder}/contacts/delta`,
      '$select=id,emailAddresses,businessAddress',
    ]);
  });

  it('never has more than a mailbox bears under way, and keeps no other mailbox waiting', async () => {
    tenant.admin.options.mailboxDelayMs = 30;
    tenant.admin.mailboxes.createFolder(userId(2), 'Suppliers');
    const other = { mailbox: userId(2), folder: 'Suppliers' };

    await Promise.all([...Array.from({ length: 8 }, () => pages()), ...Array.from({ length: 4 }, () => pages(other))]);

    expect(clock.slept).toEqual([]);
    expect(graphRequests().every(({ status }) => status === 200)).toBe(true);
  });

  it('lets the next call through when one has failed', async () => {
    await pages();
    tenant.faults.add({ match: { path: /delta$/ }, times: 1, do: { status: 400 } });

    const [failed, next] = await Promise.allSettled([pages(), pages()]);

    expect([failed?.status, next?.status]).toEqual(['rejected', 'fulfilled']);
  });

  it('waits as it is told when others have used the mailbox up', async () => {
    const body = {
      error: { code: 'ApplicationThrottled', message: 'Application is over its MailboxConcurrency limit.' },
    };
    tenant.faults.add({ match: { path: /delta$/ }, times: 1, do: { status: 429, retryAfter: 9, body } });

    expect(await ids()).toHaveLength(1);

    expect(clock.slept[0]).toBeGreaterThanOrEqual(9000);
  });

  it('does not take an outage for a folder that is not there', async () => {
    tenant.faults.add({ match: { path: /contactFolders\/[^/]+$/ }, do: { status: 503 } });

    const error = await failureOf(pages({ mailbox: OWNER, folder: `AAMkA${'x'.repeat(60)}` }));

    expect(error.failure).toBe('unavailable');
  });

  it('takes an id that Outlook cannot read for a folder that is not there', async () => {
    const body = { error: { code: 'ErrorInvalidIdMalformed', message: 'Id is malformed.' } };
    tenant.faults.add({ match: { path: /contactFolders\/[^/]+$/ }, do: { status: 400, body } });

    const error = await failureOf(pages({ mailbox: OWNER, folder: 'x'.repeat(60) }));

    expect(error.failure).toBe('not-found');
  });

  it.each<[string, object]>([
    ['a folder without an id', { value: [{ displayName: 'Suppliers' }] }],
    ['no list', {}],
  ])('does not believe a list of folders with %s', async (_what, body) => {
    tenant.faults.add({ match: { path: /contactFolders$/ }, do: { status: 200, body } });

    expect((await failureOf(pages())).failure).toBe('unexpected-answer');
  });

  it('does not follow a list of folders to another host', async () => {
    for (let n = 0; n < 100; n += 1) tenant.admin.mailboxes.createFolder(OWNER, `Other ${n}`);
    tenant.admin.options.wrongHostNextLink = 'graph.example.com';

    expect((await failureOf(pages({ mailbox: OWNER, folder: 'Other 99' }))).failure).toBe('unexpected-answer');
  });
});

describe('readPeople in a mailbox folder', () => {
  it('asks for immutable ids in each item, and in which folder the contact is', async () => {
    const people = await ids();
    tenant.requests.splice(0);

    expect((await directory.readPeople(people, SELECT, aScope(), [stream])).size).toBe(1);

    const [batch] = graphRequests();
    const { requests } = JSON.parse(batch?.body ?? '{}') as { readonly requests: readonly object[] };
    expect(requests).toMatchObject([
      {
        url: expect.stringMatching(/\/contacts\/AAMkA%2F%2B.*\?\$select=id,parentFolderId,displayName,mobilePhone$/),
        headers: { Prefer: PREFER },
      },
    ]);
  });

  it('does not believe a contact that does not say where it is', async () => {
    const people = await ids();
    const item = { id: '0', status: 200, body: { id: 'AAMkA', displayName: 'Supplier 1' } };
    tenant.faults.add({ match: { path: /batch$/ }, do: { status: 200, body: { responses: [item] } } });

    const error = await failureOf(directory.readPeople(people, SELECT, aScope(), [stream]));

    expect(error.failure).toBe('unexpected-answer');
  });
});

describe('the link of a folder', () => {
  const FOLDER = { mailbox: 'owner@example.com', id: 'AAMkA/+x=' };
  const source = mailboxContacts(FOLDER, (call) => call());
  const id = encodeURIComponent(FOLDER.id);

  it.each<[string, string, boolean]>([
    ['as it was asked for', `/v1.0/users/owner@example.com/contactFolders/${id}/contacts/delta`, true],
    ['encoded', `/v1.0/users/Owner%40example.com/contactFolders/${id}/contacts/delta`, true],
    ['with keys in brackets', `/v1.0/users('${OWNER}')/contactfolders('${id}')/contacts/delta`, true],
    ['in its long form', `/v1.0/users/${OWNER}/contactFolders/${id}/contacts/microsoft.graph.delta()`, true],
    ['of another mailbox', `/v1.0/users/other@example.com/contactFolders/${id}/contacts/delta`, false],
    ['of another folder', `/v1.0/users/${OWNER}/contactFolders/AAMkA/contacts/delta`, false],
    [
      'of a folder whose id differs in case',
      `/v1.0/users/${OWNER}/contactFolders/aamka%2F%2Bx%3D/contacts/delta`,
      false,
    ],
    ['of folders', `/v1.0/users/${OWNER}/contactFolders/delta`, false],
    ['of a whole mailbox', `/v1.0/users/${OWNER}/contacts/delta`, false],
    ['of messages', `/v1.0/users/${OWNER}/contactFolders/${id}/messages/delta`, false],
    ['with more behind it', `/v1.0/users/${OWNER}/contactFolders/${id}/contacts/delta/more`, false],
    ['of a contact', `/v1.0/users/${OWNER}/contactFolders/${id}/contacts/1`, false],
  ])('%s', (_what, path, isOwn) => {
    expect(source.ownsLink(path)).toBe(isOwn);
  });
});
