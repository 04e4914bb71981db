import type { EntraGraph } from '../../../local/entra-graph/entra-graph.ts';
import { ORG_CONTACTS } from '../../../src/adapters/graph/org-contacts.ts';
import { USERS } from '../../../src/adapters/graph/users.ts';
import type { Directory } from '../../../src/core/ports.ts';
import { allOf, aScope, failureOf } from '../../support/neighbour-calls.ts';
import { anOrgContact, orgContactId } from '../../support/outside-people.ts';
import { userId, users } from '../../support/story-people.ts';
import { aDirectory, aTenant } from './tenant-under-test.ts';

let tenant: EntraGraph;
let directory: Directory;

beforeEach(async () => {
  tenant = await aTenant({ roles: ['User.Read.All', 'OrgContact.Read.All'], users: users(2) });
  directory = aDirectory(tenant);
  tenant.admin.orgContacts.create(anOrgContact(1));
});

afterEach(async () => {
  await tenant.close();
  expect(tenant.failures).toEqual([]);
});

const graphRequests = () => tenant.requests.filter(({ path }) => path.startsWith('/v1.0/'));

describe('organisational contacts on the wire', () => {
  it('are asked for by the properties that the attributes are made of', async () => {
    const select = ['mobilePhone', 'businessPhones', 'city', 'mail', 'accountEnabled', 'usageLocation'];

    await allOf(directory.deltaPages({ stream: 'orgContacts', select }, aScope()));

    expect(graphRequests().map(({ path, query }) => [path, query])).toEqual([
      ['/v1.0/contacts/delta', '$select=id,phones,addresses,mail'],
    ]);
  });

  it('are checked by one cheap call', async () => {
    await directory.check(aScope(), 'orgContacts');

    expect(graphRequests().map(({ path, query }) => [path, query])).toEqual([
      ['/v1.0/contacts/delta', '$select=id&$deltatoken=latest'],
    ]);
  });

  it('are asked for in a batch after the users who were not found', async () => {
    await directory.readPeople([userId(1), orgContactId(1)], ['mail'], aScope(), ['users', 'orgContacts']);

    const urls = graphRequests().map(({ body }) =>
      (JSON.parse(body) as { requests: readonly { url: string }[] }).requests.map(({ url }) => url),
    );
    expect(urls).toEqual([
      [`/users/${userId(1)}?$select=id,mail`, `/users/${orgContactId(1)}?$select=id,mail`],
      [`/contacts/${orgContactId(1)}?$select=id,mail`],
    ]);
  });

  it.each<[string, unknown, object]>([
    ['phones that are null', { phones: null }, { mobilePhone: null, businessPhones: [] }],
    [
      'phones without a number',
      { phones: [{ type: 'mobile', number: null }] },
      { mobilePhone: null, businessPhones: [] },
    ],
    [
      'phones of other types',
      { phones: [{ type: 'pager', number: '1' }, 'x'] },
      { mobilePhone: null, businessPhones: [] },
    ],
    ['an address that is null', { addresses: [null] }, { city: null }],
    ['no address', { addresses: null }, { city: null }],
    ['nothing said of either', {}, {}],
  ])('become attributes also with %s', (_what, json, attributes) => {
    const wanted = ['mobilePhone', 'businessPhones', 'city'];

    expect(ORG_CONTACTS.toAttributes(json as Record<string, unknown>, wanted)).toEqual(attributes);
  });
});

describe('the manager on the wire', () => {
  it('is selected in the chain, and expanded when somebody is read by id', async () => {
    await allOf(directory.deltaPages({ select: ['department', 'manager'] }, aScope()));
    await directory.readPeople([userId(1)], ['department', 'manager'], aScope());

    const [chain, batch] = graphRequests();
    expect(chain?.query).toBe('$select=id,department,manager');
    expect(batch?.body).toContain(`/users/${userId(1)}?$select=id,department&$expand=manager($select=id)`);
  });

  it.each<[string, object, object]>([
    [
      'a new one before the removal of the old',
      { 'manager@delta': [{ id: 'b' }, { id: 'a', '@removed': {} }] },
      { manager: { id: 'b' } },
    ],
    ['a new one after it', { 'manager@delta': [{ id: 'a', '@removed': {} }, { id: 'b' }] }, { manager: { id: 'b' } }],
    ['a removal alone', { 'manager@delta': [{ id: 'a', '@removed': { reason: 'deleted' } }] }, { manager: null }],
    ['an empty list', { 'manager@delta': [] }, {}],
    ['entries that are none', { 'manager@delta': ['a', null] }, {}],
    ['one that was expanded', { manager: { id: 'a', displayName: 'Somebody' } }, { manager: { id: 'a' } }],
    ['none that was expanded', { manager: null }, { manager: null }],
    ['one without an id', { manager: {} }, {}],
  ])('is read from %s', (_what, json, attributes) => {
    expect(USERS.toAttributes({ id: 'x', ...json }, ['manager'])).toEqual(attributes);
  });

  it('is no attribute when nobody asked for it', () => {
    expect(USERS.toAttributes({ id: 'x', mail: 'a', 'manager@delta': [{ id: 'b' }] }, ['mail'])).toEqual({ mail: 'a' });
  });
});

describe('findPerson on the wire', () => {
  it('encodes the name, and asks for the id alone', async () => {
    await directory.findPerson("o'neil+x#EXT#@example.com", aScope());

    expect(graphRequests().map(({ path, query }) => [path, query])).toEqual([
      ["/v1.0/users/o'neil%2Bx%23EXT%23%40example.com", '$select=id'],
    ]);
  });

  it.each<[string, number, object, string]>([
    ['an answer without an id', 200, { displayName: 'Somebody' }, 'unexpected-answer'],
    [
      'a 404 about the address',
      404,
      { error: { code: 'BadRequest', message: 'No such segment.' } },
      'unexpected-answer',
    ],
    ['an outage', 503, {}, 'unavailable'],
  ])('does not take %s for nobody', async (_what, status, body, failure) => {
    tenant.faults.add({ match: { path: /users/ }, do: { status, body } });

    expect((await failureOf(directory.findPerson('somebody@example.com', aScope()))).failure).toBe(failure);
  });
});

describe('a refusal of what is not a user', () => {
  it.each<[string, string, (to: Directory) => Promise<unknown>]>([
    ['groups', 'GroupMember.Read.All', (to) => allOf(to.groupMembers({ id: 'g', transitive: true }, aScope()))],
    ['contacts', 'OrgContact.Read.All', (to) => to.check(aScope(), 'orgContacts')],
    ['mailboxes', 'Contacts.Read', (to) => to.check(aScope(), { mailbox: userId(1), folder: 'Contacts' })],
  ])('of %s names %s in words that a log keeps whole', async (_what, permission, call) => {
    for (const role of ['User.Read.All', 'OrgContact.Read.All']) tenant.admin.dropRole(role);

    const error = await failureOf(call(directory));

    expect(error.failure).toBe('access-denied');
    expect(error.message).toContain(permission);
    expect(error.message).toMatch(/\.$/);
    expect(error.message.length).toBeLessThanOrEqual(200);
  });
});
