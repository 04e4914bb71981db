import { graphRolesFor, readsMailboxes } from '../../scripts/infra/graph-roles.ts';

const namesFor = (sync: object) =>
  graphRolesFor(JSON.stringify({ sync }))
    .map(({ name }) => name)
    .toSorted();

describe('graphRolesFor', () => {
  it.each<[string, object, string[]]>([
    ['users only', {}, ['User.Read.All']],
    [
      'a filter by group, wherever it stands',
      { filters: { all: [{ not: { memberOf: 'g' } }] } },
      ['GroupMember.Read.All', 'User.Read.All'],
    ],
    ['organisational contacts', { people: { orgContacts: {} } }, ['OrgContact.Read.All', 'User.Read.All']],
    [
      'organisational contacts in the short form',
      { people: ['orgContacts'] },
      ['OrgContact.Read.All', 'User.Read.All'],
    ],
    ['contacts of mailboxes', { people: { mailboxContacts: [] } }, ['Contacts.Read', 'User.Read.All']],
    [
      'the day on which people leave',
      { filters: { attribute: 'employeeLeaveDateTime', after: 'now' } },
      ['User-LifeCycleInfo.Read.All', 'User.Read.All'],
    ],
    [
      'opt-outs into the directory, one way',
      {
        optOutAttribute: 'onPremisesExtensionAttributes.extensionAttribute5',
        mapping: { mobilePhone: 'phone_number' },
      },
      ['User.Read.All', 'User.ReadUpdate.All'],
    ],
    ['one way', { direction: 'one-way', mapping: { mobilePhone: 'phone_number' } }, ['User.Read.All']],
    [
      'both ways with the directory as the owner of everything',
      { direction: 'bidirectional', mapping: { mobilePhone: 'phone_number', jobTitle: 'note' } },
      ['User.Read.All'],
    ],
    [
      'phones into the directory, and lists, which never go there',
      {
        source: 'messagemedia',
        target: 'entra-id',
        mapping: { mobilePhone: 'phone_number', 'businessPhones[0]': 'alias', department: 'group' },
      },
      ['User-Phone.ReadWrite.All', 'User.Read.All'],
    ],
    [
      'other attributes into the directory, however its side is named',
      { direction: 'one-way', target: 'entra-id', mapping: [{ from: 'jobTitle', to: 'note' }] },
      ['User.Read.All', 'User.ReadUpdate.All'],
    ],
    [
      'both into the directory, but for what it owns itself and for what is made of nothing',
      {
        source: 'messagemedia',
        mapping: [
          { from: 'mobilePhone', to: 'phone_number' },
          { from: 'jobTitle', to: 'note', owner: 'directory' },
          { constant: 'x', to: 'alias' },
        ],
      },
      ['User-Phone.ReadWrite.All', 'User.Read.All'],
    ],
    [
      'both ways with an owner for each rule',
      {
        direction: 'bidirectional',
        mapping: [
          { to: 'phone_number', from: 'mobilePhone', owner: 'either' },
          { to: 'alias', from: 'employeeOrgData.costCenter', owner: 'messaging' },
          { to: 'note', from: 'jobTitle', owner: 'directory' },
        ],
      },
      ['User-Phone.ReadWrite.All', 'User.Read.All', 'User.ReadUpdate.All'],
    ],
    [
      'contacts of mailboxes both ways, which are read only',
      { direction: 'bidirectional', people: { mailboxContacts: [] } },
      ['Contacts.Read', 'User.Read.All'],
    ],
    [
      'an owner where nothing leads into the directory',
      { direction: 'one-way', mapping: [{ to: 'note', from: 'jobTitle', owner: 'either' }] },
      ['User.Read.All'],
    ],
  ])('asks for what is needed and no more: %s', (_, sync, roles) => {
    expect(namesFor(sync)).toEqual(roles);
  });

  it('reads the file as it is written, with comments and trailing commas', () => {
    const text = '{ // who\n "sync": { "filters": { "memberOf": "g", }, }, }';

    expect(graphRolesFor(text).map(({ name }) => name)).toContain('GroupMember.Read.All');
  });

  it('says what each is for', () => {
    const roles = graphRolesFor('{"sync": {"people": {"orgContacts": {}}}}');

    expect(roles.filter(({ why }) => why.length < 20)).toEqual([]);
  });
});

describe('readsMailboxes', () => {
  it('is true for the permission that reaches every mailbox', () => {
    expect(readsMailboxes(graphRolesFor('{"sync": {"people": {"mailboxContacts": []}}}'))).toBe(true);
    expect(readsMailboxes(graphRolesFor('{"sync": {}}'))).toBe(false);
  });
});
