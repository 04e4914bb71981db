import type { SyncConfig } from '../../../src/core/config/sync-config.ts';
import type { Attributes, Person } from '../../../src/core/people/person.ts';
import { listKey } from '../../../src/core/people/list-names.ts';
import type { Link } from '../../../src/core/plan/link.ts';
import { addedAttributes, impactOf } from '../../../src/core/run/impact.ts';
import type { Impact, Seen } from '../../../src/core/run/impact.ts';
import { aConfig, aRule } from '../../support/people.ts';
import { createTestDigest } from '../../support/test-digest.ts';
import { mobile } from '../../support/story-people.ts';

const GROUP = '7a000000-0000-4000-8000-000000000001';
const digest = createTestDigest();
const SALES = { name: 'Sales', id: 'list-1' };

function personWith(attributes: Attributes, changes: Partial<Person> = {}): Person {
  const whole = { givenName: 'Robin', surname: 'Example', department: 'Sales', usageLocation: 'AU', ...attributes };
  return { id: 'person-1', presence: 'present', attributes: { mobilePhone: mobile(1), ...whole }, ...changes };
}

function aLink(changes: Partial<Link> = {}): Link {
  return {
    contactId: 'contact-1',
    created: true,
    phone: mobile(1),
    phoneKey: digest.pseudonym(mobile(1)),
    fields: { firstName: 'Robin', lastName: 'Example' },
    lists: { [listKey('Sales')]: SALES },
    ...changes,
  };
}

const BASE = aConfig({
  mapping: [
    aRule('contact_name', { from: 'displayName' }),
    aRule('phone_number', { from: 'mobilePhone' }),
    aRule('group', { from: 'department' }),
  ],
  filters: { attribute: 'department', in: ['Sales', 'Support'] },
});
const changed = (changes: Partial<SyncConfig>): SyncConfig => ({ ...BASE, ...changes });

function impact(current: SyncConfig, seen: Partial<Seen> = {}, former: SyncConfig = BASE): Impact | undefined {
  const whole: Seen = { before: personWith({}), now: personWith({}), link: aLink(), groups: [], ...seen };
  const added = addedAttributes(former, current);
  const knownLists = { [listKey('Sales')]: 'list-1' };
  return impactOf(whole, { former, current, added, now: 0, digest, knownLists });
}

const ONLY_SUPPORT = changed({ filters: { attribute: 'department', equals: 'Support' } });
const EVERYBODY = changed({ filters: { all: [] } });
const BY_GROUP = changed({ filters: { memberOf: GROUP } });
const WITH_NOTE = changed({
  mapping: [...BASE.mapping, aRule('note', { from: 'jobTitle' })],
});

describe('impactOf', () => {
  it.each<[string, SyncConfig, Partial<Seen>, Impact | undefined]>([
    ['nobody for whom both mean the same', EVERYBODY, {}, undefined],
    ['somebody linked whom the new filter leaves out', ONLY_SUPPORT, {}, 'leaving'],
    ['nobody who is left out and has no contact', ONLY_SUPPORT, { link: undefined }, undefined],
    [
      'nobody who has left already',
      ONLY_SUPPORT,
      { link: aLink({ left: { cause: 'outOfScope', action: 'keep', at: 1 } }) },
      undefined,
    ],
    [
      'somebody whom only the new filter takes',
      EVERYBODY,
      { before: personWith({ department: 'Finance' }), link: undefined },
      'entering',
    ],
    [
      'a leaver whom the new filter takes back',
      EVERYBODY,
      {
        before: personWith({ department: 'Finance' }),
        link: aLink({ left: { cause: 'outOfScope', action: 'keep', at: 1 } }),
      },
      'entering',
    ],
    [
      'somebody never seen whom only the new filter takes',
      EVERYBODY,
      { before: undefined, now: personWith({ department: 'Finance' }), link: undefined },
      'entering',
    ],
    [
      'no joiner, whom the former filter would have taken as well',
      EVERYBODY,
      { before: undefined, link: undefined },
      undefined,
    ],
    [
      'nobody whom the directory moved meanwhile',
      ONLY_SUPPORT,
      { before: personWith({ department: 'Support' }), now: personWith({}), link: aLink({ lists: {} }) },
      undefined,
    ],
    [
      'somebody who gets a value that nobody asked for before',
      WITH_NOTE,
      { now: personWith({ jobTitle: 'Baker', surname: 'Renamed' }) },
      'rewritten',
    ],
    ['nobody without that value', WITH_NOTE, { now: personWith({ surname: 'Renamed' }) }, undefined],
    ['somebody who is not in the group that the new filter asks for', BY_GROUP, {}, 'leaving'],
  ])('concerns %s', (_what, current, seen, expected) => {
    expect(impact(current, seen)).toBe(expected);
  });

  it('tells nothing where a change waited before, and is the same after', () => {
    const waiting = aLink({ fields: { firstName: 'Rob', lastName: 'Example' } });

    expect(impact(EVERYBODY, { link: waiting })).toBeUndefined();
  });

  it('takes somebody with a contact for wanted before when nobody can tell any more', () => {
    // The former filter asked for a group that is not read any more.
    expect(impact(ONLY_SUPPORT, {}, BY_GROUP)).toBe('leaving');
    expect(impact(EVERYBODY, { link: undefined }, BY_GROUP)).toBe('entering');
  });

  it('tells of a change of fields although the former configuration cannot be asked', () => {
    const former = aLink({ fields: { firstName: 'Rob' } });

    expect(impact(EVERYBODY, { link: former }, BY_GROUP)).toBe('rewritten');
    expect(impact(EVERYBODY, {}, BY_GROUP)).toBeUndefined();
  });

  it('takes the manager of now when nobody asked for managers before', () => {
    const current = changed({
      mapping: [...BASE.mapping, aRule('note', { from: 'manager.displayName' })],
    });
    const now = personWith({ manager: { id: 'person-2' } }, { manager: { displayName: 'Kim Example' } });

    expect(impact(current, { now })).toBe('rewritten');
    expect(impact(current, { now: personWith({ manager: null }) })).toBeUndefined();
    expect(impact(current, { before: now, now }, current)).toBe(undefined);
  });
});

describe('addedAttributes', () => {
  it('is what the new configuration asks for and the former one did not', () => {
    expect([...addedAttributes(BASE, WITH_NOTE)]).toEqual(['jobTitle']);
    expect([...addedAttributes(WITH_NOTE, BASE)]).toEqual([]);
  });
});
