import type { Contact } from '../../../src/core/people/contact.ts';
import { driftOf } from '../../../src/core/plan/drift.ts';
import { aConfig, aRule } from '../../support/people.ts';
import { aLink } from '../../support/plan.ts';

const OURS = '+61491570156';
const THEIRS = '+61491570157';

/** The contact as its link says. */
function aContact(changes: Partial<Contact> = {}): Contact {
  return {
    id: 'contact-1',
    accountId: 'account-1',
    firstName: 'Ada',
    lastName: '',
    alias: '',
    country: '',
    state: '',
    location: '',
    note: '',
    channels: [{ type: 'SMS', channelId: OURS }],
    customFields: [],
    lists: [{ id: 'list-1', name: 'Sales' }],
    ...changes,
  };
}

const channel = (channelId: string, type = 'SMS') => ({ type, channelId });

describe('driftOf', () => {
  it('finds nothing in a contact that is as it was left, whatever is outside the mapping', () => {
    const contact = aContact({
      note: 'by hand',
      firstName: ' Ada ',
      channels: [channel(THEIRS), channel(OURS)],
      lists: [
        { id: 'list-9', name: 'By hand' },
        { id: 'list-1', name: 'Renamed' },
      ],
    });

    expect(driftOf(contact, aLink(), aConfig())).toBeUndefined();
  });

  it('finds values that were changed or cleared, of fields that the base knows', () => {
    const link = aLink({ fields: { firstName: 'Ada', lastName: 'Example', 'custom:email': 'ada@example.com' } });
    const contact = aContact({ firstName: 'Eve', lastName: 'Example' });

    expect(driftOf(contact, link, aConfig())).toEqual({ fields: { firstName: 'Eve', 'custom:email': '' }, lists: [] });
  });

  it.each([
    [[channel(THEIRS)], THEIRS],
    [[channel(THEIRS), channel('+61491570158')], ''],
    [[channel(OURS, 'WHATSAPP')], ''],
  ])('finds the number that stands in place of ours: %j', (channels, phone) => {
    expect(driftOf(aContact({ channels }), aLink(), aConfig())).toEqual({ fields: {}, phone, lists: [] });
  });

  it('finds a WhatsApp number in place of ours, and not one beside it', () => {
    const config = aConfig({ mapping: [...aConfig().mapping, aRule('whatsapp_number', { from: 'mobilePhone' })] });
    const link = aLink({ fields: { whatsapp: OURS } });
    const sms = channel(OURS);

    const beside = aContact({ channels: [sms, channel(THEIRS, 'WHATSAPP'), channel(OURS, 'WHATSAPP')] });
    expect(driftOf(beside, link, config)).toBeUndefined();
    const instead = aContact({ channels: [sms, channel(THEIRS, 'WHATSAPP')] });
    expect(driftOf(instead, link, config)?.fields).toEqual({ whatsapp: THEIRS });
    expect(driftOf(aContact({ channels: [sms] }), link, config)?.fields).toEqual({ whatsapp: '' });
  });

  it('finds lists of ours that the contact was taken off, not those that it was on before or that are excluded', () => {
    const lists = {
      sales: { id: 'list-1', name: 'Sales' },
      board: { id: 'list-2', name: 'Board' },
      club: { id: 'list-3', name: 'Club', byHand: true as const },
    };
    const exclude = { ...aConfig().exclude, lists: ['Board'] };

    const drift = driftOf(aContact({ lists: [] }), aLink({ lists }), aConfig({ exclude }));

    expect(drift).toEqual({ fields: {}, lists: ['sales'] });
  });

  it('leaves fields alone that are filled only once', () => {
    const mapping = [
      aRule('phone_number', { from: 'mobilePhone' }),
      aRule('contact_name', { from: 'displayName' }),
      aRule('first_name', { from: 'givenName', apply: 'on-create' }),
      aRule('note', { from: 'jobTitle', apply: 'on-create' }),
    ];
    const link = aLink({ fields: { firstName: 'Ada', lastName: 'Example', note: 'x', alias: 'not mapped any more' } });

    const drift = driftOf(aContact({ firstName: 'Eve', lastName: 'Other' }), link, aConfig({ mapping }));

    expect(drift?.fields).toEqual({ lastName: 'Other' });
  });
});
