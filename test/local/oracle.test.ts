import { createAccount } from '../../local/messagemedia/account.ts';
import type { Account, AccountSnapshot, ContactSeed } from '../../local/messagemedia/account.ts';
import { compareWithOracle, expectedListSizes, wantedPeople } from '../../local/oracle.ts';
import type { OracleQuestion } from '../../local/oracle.ts';
import { describeDifferences } from '../../local/oracle/difference.ts';
import { PUBLISHED_SAMPLE } from '../../local/stack/published-sample.ts';

const MARLOWE = aUser('1', { mobilePhone: '0491 570 156', department: 'Sales', usageLocation: 'AU' });
const ZSOFIA = aUser('2', { mobilePhone: '+61491570157', department: ' support' });

function aUser(id: string, attributes: Readonly<Record<string, unknown>> = {}) {
  return {
    id,
    displayName: `Given${id} Family${id}`,
    givenName: `Given${id}`,
    surname: `Family${id}`,
    mail: `person.${id}@example.com`,
    department: 'Sales',
    accountEnabled: true,
    ...attributes,
  };
}

function theContact(id: string, seed: ContactSeed = {}): ContactSeed {
  return {
    firstName: `Given${id}`,
    lastName: `Family${id}`,
    number: '+61491570156',
    lists: ['Sales'],
    ...seed,
    customFields: { entra_object_id: id, email: `person.${id}@example.com`, ...seed.customFields },
  };
}

function anAccount(fill: (account: Account) => void): AccountSnapshot {
  const { account } = createAccount({});
  fill(account);
  return account.snapshot();
}

function ask(question: Partial<OracleQuestion>) {
  return compareWithOracle({
    users: [MARLOWE],
    sync: PUBLISHED_SAMPLE,
    account: anAccount(() => undefined),
    ...question,
  });
}

function kinds(question: Partial<OracleQuestion>): string[] {
  return ask(question).map(({ kind }) => kind);
}

describe('compareWithOracle', () => {
  it('finds nothing in an account that is what the directory asks for', () => {
    const account = anAccount((made) => {
      made.seedContact(theContact('1'));
      made.seedContact(theContact('2', { number: '+61491570157', lists: ['Support'] }));
    });

    expect(ask({ users: [MARLOWE, ZSOFIA], account })).toEqual([]);
  });

  it.each<[string, (account: Account) => void, string[]]>([
    ['nobody has the number', () => undefined, ['missing-contact']],
    [
      'the contact has another number',
      (made) => made.seedContact(theContact('1', { number: '+61491570158' })),
      ['wrong-number'],
    ],
    ['the contact has a second number', twoNumbers, ['wrong-number']],
    ['a name is wrong', (made) => made.seedContact(theContact('1', { lastName: 'Else' })), ['wrong-field']],
    [
      'a custom field is wrong',
      (made) => made.seedContact(theContact('1', { customFields: { email: 'else@example.com' } })),
      ['wrong-field'],
    ],
    ['the contact is on no list', (made) => made.seedContact(theContact('1', { lists: [] })), ['wrong-list']],
    [
      'the contact is on another list too',
      (made) => made.seedContact(theContact('1', { lists: ['sales', 'Support'] })),
      ['wrong-list'],
    ],
    ['two contacts belong to one person', secondContact, ['duplicate-person']],
    ['two managed contacts have one number', sharedNumber, ['duplicate-number']],
  ])('tells when %s', (_, fill, expected) => {
    expect(kinds({ account: anAccount(fill) })).toEqual(expected);
  });

  it('is content when exactly one of the people who share a number has it', () => {
    const users = [MARLOWE, aUser('3', { mobilePhone: '+61 491 570 156' })];

    expect(kinds({ users, account: anAccount((made) => made.seedContact(theContact('3'))) })).toEqual([]);
    expect(kinds({ users })).toEqual(['missing-contact']);
  });

  it.each([
    ['disabled', { accountEnabled: false }],
    ['guest', { userType: 'Guest' }],
    ['outside the filters', { department: 'Finance' }],
    ['without a number', { mobilePhone: null }],
    ['with a number that cannot be texted', { mobilePhone: '(02) 5550 1234', usageLocation: 'AU' }],
  ])('takes a person who is %s off the lists, and lets the contact be', (_, change) => {
    const users = [aUser('1', { mobilePhone: '+61491570156', ...change })];

    expect(kinds({ users, account: anAccount((made) => made.seedContact(theContact('1', { lists: [] }))) })).toEqual(
      [],
    );
    expect(kinds({ users, account: anAccount((made) => made.seedContact(theContact('1'))) })).toEqual(['wrong-list']);
  });

  it.each([
    ['keep', [], []],
    ['delete', ['surplus-contact'], ['surplus-contact']],
    ['unsubscribe', ['wrong-field'], ['wrong-list', 'wrong-field']],
  ])('judges a deleted person by the action "%s"', (action, offLists, onList) => {
    const sync = { ...PUBLISHED_SAMPLE, leavers: { deleted: { action } } };
    const withLists = (lists: readonly string[]) => anAccount((made) => made.seedContact(theContact('1', { lists })));

    expect(kinds({ users: [], sync, account: withLists([]) })).toEqual(offLists);
    expect(kinds({ users: [], sync, account: withLists(['Sales']) })).toEqual(onList);
  });

  it('takes a contact of somebody who never was to have one for a surplus', () => {
    const account = anAccount((made) => made.seedContact(theContact('9', { lists: [] })));

    expect(kinds({ users: [], account, formerPeople: ['9'] })).toEqual([]);
    expect(kinds({ users: [], account, formerPeople: ['1'] })).toEqual(['surplus-contact']);
  });

  it('says nothing of people whose change is held', () => {
    expect(kinds({ undecided: ['1'] })).toEqual([]);
    expect(
      kinds({ users: [], undecided: ['1'], account: anAccount((made) => made.seedContact(theContact('1'))) }),
    ).toEqual([]);
  });

  it('reads list names and prefix of the configuration', () => {
    const sync = { ...PUBLISHED_SAMPLE, lists: { prefix: 'Entra ', names: { sales: 'Sellers' } } };
    const account = anAccount((made) => made.seedContact(theContact('1', { lists: ['Entra Sellers'] })));

    expect(kinds({ sync, account })).toEqual([]);
  });

  it.each([
    ['mapping', { mapping: 5 }],
    ['operator', { filters: { attribute: 'department', sounds: 'Sales' } }],
    [
      'transform',
      {
        mapping: [
          { to: 'note', from: 'displayName', transform: ['reverse'] },
          { to: 'phone_number', from: 'mobilePhone' },
        ],
      },
    ],
    ['excluded', { exclude: { phones: ['+61491570156'] } }],
    ['phone.accept', { phone: { accept: 'possible' } }],
  ])('refuses a form of %s that it does not know', (name, change) => {
    expect(() => ask({ sync: { ...PUBLISHED_SAMPLE, ...change } })).toThrow(name);
  });
});

describe('compareWithOracle, on what was made by hand', () => {
  function changed(
    change: (account: Account, ids: { readonly customer: string; readonly list: string }) => void,
  ): string[] {
    const { account } = createAccount({});
    account.seedContact(theContact('1'));
    const customer = account.seedContact({
      firstName: 'Customer',
      number: '+12025550101',
      lists: ['Newsletter', 'Support'],
    });
    const list = String(account.listNamed('Newsletter')?.id);
    const handMade = account.snapshot();
    change(account, { customer: customer.id, list });
    return ask({ account: account.snapshot(), handMade }).map(({ words }) => words);
  }

  it('finds nothing when it is untouched', () => {
    expect(changed(() => undefined)).toEqual([]);
  });

  it.each<[string, Parameters<typeof changed>[0]]>([
    ['was changed: note', (account, { customer }) => account.editContact(customer, { note: 'ours now' })],
    ['was deleted', (account, { customer }) => account.deleteContact(customer)],
    ['renamed or deleted', (account, { list }) => account.renameList(list, 'Ours')],
    ['belongs to nobody', (account) => account.seedContact({ firstName: 'Orphan' })],
  ])('tells what %s', (words, change) => {
    expect(changed(change).join()).toContain(words);
  });

  it('lets a contact be adopted, with the lists that somebody put it on', () => {
    const { account } = createAccount({});
    const { id } = account.seedContact({
      firstName: 'M.',
      number: '+61491570156',
      lists: ['Newsletter', 'Support'],
      note: 'mine',
    });
    const handMade = account.snapshot();
    account.editContact(id, theContact('1', { lists: ['Newsletter', 'Support', 'Sales'] }));

    expect(ask({ account: account.snapshot(), handMade })).toEqual([]);

    account.editContact(id, { lists: ['Support', 'Sales'], note: '' });
    const words = ask({ account: account.snapshot(), handMade }).map((difference) => difference.words);
    expect(words).toEqual([expect.stringContaining('own note'), expect.stringContaining('"Newsletter"')]);
  });
});

describe('describeDifferences', () => {
  it('never shows a whole number, and says when there is nothing to tell', () => {
    const text = describeDifferences(ask({}));

    expect(text).toContain('missing-contact: no contact of the person has +61 … 156 (person 1)');
    expect(text).not.toContain('491570156');
    expect(describeDifferences([])).toBe('The account is what the directory asks for.');
  });

  it('shows the first of many', () => {
    const users = Array.from({ length: 40 }, (_, index) =>
      aUser(`p${index}`, { mobilePhone: `+6145000${1000 + index}` }),
    );

    expect(describeDifferences(ask({ users })).split('\n').at(-1)).toBe('  … and 15 more');
  });
});

describe('expectedListSizes', () => {
  it('counts a shared number once, on the list of the one who has it', () => {
    const users = [MARLOWE, aUser('3', { mobilePhone: '+61491570156', department: 'Support' })];
    const account = anAccount((made) => made.seedContact(theContact('3', { lists: ['Support'] })));

    expect(expectedListSizes({ users, sync: PUBLISHED_SAMPLE, account })).toEqual(new Map([['support', 1]]));
    expect(wantedPeople(users, PUBLISHED_SAMPLE)).toEqual(['1', '3']);
  });
});

function twoNumbers(account: Account): void {
  account.seedContact(theContact('1', { channels: [{ type: 'SMS', channelId: '+61491570158' }] }));
}

function secondContact(account: Account): void {
  account.seedContact(theContact('1'));
  account.seedContact(theContact('1', { number: '+61491570158', lists: [] }));
}

function sharedNumber(account: Account): void {
  account.seedContact(theContact('1'));
  account.seedContact(theContact('8', { lists: [] }));
}
