import type { Drifting, SyncConfig } from '../../../src/core/config/sync-config.ts';
import type { AttributeValue } from '../../../src/core/people/person.ts';
import type { Wanted } from '../../../src/core/plan/diff-person.ts';
import type { Drift } from '../../../src/core/plan/drift.ts';
import { GONE } from '../../../src/core/plan/drift.ts';
import type { Link } from '../../../src/core/plan/link.ts';
import { adoptMerged } from '../../../src/core/plan/adopt-merged.ts';
import { updateLinked } from '../../../src/core/plan/update-linked.ts';
import { aContext } from '../people/mapping-context.ts';
import { aConfig, aPerson, aRule } from '../../support/people.ts';
import { aLink, aList } from '../../support/plan.ts';

const context = aContext();
const THEIRS = '+61491570157';
const KNOWN = { sales: 'list-1' };

function aWanted(changes: Partial<Wanted> = {}): Wanted {
  const { phone, phoneKey } = aLink();
  return { phone, phoneKey, fields: { firstName: 'Ada' }, onCreate: [], lists: [aList('Sales')], ...changes };
}

interface Changes {
  readonly drift?: Partial<Drift>;
  readonly wanted?: Wanted;
  readonly link?: Link;
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  readonly invalid?: readonly { readonly field: string; readonly limit: string }[];
}

function update(
  { drift, wanted = aWanted(), link = aLink(), attributes = {}, invalid = [] }: Changes,
  config: SyncConfig,
) {
  const whole = drift === undefined ? undefined : { fields: {}, lists: [], ...drift };
  const linked = { person: aPerson(attributes), wanted, link, drift: whole, invalid, doubt: false };
  return updateLinked(linked, { config, known: KNOWN, context });
}

describe('updateLinked, one way', () => {
  const oneWay = (changes: Changes, drift: Drifting = 'repair') => update(changes, aConfig({ drift }));

  it('asks for what the directory asks for where nobody looked at the contact', () => {
    const wanted = aWanted({ fields: { firstName: 'Eve' } });

    expect(oneWay({ wanted })).toMatchObject({
      kind: 'update',
      fields: [{ field: 'firstName', before: 'Ada', after: 'Eve' }],
    });
    expect(oneWay({})).toMatchObject({ kind: 'none' });
  });

  it('writes a value again that somebody changed', () => {
    const { kind, fields, repair } = oneWay({ drift: { fields: { firstName: 'Eve' } } });

    expect([kind, repair]).toEqual(['update', true]);
    expect(fields).toEqual([{ field: 'firstName', before: 'Eve', after: 'Ada' }]);
  });

  it('leaves a value alone that the directory says nothing about, or that no rule fills', () => {
    expect(oneWay({ drift: { fields: { firstName: 'Eve' } }, wanted: aWanted({ fields: {} }) }).kind).toBe('none');
    const alias = { drift: { fields: { alias: 'x' } }, wanted: aWanted({ fields: { alias: 'y' } }) };
    expect(oneWay({ ...alias, link: aLink({ fields: { alias: 'y' } }) }).kind).toBe('none');
  });

  it('tells a value that is to be left alone, and asks for nothing', () => {
    expect(oneWay({ drift: { fields: { firstName: 'Eve' } } }, 'report')).toMatchObject({
      kind: 'none',
      reported: [{ field: 'firstName', before: 'Eve', after: 'Ada' }],
    });
  });

  it('gives the base what both sides have', () => {
    const wanted = aWanted({ fields: { firstName: 'Eve' } });

    expect(oneWay({ drift: { fields: { firstName: 'Eve' } }, wanted })).toMatchObject({
      kind: 'none',
      unchanged: { firstName: 'Eve' },
    });
  });

  it('has the number in place of ours make room, or leaves it and keeps the claim on ours', () => {
    const fields = [{ field: 'phone', before: THEIRS, after: aLink().phone }];

    expect(oneWay({ drift: { phone: THEIRS } })).toMatchObject({ kind: 'update', fields, strayPhone: THEIRS });
    const none = oneWay({ drift: { phone: '' } });
    expect(none.fields).toEqual([{ field: 'phone', before: '', after: aLink().phone }]);
    expect(none.strayPhone).toBeUndefined();
    const left = oneWay({ drift: { phone: THEIRS } }, 'report');
    expect(left).toMatchObject({ kind: 'none', reported: fields, phoneKey: aLink().phoneKey });
  });

  it('moves on to the number that both sides have', () => {
    const wanted = aWanted({ phone: THEIRS, phoneKey: 'theirs' });

    const { fields, strayPhone } = oneWay({ drift: { phone: THEIRS }, wanted });

    expect(fields).toEqual([{ field: 'phone', before: aLink().phone, after: THEIRS }]);
    expect(strayPhone).toBeUndefined();
  });

  it('puts the contact on its lists again, tells it, or lets it be where the person belongs on them no more', () => {
    const lists = ['sales', 'unknown'];

    expect(oneWay({ drift: { lists } })).toMatchObject({
      kind: 'move',
      rejoins: ['sales'],
      lists: { add: [aList('Sales')] },
    });
    expect(oneWay({ drift: { lists } }, 'report')).toMatchObject({
      kind: 'none',
      reported: [{ field: 'group', before: '', after: 'Sales' }],
    });
    expect(oneWay({ drift: { lists }, wanted: aWanted({ lists: [] }) })).toMatchObject({ kind: 'none' });
  });

  it('has a contact made anew that is gone', () => {
    expect(oneWay({ drift: GONE })).toMatchObject({ kind: 'update', gone: true, repair: true, doubt: true });
  });
});

describe('updateLinked, both ways', () => {
  const config = aConfig({
    direction: 'bidirectional',
    mapping: [
      aRule('contact_name', { from: 'displayName' }),
      aRule('phone_number', { from: 'mobilePhone', owner: 'either' }),
      aRule('alias', { from: 'jobTitle', owner: 'messaging', when: { attribute: 'city', notEquals: 'Nowhere' } }),
      aRule('note', { from: 'companyName', owner: 'either', conflict: 'report' }),
      aRule('group', { from: 'department' }),
    ],
  });
  const link = aLink({ fields: { firstName: 'Ada', alias: 'Chief', note: 'Acme' } });
  const wanted = aWanted({ fields: { firstName: 'Ada', alias: 'Chief', note: 'Acme' } });
  const twoWay = (changes: Changes) => update({ link, wanted, ...changes }, config);

  it('writes to the directory what changed in the contact, and to the contact what changed in the directory', () => {
    const operation = twoWay({
      drift: { fields: { alias: 'Boss' } },
      wanted: { ...wanted, fields: { ...wanted.fields, note: 'Ajax' } },
    });

    expect(operation).toMatchObject({
      kind: 'update',
      fields: [
        { field: 'note', before: 'Acme', after: 'Ajax' },
        { field: 'alias', before: 'Chief', after: 'Boss', to: 'directory' },
      ],
      writes: [{ path: 'jobTitle', value: 'Boss', fields: ['alias'] }],
      turns: ['alias', 'note'],
    });
  });

  it('writes the contact’s value again where the directory does not own it', () => {
    const changed = { ...wanted, fields: { ...wanted.fields, alias: 'Boss' } };

    expect(twoWay({ wanted: changed })).toMatchObject({
      kind: 'pull',
      fields: [{ field: 'alias', before: 'Boss', after: 'Chief', to: 'directory' }],
    });
  });

  it('takes the contact’s number for the one to hold', () => {
    const operation = twoWay({ drift: { phone: THEIRS } });

    expect(operation).toMatchObject({ kind: 'pull', phone: THEIRS, phoneKey: context.digest.pseudonym(THEIRS) });
    expect(operation.strayPhone).toBeUndefined();
  });

  it('lets nobody be without a number for whom the directory has none', () => {
    const without = { ...wanted, directoryPhone: '' };

    expect(twoWay({ wanted: without })).toMatchObject({ kind: 'none', phone: link.phone });
  });

  it('tells a conflict and leaves it alone', () => {
    const changed = { ...wanted, fields: { ...wanted.fields, note: 'Ajax' } };

    expect(twoWay({ wanted: changed, drift: { fields: { note: 'Apex' } } })).toMatchObject({
      kind: 'none',
      reported: [{ field: 'note', before: 'Apex', after: 'Ajax' }],
    });
  });

  it('leaves fields alone that cannot be read, or whose rule does not count for the person', () => {
    const drift = { fields: { alias: 'Boss', note: 'Apex' } };
    const without = { ...wanted, fields: { firstName: 'Ada' } };

    expect(
      twoWay({ wanted: without, drift, attributes: { city: 'Nowhere' }, invalid: [{ field: 'note', limit: 'x' }] })
        .writes,
    ).toBeUndefined();
  });

  it('tells what a directory on-premises keeps, and what it could not hold', () => {
    const drift = { fields: { alias: 'Boss' } };

    expect(twoWay({ drift, attributes: { onPremisesSyncEnabled: true } })).toMatchObject({
      kind: 'none',
      elsewhere: ['alias'],
      reported: [{ field: 'alias', before: 'Boss', after: 'Chief' }],
    });
    expect(twoWay({ drift: { fields: { note: 'x'.repeat(65) } } })).toMatchObject({
      kind: 'none',
      invalid: [{ field: 'note' }],
    });
  });

  it('tells what would be written to somebody who is no user, and writes nothing', () => {
    const person = { ...aPerson(), kind: 'orgContact' as const };
    const linked = { person, wanted, link, drift: { fields: { alias: 'Boss' }, lists: [] }, invalid: [], doubt: false };

    const operation = updateLinked(linked, { config, known: KNOWN, context });

    expect(operation).toMatchObject({ kind: 'none', reported: [{ field: 'alias', before: 'Boss', after: 'Chief' }] });
    expect(operation.elsewhere).toBeUndefined();
  });

  it('leaves a field alone that was written too often, and says until when', () => {
    const times = Array<number>(5).fill(context.now - 1);
    const memory = { writes: {}, turns: { alias: times } };

    expect(twoWay({ link: { ...link, memory }, drift: { fields: { alias: 'Boss', note: 'Apex' } } })).toMatchObject({
      kind: 'pull',
      fields: [{ field: 'note' }],
      reported: [{ field: 'alias' }],
      frozenUntil: context.now - 1 + 86_400_000,
    });
  });

  it('tells as empty what the contact never had', () => {
    const memory = { writes: {}, turns: { note: Array<number>(5).fill(context.now) } };
    const never = { ...link, fields: { firstName: 'Ada', alias: 'Chief' }, memory };

    expect(twoWay({ link: never }).reported).toEqual([{ field: 'note', before: '', after: 'Acme' }]);
  });

  it('takes a contact that is gone for one that was as it was left', () => {
    const changed = { ...wanted, fields: { firstName: 'Eve', alias: 'Boss', note: 'Ajax' } };

    const { fields, kind, gone } = twoWay({ wanted: changed, drift: GONE });

    expect([kind, gone]).toEqual(['update', true]);
    expect(fields).toEqual([
      { field: 'firstName', before: 'Ada', after: 'Eve' },
      { field: 'note', before: 'Acme', after: 'Ajax' },
      { field: 'alias', before: 'Boss', after: 'Chief', to: 'directory' },
    ]);
  });

  it('fills either side from the other when a contact is taken over', () => {
    const found = {
      contactId: 'contact-9',
      current: { firstName: 'Percy', alias: 'Boss', note: 'Apex' },
      lists: [],
      isOurs: false,
    };
    const { fields: _none, ...rest } = wanted;
    const mapped = {
      person: aPerson({ jobTitle: 'Chief' }),
      wanted: { ...rest, fields: { firstName: 'Ada', alias: 'Chief', note: 'Acme' } },
      invalid: [],
    };

    const operation = adoptMerged(mapped, found, { config, known: KNOWN, context });

    expect(operation).toMatchObject({
      kind: 'adopt',
      fields: [
        { field: 'firstName', before: 'Percy', after: 'Ada' },
        { field: 'alias', before: 'Chief', after: 'Boss', to: 'directory' },
      ],
      reported: [{ field: 'note', before: 'Apex', after: 'Acme' }],
      overwrites: true,
    });
    const same = { ...found, current: { firstName: 'Ada', alias: 'Chief', note: 'Acme' } };
    expect(adoptMerged(mapped, same, { config, known: KNOWN, context })).toMatchObject({
      fields: [],
      unchanged: { firstName: 'Ada', alias: 'Chief', note: 'Acme' },
      overwrites: false,
    });
    const oneWay = adoptMerged(mapped, found, { config: aConfig(), known: KNOWN, context });
    expect(oneWay.fields).toHaveLength(3);
  });
});
