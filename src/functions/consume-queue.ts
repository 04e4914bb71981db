import type { InvocationContext, StorageQueueHandler } from '@azure/functions';
import { z } from 'zod';
import { SYNC_ERRORS } from '../core/errors.ts';
import type { Log, QueueMessage } from '../core/ports.ts';
import type { Engine } from '../core/run/engine.ts';
import { codeOf, hostSafe, logError } from './error-report.ts';
import { createEventLog } from './event-log.ts';
import type { Services } from './services.ts';

const index = z.int().min(0);
/** Every key of a message has to stand here: those of a newer version are left out. What it means differently carries another `v`. */
const KEYS = {
  v: z.literal(1),
  runId: z.string().regex(/^[\w-]{1,64}$/),
  lane: z.exactOptional(z.object({ wave: index, index, cursor: index })),
  waitedFor: z.exactOptional(z.string().max(128)),
} satisfies Record<keyof QueueMessage, z.ZodType>;
const Message = z.object(KEYS);

/**
 * Hands a queue message to its use-case. What a repeat can mend is thrown to the host, which tries five times and then
 * moves the message to the poison queue; a message that no repeat can mend is logged and completed. That is safe: the
 * work is in the tables, and the tick sends a new message for whatever stands still.
 */
export function consumeQueue(
  services: Services,
  work: (engine: Engine, message: QueueMessage) => Promise<void>,
): StorageQueueHandler {
  return async (entry, context) => {
    const log = createEventLog(context);
    const message = parseMessage(entry, context, log);
    if (message === undefined) return;
    try {
      await work(await services.engine(log), message);
    } catch (error) {
      logError(log, 'message-failed', error);
      if (SYNC_ERRORS[codeOf(error)].retryable) throw hostSafe(error);
    }
  };
}

function parseMessage(entry: unknown, context: InvocationContext, log: Log): QueueMessage | undefined {
  const parsed = Message.safeParse(entry);
  if (parsed.success) return parsed.data;
  const messageId = context.triggerMetadata?.['id'];
  log.event('error', 'message-malformed', {
    function: context.functionName,
    messageId: typeof messageId === 'string' ? messageId : undefined,
    path: parsed.error.issues.map((issue) => issue.path.join('.') || 'message').join(','),
  });
  return undefined;
}
