import fc from 'fast-check';
import type { Filter } from '../../../src/core/config/sync-config.ts';
import type { Attributes } from '../../../src/core/people/person.ts';
import { definitelyOutOfScope, judgeScope, SCOPE_CHECKS } from '../../../src/core/people/scope.ts';
import { aConfig, aPerson } from '../../support/people.ts';
import { aContext, ON_CALL } from './mapping-context.ts';

const SALES: Filter = { attribute: 'department', equals: 'Sales' };
const EVERY_USER = { users: { guests: true, disabled: true }, orgContacts: false, mailboxContacts: [] };

describe('judgeScope', () => {
  it('takes an enabled member whom the filters take', () => {
    expect(judgeScope(aPerson(), aConfig({ filters: SALES }), aContext())).toEqual({ inScope: true });
  });

  it('reads attributes by path', () => {
    const filters: Filter = { attribute: 'employeeOrgData.costCenter', equals: 42 };
    const person = aPerson({ employeeOrgData: { costCenter: '42' } });

    expect(judgeScope(person, aConfig({ filters }), aContext())).toEqual({ inScope: true });
  });

  it.each(['soft-deleted', 'deleted'] as const)('calls somebody %s deleted before anything else', (presence) => {
    const person = aPerson({ accountEnabled: false, userType: 'Guest', department: 'HR' }, { presence });

    expect(judgeScope(person, aConfig({ filters: SALES }), aContext())).toEqual({
      inScope: false,
      cause: 'deleted',
      reason: 'not-in-scope',
    });
  });

  it('calls a disabled guest disabled', () => {
    const person = aPerson({ accountEnabled: false, userType: 'Guest', department: 'HR' });

    expect(judgeScope(person, aConfig({ filters: SALES }), aContext())).toEqual({
      inScope: false,
      cause: 'disabled',
      reason: 'disabled',
    });
  });

  it.each(['Guest', 'guest ', 'GUEST'])('leaves out a guest written "%s"', (userType) => {
    const person = aPerson({ userType, department: 'HR' });

    expect(judgeScope(person, aConfig({ filters: SALES }), aContext())).toEqual({
      inScope: false,
      cause: 'outOfScope',
      reason: 'guest',
    });
  });

  it('leaves out whom the filters do not take', () => {
    expect(judgeScope(aPerson({ department: 'HR' }), aConfig({ filters: SALES }), aContext())).toEqual({
      inScope: false,
      cause: 'outOfScope',
      reason: 'not-in-scope',
    });
  });

  it('takes guests and disabled people when the configuration asks for them', () => {
    const config = aConfig({ people: EVERY_USER });

    expect(judgeScope(aPerson({ accountEnabled: false, userType: 'Guest' }), config, aContext())).toEqual({
      inScope: true,
    });
  });

  it.each<[string, Attributes]>([
    ['null', { accountEnabled: null, userType: null }],
    ['not mentioned', {}],
  ])('counts somebody as enabled and a member when both are %s', (_name, attributes) => {
    const filters: Filter = {
      all: [
        { attribute: 'accountEnabled', equals: true },
        { attribute: 'userType', equals: 'Member' },
      ],
    };

    expect(judgeScope({ id: '1', presence: 'present', attributes }, aConfig({ filters }), aContext())).toEqual({
      inScope: true,
    });
  });
});

describe('judgeScope, who is not touched', () => {
  const exclude = {
    people: ['Duty.Manager@example.com', 'AAAAAAAA-0000-4000-8000-000000000001'],
    phones: [],
    lists: [],
    contacts: [],
  };
  const config = aConfig({ exclude, filters: SALES });

  it.each<[string, ReturnType<typeof aPerson>]>([
    ['by user principal name', aPerson({ userPrincipalName: ' duty.manager@EXAMPLE.com' })],
    ['by object id', aPerson({}, { id: 'aaaaaaaa-0000-4000-8000-000000000001' })],
    [
      'whatever else is true of them',
      aPerson({ userPrincipalName: 'duty.manager@example.com', accountEnabled: false }),
    ],
    [
      'not even when they are deleted',
      aPerson({ userPrincipalName: 'duty.manager@example.com' }, { presence: 'deleted' }),
    ],
  ])('excludes somebody %s, without a cause to remove them', (_name, person) => {
    expect(judgeScope(person, config, aContext())).toEqual({ inScope: false, reason: 'excluded' });
  });

  it('excludes nobody else', () => {
    expect(judgeScope(aPerson({ userPrincipalName: null }), config, aContext())).toEqual({ inScope: true });
  });

  it('makes nobody a leaver whose membership nobody could tell', () => {
    const onCall = aConfig({ filters: { memberOf: ON_CALL } });

    expect(judgeScope(aPerson(), onCall, aContext({ [ON_CALL]: 'unknown' }))).toEqual({
      inScope: false,
      reason: 'service-unavailable',
    });
    expect(judgeScope(aPerson(), onCall, aContext({ [ON_CALL]: true }))).toEqual({ inScope: true });
    expect(judgeScope(aPerson(), onCall, aContext())).toMatchObject({ cause: 'outOfScope' });
  });
});

describe('judgeScope, kinds of people', () => {
  const folder = { mailbox: 'reception@example.com', folder: 'Contacts' };

  it.each([
    ['orgContact', { orgContacts: true, mailboxContacts: [] }, true],
    ['orgContact', { orgContacts: false, mailboxContacts: [folder] }, false],
    ['mailboxContact', { orgContacts: false, mailboxContacts: [folder] }, true],
    ['mailboxContact', { orgContacts: true, mailboxContacts: [] }, false],
    ['user', { orgContacts: false, mailboxContacts: [] }, true],
  ] as const)('takes a person of kind %s under %j: %j', (kind, kinds, inScope) => {
    const person = { ...aPerson({ accountEnabled: null, userType: null }), kind };
    const config = aConfig({ people: { users: { guests: false, disabled: false }, ...kinds } });

    expect(judgeScope(person, config, aContext()).inScope).toBe(inScope);
  });
});

describe('judgeScope, managers', () => {
  const filters: Filter = { attribute: 'manager.department', equals: 'Sales' };

  it.each<[string, object, boolean]>([
    ['whose manager has it', { manager: { department: 'Sales' } }, true],
    ['whose manager has another', { manager: { department: 'HR' } }, false],
    ['who has no manager', {}, false],
  ])('reads an attribute of the manager: somebody %s', (_name, extra, inScope) => {
    const person = { ...aPerson({ manager: null }), ...extra };

    expect(judgeScope(person, aConfig({ filters }), aContext()).inScope).toBe(inScope);
  });

  it('rules nobody out by a manager that a change does not mention, or only by id', () => {
    const config = aConfig({ filters });

    expect(definitelyOutOfScope({ city: 'Perth' }, config, aContext())).toBe(false);
    expect(definitelyOutOfScope({ manager: { id: 'someone' } }, config, aContext())).toBe(false);
    expect(definitelyOutOfScope({ manager: null }, config, aContext())).toBe(true);
  });
});

describe('SCOPE_CHECKS', () => {
  it('say what each of them asks, and of whom it makes a leaver', () => {
    expect(SCOPE_CHECKS.map(({ path, expected, refusal }) => [path, expected, refusal.cause])).toEqual([
      ['exclude.people', 'not excluded', undefined],
      ['presence', 'in the directory', 'deleted'],
      ['people', 'a kind of people that is read', 'outOfScope'],
      ['people.users.disabled', 'an enabled account', 'disabled'],
      ['people.users.guests', 'no guest', 'outOfScope'],
      ['filters', 'the filters hold', 'outOfScope'],
    ]);
  });
});

describe('definitelyOutOfScope', () => {
  const config = aConfig({ filters: { all: [SALES, { attribute: 'accountEnabled', equals: true }] } });

  it.each<[Attributes, boolean]>([
    [{}, false],
    [{ mobilePhone: '+61491570156' }, false],
    [{ department: 'Sales' }, false],
    [{ department: 'HR' }, true],
    [{ department: null }, true],
    [{ accountEnabled: false }, true],
    [{ accountEnabled: null }, false],
    [{ accountEnabled: null, department: 'Sales' }, false],
    [{ userType: 'Guest' }, true],
    [{ userType: null, department: 'Sales', accountEnabled: true }, false],
  ])('judges the entry %j as %j', (attributes, expected) => {
    expect(definitelyOutOfScope(attributes, config, aContext())).toBe(expected);
  });

  it.each<[Filter]>([[{ attribute: 'userType', equals: 'Guest' }], [{ attribute: 'accountEnabled', equals: false }]])(
    'does not take what an entry leaves out for an ordinary member: %j',
    (filters) => {
      const everybody = aConfig({ filters, people: EVERY_USER });

      expect(definitelyOutOfScope({ department: 'Sales' }, everybody, aContext())).toBe(false);
      expect(definitelyOutOfScope({ userType: null, accountEnabled: null }, everybody, aContext())).toBe(true);
    },
  );

  it('agrees with the judgement of every person it rules out', () => {
    const attributes = fc.record(
      {
        department: fc.constantFrom('Sales', 'HR', null),
        accountEnabled: fc.constantFrom(true, false, null),
        userType: fc.constantFrom('Member', 'Guest', null),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(attributes, attributes, (entry, rest) => {
        fc.pre(definitelyOutOfScope(entry, config, aContext()));

        const person = { id: '1', presence: 'present' as const, attributes: { ...rest, ...entry } };

        expect(judgeScope(person, config, aContext()).inScope).toBe(false);
      }),
    );
  });
});
