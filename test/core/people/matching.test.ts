import type { Contact } from '../../../src/core/people/contact.ts';
import { markerOf, matchByNumber, type Match, type OwnerStatus } from '../../../src/core/people/matching.ts';
import { aContact } from '../../support/people.ts';

const NUMBER = '+61491570156';
const OTHER = '+61491570157';

function match(found: readonly Contact[]): Match {
  const status: Record<string, OwnerStatus> = { ME: 'self', colleague: 'active', leaver: 'former' };
  return matchByNumber('me', NUMBER, found, (owner) => status[owner] ?? 'unknown');
}

describe('markerOf', () => {
  it.each([
    ['me', 'me'],
    [' me ', 'me'],
    ['', undefined],
    [' ', undefined],
    [undefined, undefined],
  ])('reads %j as %j', (marker, expected) => {
    expect(markerOf(aContact(marker === undefined ? {} : { marker }))).toBe(expected);
  });

  it('ignores other custom fields', () => {
    const customFields = [{ id: 'field-2', mergeTag: 'email', value: 'ada@example.com' }];

    expect(markerOf(aContact({ customFields }))).toBeUndefined();
  });
});

describe('matchByNumber', () => {
  it('finds none when no contact has the number', () => {
    const mailOnly = aContact({ channels: [{ channelId: NUMBER, type: 'EMAIL' }] });

    expect(match([])).toEqual({ kind: 'none' });
    expect(match([aContact({ number: OTHER, marker: 'me' }), mailOnly])).toEqual({ kind: 'none' });
  });

  it('adopts the one contact that nobody owns', () => {
    const contact = aContact();

    expect(match([contact, aContact({ id: 'contact-2', number: OTHER })])).toEqual({ kind: 'adopt', contact });
  });

  it('finds a number among several, and on WhatsApp', () => {
    const channels = [
      { channelId: OTHER, type: 'SMS' },
      { channelId: NUMBER, type: 'WHATSAPP' },
    ];
    const contact = aContact({ channels });

    expect(match([contact])).toEqual({ kind: 'adopt', contact });
  });

  it.each(['me', 'ME'])('links the contact that is marked as the person’s own by "%s"', (marker) => {
    const contact = aContact({ marker });

    expect(match([contact])).toEqual({ kind: 'link', contact });
  });

  it('links its own contact whoever else has the number', () => {
    const own = aContact({ marker: 'me' });
    const others = [aContact({ id: 'contact-2' }), aContact({ id: 'contact-3', marker: 'colleague' })];

    expect(match([...others, own])).toEqual({ kind: 'link', contact: own });
  });

  it('takes over the contact of somebody who left', () => {
    const contact = aContact({ marker: 'leaver' });

    expect(match([contact])).toEqual({ kind: 'take-over', contact, formerOwner: 'leaver' });
  });

  it.each([
    ['colleague', 'duplicate-phone'],
    ['stranger', 'contact-conflict'],
  ])('leaves the contact of a %s alone: %s', (marker, reason) => {
    expect(match([aContact({ marker })])).toEqual({ kind: 'refuse', reason, contactIds: ['contact-1'] });
  });

  it.each([
    ['nobody', {}],
    ['the person', { marker: 'me' }],
    ['a leaver', { marker: 'leaver' }],
  ])('refuses to choose between two contacts of %s', (_name, owner) => {
    expect(match([aContact(owner), aContact({ id: 'contact-2', ...owner })])).toEqual({
      kind: 'refuse',
      reason: 'contact-conflict',
      contactIds: ['contact-1', 'contact-2'],
    });
  });
});
