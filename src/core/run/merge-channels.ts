import type { Contact, ContactWrite } from '../people/contact.ts';

export type WriteChannel = NonNullable<ContactWrite['channels']>[number];

function isWritable(type: string): type is WriteChannel['type'] {
  return type === 'SMS' || type === 'WHATSAPP';
}

/** A contact with a channel that cannot be written back would lose it to a PATCH that replaces. */
export function hasUnwritableChannel(contact: Contact): boolean {
  return contact.channels.some((channel) => !isWritable(channel.type));
}

/** All channels of the contact as a write may send them: never SUBSCRIBED, an opt-out kept. */
export function writableChannels(contact: Contact): readonly WriteChannel[] {
  return contact.channels.flatMap(({ type, channelId, subscriptionState }) =>
    isWritable(type)
      ? [{ type, channelId, ...(subscriptionState === 'UNSUBSCRIBED' ? { subscriptionState } : {}) }]
      : [],
  );
}

/** What the channels of a contact become: E.164 numbers; `formerPhones` are the person's own and go. */
export interface ChannelChange {
  readonly phone: string;
  readonly formerPhones: ReadonlySet<string>;
  readonly formerWhatsApp: string | undefined;
  /** Undefined leaves the channel alone, `''` takes it away. */
  readonly whatsApp: string | undefined;
}

/** The channels with the person's numbers in place of those they had; undefined when the contact has them already. */
export function mergeChannels(contact: Contact, change: ChannelChange): readonly WriteChannel[] | undefined {
  const channels = writableChannels(contact);
  const merged = withWhatsApp(withPhone(channels, change), change.formerWhatsApp, change.whatsApp);
  const isSame = merged.length === channels.length && merged.every((channel, at) => channel === channels[at]);
  return isSame ? undefined : merged;
}

function withPhone(channels: readonly WriteChannel[], change: ChannelChange): readonly WriteChannel[] {
  const { phone, formerPhones } = change;
  const kept = channels.filter(({ type, channelId }) => type !== 'SMS' || !formerPhones.has(channelId));
  return kept.some(isOn('SMS', phone)) ? kept : [...kept, { type: 'SMS', channelId: phone }];
}

/** `''` takes the channel away that was ours; one that has the number already stays as it is, an opt-out with it. */
export function withWhatsApp(
  channels: readonly WriteChannel[],
  former: string | undefined,
  wanted: string | undefined,
): readonly WriteChannel[] {
  if (wanted === undefined) return channels;
  const goes = former === undefined || former === wanted ? () => false : isOn('WHATSAPP', former);
  const kept = channels.filter((channel) => !goes(channel));
  return wanted === '' || kept.some(isOn('WHATSAPP', wanted))
    ? kept
    : [...kept, { type: 'WHATSAPP', channelId: wanted }];
}

function isOn(type: WriteChannel['type'], number: string) {
  return (channel: WriteChannel): boolean => channel.type === type && channel.channelId === number;
}

/** Whether a write leaves a channel out that the contact has: where PATCH keeps old channels it would stay. */
export function takesChannelAway(contact: Contact | undefined, { channels }: ContactWrite): boolean {
  if (contact === undefined || channels === undefined) return false;
  return writableChannels(contact).some(({ type, channelId }) => !channels.some(isOn(type, channelId)));
}

/** Whether the answer to a write still has a channel that the write left out: then PATCH merges channels. */
export function keptOldChannel(write: ContactWrite, answer: Contact): boolean {
  return takesChannelAway(answer, write);
}
