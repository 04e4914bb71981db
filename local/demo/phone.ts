import type { Account } from '../messagemedia/account.ts';

const MARKER = 'entra_object_id';

/** The number on the contact of a person. */
export function numberOf(account: Account, personId: string): string {
  const contact = account
    .snapshot()
    .contacts.find(({ customFields }) =>
      customFields.some(({ mergeTag, value }) => mergeTag === MARKER && value === personId),
    );
  const number = contact?.channels[0]?.channelId;
  if (number === undefined) throw new Error(`Person ${personId} has no contact with a number.`);
  return number;
}

/** Whether the contacts that have the number may be texted. */
export function stateOf(account: Account, number: string): readonly string[] {
  return account
    .contactsWith(number)
    .flatMap(({ channels }) =>
      channels.filter(({ channelId }) => channelId === number).map(({ subscriptionState }) => subscriptionState),
    );
}
