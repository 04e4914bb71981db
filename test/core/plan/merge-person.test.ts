import { fieldPolicies } from '../../../src/core/config/field-policies.ts';
import type { Drifting } from '../../../src/core/config/sync-config.ts';
import type { Wanted } from '../../../src/core/plan/diff-person.ts';
import type { Drift } from '../../../src/core/plan/drift.ts';
import { mergePerson } from '../../../src/core/plan/merge-person.ts';
import { aConfig, aRule } from '../../support/people.ts';
import { aLink, aList } from '../../support/plan.ts';

function aWanted(changes: Partial<Wanted> = {}): Wanted {
  const { phone, phoneKey } = aLink();
  return { phone, phoneKey, fields: { firstName: 'Ada' }, onCreate: [], lists: [aList('Sales')], ...changes };
}

function merged(drift: Partial<Drift>, wanted = aWanted(), rule: Drifting = 'repair') {
  const policies = fieldPolicies(aConfig({ drift: rule }));
  return mergePerson(wanted, aLink(), { fields: {}, lists: [], ...drift }, policies);
}

describe('mergePerson', () => {
  it('takes the contact for the base where the directory wants something else', () => {
    const { wanted, link } = merged({ fields: { firstName: 'Eve' } });

    expect(wanted.fields).toEqual({ firstName: 'Ada' });
    expect(link.fields).toEqual({ firstName: 'Eve' });
  });

  it('leaves a value alone that the directory says nothing about, or that no rule fills', () => {
    expect(merged({ fields: { firstName: 'Eve' } }, aWanted({ fields: {} }))).toMatchObject({
      wanted: { fields: {} },
      link: { fields: { firstName: 'Ada' } },
      reported: [],
    });
    expect(merged({ fields: { alias: 'x' } }, aWanted({ fields: { alias: 'y' } })).link.fields).toEqual({
      firstName: 'Ada',
    });
  });

  it('treats the WhatsApp number as a value', () => {
    const mapping = [...aConfig().mapping, aRule('whatsapp_number', { from: 'mobilePhone' })];
    const wanted = aWanted({ fields: { whatsapp: '+61491570156' } });
    const drift = { fields: { whatsapp: '+61491570157' }, lists: [] };

    const { link } = mergePerson(wanted, aLink(), drift, fieldPolicies(aConfig({ mapping })));

    expect(link.fields['whatsapp']).toBe('+61491570157');
  });

  it('tells a value that is to be left alone, and asks for nothing', () => {
    const { wanted, link, reported } = merged({ fields: { firstName: 'Eve' } }, aWanted(), 'report');

    expect(wanted.fields).toEqual({});
    expect(link).toEqual(aLink());
    expect(reported).toEqual([{ field: 'firstName', before: 'Eve', after: 'Ada' }]);
  });

  it('gives the base what both sides have', () => {
    const { wanted, agreed } = merged({ fields: { firstName: 'Eve' } }, aWanted({ fields: { firstName: 'Eve' } }));

    expect(wanted.fields).toEqual({});
    expect(agreed).toEqual({ firstName: 'Eve' });
  });

  it('has the number in place of ours make room, or leaves it and keeps the claim on ours', () => {
    const phone = '+61491570157';

    expect(merged({ phone })).toMatchObject({ strayPhone: phone, wanted: { phone: aLink().phone } });
    expect(merged({ phone: '' }).strayPhone).toBe('');
    const left = merged({ phone }, aWanted(), 'report');
    expect(left.strayPhone).toBeUndefined();
    expect(left.reported).toEqual([{ field: 'phone', before: phone, after: aLink().phone }]);
  });

  it('finds nothing to write where the directory has the contact’s number by now', () => {
    const wanted = aWanted({ phone: '+61491570157', phoneKey: 'key' });

    const { strayPhone, wanted: still } = merged({ phone: wanted.phone }, wanted);

    expect(strayPhone).toBeUndefined();
    expect(still.phone).toBe(wanted.phone);
  });

  it('leaves a number alone that no rule keeps', () => {
    const policies = fieldPolicies(aConfig({ mapping: [aRule('group', { from: 'department' })] }));

    const { wanted, strayPhone } = mergePerson(aWanted(), aLink(), { fields: {}, phone: 'x', lists: [] }, policies);

    expect(wanted.phone).toBe(aLink().phone);
    expect(strayPhone).toBeUndefined();
  });

  it('puts the contact on its lists again, tells it, or lets it be where the person belongs on them no more', () => {
    const lists = ['sales', 'unknown'];

    expect(merged({ lists })).toMatchObject({ rejoins: ['sales'], link: { lists: {} }, reported: [] });
    expect(merged({ lists }, aWanted(), 'report')).toMatchObject({
      rejoins: [],
      link: { lists: aLink().lists },
      reported: [{ field: 'group', before: '', after: 'Sales' }],
    });
    expect(merged({ lists }, aWanted({ lists: [] }))).toMatchObject({ rejoins: [], link: { lists: {} } });
  });
});
