import { heedOptOuts, openNumbersOf, optOutsOf } from '../../../src/core/consent/contact-channels.ts';
import { changesFor, consentKey } from '../../../src/core/consent/consent-rows.ts';
import { ratchet } from '../../../src/core/consent/opt-out.ts';
import type { Consent, OptOut } from '../../../src/core/consent/opt-out.ts';
import { EVENT_TEMPLATE, readOptOutEvent } from '../../../src/core/consent/read-event.ts';
import { createTestDigest } from '../../support/test-digest.ts';
import { mobile } from '../../support/story-people.ts';

const digest = createTestDigest();

function anOptOut(changes: Partial<OptOut> = {}): OptOut {
  return { phone: mobile(1), source: 'webhook', at: 1_000, evidence: { event: 'e-1' }, ...changes };
}

describe('ratchet', () => {
  it('keeps the first word of an opt-out, whatever is said after it', () => {
    const later = [anOptOut({ source: 'contact', at: 2_000 }), anOptOut({ source: 'blocked-list', at: 500 })];

    const standing = later.reduce<Consent>(ratchet, ratchet(undefined, anOptOut()));

    expect(standing).toEqual({ state: 'opted-out', source: 'webhook', since: 1_000, evidence: { event: 'e-1' } });
  });
});

describe('changesFor', () => {
  it('inserts the state, its evidence and an errand, none of them with the number in its key', () => {
    const changes = changesFor(anOptOut(), undefined, digest);

    expect(changes.map(({ kind }) => kind)).toEqual(['insert', 'insert', 'put']);
    const keys = changes.map((change) => (change.kind === 'delete' ? '' : change.row.key));
    expect(keys[0]).toBe(consentKey.state(digest.pseudonym(mobile(1))));
    expect(keys.join()).not.toContain('450');
  });

  it('adds evidence to a number that opted out before, and leaves its state alone', () => {
    const standing = ratchet(undefined, anOptOut());

    const changes = changesFor(anOptOut({ evidence: { event: 'e-2' } }), standing, digest);

    expect(changes.map(({ kind }) => kind)).toEqual(['insert', 'put']);
  });

  it('has one key for one piece of evidence, whenever it is entered', () => {
    const keysOf = (optOut: OptOut) =>
      changesFor(optOut, undefined, digest).map((change) => (change.kind === 'delete' ? '' : change.row.key));

    expect(keysOf(anOptOut({ at: 5 }))).toEqual(keysOf(anOptOut()));
    expect(keysOf(anOptOut({ evidence: { event: 'e-2' } }))[1]).not.toBe(keysOf(anOptOut())[1]);
  });
});

describe('channels of a contact', () => {
  const contact = {
    id: 'contact-1',
    channels: [
      { type: 'SMS', channelId: mobile(1), subscriptionState: 'UNSUBSCRIBED' },
      { type: 'WHATSAPP', channelId: mobile(1), subscriptionState: 'UNSUBSCRIBED' },
      { type: 'WHATSAPP', channelId: mobile(2), subscriptionState: 'SUBSCRIBED' },
      { type: 'SMS', channelId: mobile(3) },
      { type: 'EMAIL', channelId: 'somebody@example.com', subscriptionState: 'UNSUBSCRIBED' },
    ],
  } as const;

  it('tell the numbers that are unsubscribed, each once, and no address', () => {
    expect(optOutsOf(contact, 7)).toEqual([
      { phone: mobile(1), source: 'contact', at: 7, evidence: { contactId: 'contact-1' } },
    ]);
  });

  it('tell the numbers that are open: those that say so, and those that say nothing', () => {
    expect(openNumbersOf(contact)).toEqual([mobile(2), mobile(3)]);
  });

  it('are written as unsubscribed on every kind of channel of a number that opted out, and on no other', () => {
    const channels = [
      { type: 'SMS', channelId: mobile(1) },
      { type: 'WHATSAPP', channelId: mobile(1) },
      { type: 'SMS', channelId: mobile(2) },
    ] as const;

    expect(heedOptOuts(channels, (phone) => phone === mobile(1))).toEqual([
      { type: 'SMS', channelId: mobile(1), subscriptionState: 'UNSUBSCRIBED' },
      { type: 'WHATSAPP', channelId: mobile(1), subscriptionState: 'UNSUBSCRIBED' },
      { type: 'SMS', channelId: mobile(2) },
    ]);
  });
});

describe('readOptOutEvent', () => {
  const event = {
    event: 'opt-out',
    source_number: mobile(1),
    notification_id: 'n-1',
    message_id: 'm-1',
    account_id: 'A',
  };
  const read = (changes: object): OptOut | undefined =>
    readOptOutEvent(JSON.stringify({ ...event, ...changes }), 'hash', 9);

  it('reads the number and the ids that let somebody find the event again', () => {
    expect(read({})).toEqual({
      phone: mobile(1),
      source: 'webhook',
      at: 9,
      evidence: { event: 'hash', notificationId: 'n-1', messageId: 'm-1' },
    });
  });

  it('does without ids that are missing, empty, or names that the platform did not fill in', () => {
    expect(read({ notification_id: '$notificationId', message_id: '' })?.evidence).toEqual({ event: 'hash' });
    expect(read({ notification_id: undefined, message_id: undefined })?.evidence).toEqual({ event: 'hash' });
  });

  it('adds the plus sign that some of the numbers come without', () => {
    expect(read({ source_number: mobile(1).slice(1) })?.phone).toBe(mobile(1));
  });

  it.each([
    ['another event', { event: 'reply' }],
    ['no number', { source_number: undefined }],
    ['a name for a number', { source_number: '$sourceAddress' }],
    ['a number as a number', { source_number: 61_450_000_001 }],
  ])('does not read %s', (_what, changes) => {
    expect(read(changes)).toBeUndefined();
  });

  it('does not read what is no JSON', () => {
    expect(readOptOutEvent('event=opt-out', 'hash', 9)).toBeUndefined();
  });

  it('reads what our own template makes of an event', () => {
    const filled = EVENT_TEMPLATE.replace('$sourceAddress', mobile(4)).replaceAll(/\$!?\w+/g, 'x');

    expect(readOptOutEvent(filled, 'hash', 9)?.phone).toBe(mobile(4));
  });

  it('asks for nothing that somebody wrote', () => {
    expect(EVENT_TEMPLATE).not.toMatch(/content/i);
  });
});
