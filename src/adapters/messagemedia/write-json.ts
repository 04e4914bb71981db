import { NATIVE_FIELDS } from '../../core/people/contact.ts';
import type { ContactWrite } from '../../core/people/contact.ts';

type Draft = Record<string, unknown>;

/** The body of a CreateContactRequest; `channels` is required there, even when it is empty. */
export function toCreateJson(contact: ContactWrite): string {
  const lists = contact.lists?.map((id) => ({ id }));
  const body: Draft = { ...common(contact), channels: channelsOf(contact) ?? [] };
  return JSON.stringify(lists === undefined ? body : { ...body, lists });
}

/** The body of an UpdateContactRequest. Never `lists`: membership changes only through the lists themselves. */
export function toUpdateJson(contact: ContactWrite): string {
  const channels = channelsOf(contact);
  const body = common(contact);
  return JSON.stringify(channels === undefined ? body : { ...body, channels });
}

function common(contact: ContactWrite): Draft {
  const body: Draft = {};
  for (const name of NATIVE_FIELDS) {
    const value = contact.native[name];
    if (value !== undefined) body[name] = value;
  }
  if (contact.customFields !== undefined) {
    body['customFields'] = contact.customFields.map(({ id, value }) => ({ id, value }));
  }
  return body;
}

// SUBSCRIBED would overrule somebody's opt-out, so it does not even pass when a caller forgets its types.
function channelsOf(contact: ContactWrite): readonly Draft[] | undefined {
  return contact.channels?.map(({ type, channelId, subscriptionState }) =>
    subscriptionState === 'UNSUBSCRIBED' ? { type, channelId, subscriptionState } : { type, channelId },
  );
}
