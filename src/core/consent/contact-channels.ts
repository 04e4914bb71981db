import type { Channel, Contact, ContactWrite } from '../people/contact.ts';
import type { OptOut } from './opt-out.ts';

type WriteChannel = NonNullable<ContactWrite['channels']>[number];

/** Channels whose id is a number; the others carry names and addresses. */
function isNumbered({ type }: Pick<Channel, 'type'>): boolean {
  return type === 'SMS' || type === 'WHATSAPP';
}

/** The numbers that a contact shows as unsubscribed, each once. */
export function optOutsOf({ id, channels }: Pick<Contact, 'id' | 'channels'>, at: number): readonly OptOut[] {
  const unsubscribed = channels.filter((one) => isNumbered(one) && one.subscriptionState === 'UNSUBSCRIBED');
  return [...new Set(unsubscribed.map(({ channelId }) => channelId))].map((phone) => ({
    phone,
    source: 'contact',
    at,
    evidence: { contactId: id },
  }));
}

/** The numbers of a contact that may be texted as far as it shows. */
export function openNumbersOf({ channels }: Pick<Contact, 'channels'>): readonly string[] {
  const open = channels.filter((one) => isNumbered(one) && one.subscriptionState !== 'UNSUBSCRIBED');
  return [...new Set(open.map(({ channelId }) => channelId))];
}

/** Channels as they may be written: numbers that opted out are unsubscribed, on every kind of channel. */
export function heedOptOuts(
  channels: readonly WriteChannel[],
  isOptedOut: (phone: string) => boolean,
): readonly WriteChannel[] {
  return channels.map((channel) =>
    isOptedOut(channel.channelId) ? { ...channel, subscriptionState: 'UNSUBSCRIBED' } : channel,
  );
}
