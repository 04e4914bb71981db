import type { InvocationContext, StorageQueueHandler } from '@azure/functions';
import { z } from 'zod';
import { SYNC_ERRORS } from '../core/errors.ts';
import type { Log, QueueMessage } from '../core/ports.ts';
import type { Engine } from '../core/run/engine.ts';
import { codeOf, errorFields, hostSafe, logProblems } from './error-report.ts';
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
    const { runId } = message;
    try {
      const engine = await services.engine(log);
      log.event('message.taken', { function: context.functionName, runId, ...standingOf(context, engine) });
      await work(engine, message);
    } catch (error) {
      log.event('message.failed', { function: context.functionName, runId, ...errorFields(error) });
      logProblems(log, error);
      if (SYNC_ERRORS[codeOf(error)].retryable) throw hostSafe(error);
    } finally {
      services.tellTraffic(log, runId);
    }
  };
}

/** How long the message lay in the queue, the delay it was sent with included, and how often it was delivered. */
function standingOf(
  { triggerMetadata }: InvocationContext,
  { clock }: Engine,
): { ageMs?: number; deliveries?: number } {
  const sentAt = Date.parse(String(triggerMetadata?.['insertionTime']));
  const deliveries = Number(triggerMetadata?.['dequeueCount']);
  return {
    ...(Number.isNaN(sentAt) ? {} : { ageMs: Math.max(0, clock.now() - sentAt) }),
    ...(Number.isInteger(deliveries) ? { deliveries } : {}),
  };
}

function parseMessage(entry: unknown, context: InvocationContext, log: Log): QueueMessage | undefined {
  const parsed = Message.safeParse(entry);
  if (parsed.success) return parsed.data;
  const messageId = context.triggerMetadata?.['id'];
  log.event('message.malformed', {
    function: context.functionName,
    messageId: typeof messageId === 'string' ? messageId : undefined,
    path: parsed.error.issues.map((issue) => issue.path.join('.') || 'message').join(','),
  });
  return undefined;
}
