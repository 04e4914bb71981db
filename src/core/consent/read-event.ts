import { z } from 'zod';
import type { OptOut } from './opt-out.ts';

/** What our webhook asks MessageMedia to send. `$!` leaves out what an event does not have; no text of anybody is asked for. */
export const EVENT_TEMPLATE = JSON.stringify({
  event: 'opt-out',
  source_number: '$sourceAddress',
  notification_id: '$!notificationId',
  message_id: '$!messageId',
  account_id: '$!accountId',
});

const OptOutEvent = z.object({
  event: z.literal('opt-out'),
  // Some of the vendor's answers carry numbers without the plus sign.
  source_number: z.string().regex(/^\+?[1-9]\d{5,14}$/),
  notification_id: z.string().max(200).optional(),
  message_id: z.string().max(200).optional(),
});

/** An id that the platform filled in: a name it did not know stays as we wrote it. */
function isFilled(value: string | undefined): value is string {
  return value !== undefined && value !== '' && !value.startsWith('$');
}

/**
 * The opt-out of an event's body; undefined when it is not one of ours. `hash` is that of the raw body: the evidence
 * of a repeated event is the same.
 */
export function readOptOutEvent(body: string, hash: string, at: number): OptOut | undefined {
  const event = OptOutEvent.safeParse(jsonOf(body));
  if (!event.success) return undefined;
  const { source_number: number, notification_id: notificationId, message_id: messageId } = event.data;
  return {
    phone: `+${number.replace('+', '')}`,
    source: 'webhook',
    at,
    evidence: {
      event: hash,
      ...(isFilled(notificationId) ? { notificationId } : {}),
      ...(isFilled(messageId) ? { messageId } : {}),
    },
  };
}

/** The parser's own words quote the text, which is about somebody. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
