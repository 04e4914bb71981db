import type { Clock, QueueMessage, QueueName, WorkQueue } from '../../src/core/ports.ts';
import type { OnEffect } from './memory-tables.ts';

/** A message as its receiver holds it, until it is done with it, lets go of it or its hold times out. */
export interface TakenMessage {
  readonly id: string;
  readonly message: QueueMessage;
  /** 1 at the first delivery. */
  readonly dequeueCount: number;
}

export interface MemoryQueue extends WorkQueue {
  /** Takes the message that has been visible longest, and hides it for `holdMs` (10 minutes, as the Functions host does). */
  take(queue: QueueName, holdMs?: number): TakenMessage | undefined;
  /** Deletes a message; one that was taken again since is left to its new holder. */
  done(taken: TakenMessage): void;
  /** Makes a taken message visible again after `delayMs`: what the host does when a function fails. */
  release(taken: TakenMessage, delayMs?: number): void;
  /** Every message, visible or not, in the order in which they become visible. */
  waiting(queue: QueueName): readonly { readonly message: QueueMessage; readonly visibleAt: number }[];
}

interface Held {
  readonly id: string;
  readonly order: number;
  readonly text: string;
  visibleAt: number;
  dequeueCount: number;
}

const HOLD_MS = 10 * 60_000;
const MAX_DELAY_MS = 7 * 24 * 3_600_000;

/** Queues in memory: delays run on the given clock, in whole seconds and up to seven days, as in storage. */
export function createMemoryQueue(
  clock: Pick<Clock, 'now'>,
  options: { readonly onEffect?: OnEffect } = {},
): MemoryQueue {
  const { onEffect = () => undefined } = options;
  const queues = { 'sync-runs': new Map<string, Held>(), 'sync-batches': new Map<string, Held>() };
  let sent = 0;

  const ordered = (queue: QueueName): Held[] =>
    [...queues[queue].values()].toSorted((a, b) => a.visibleAt - b.visibleAt || a.order - b.order);
  const stillHeld = ({ id, dequeueCount }: TakenMessage): readonly [Map<string, Held>, Held] | undefined => {
    for (const messages of Object.values(queues)) {
      const held = messages.get(id);
      if (held?.dequeueCount === dequeueCount) return [messages, held];
    }
    return undefined;
  };

  return {
    async send(queue, message, { delayMs = 0 } = {}) {
      await onEffect(`before ${queue}.send`);
      const order = ++sent;
      const delay = Math.min(Math.max(0, Math.ceil(delayMs / 1000) * 1000), MAX_DELAY_MS);
      const held = { id: `message-${order}`, order, text: JSON.stringify(message), dequeueCount: 0 };
      queues[queue].set(held.id, { ...held, visibleAt: clock.now() + delay });
      await onEffect(`after ${queue}.send`);
    },
    take(queue, holdMs = HOLD_MS) {
      const held = ordered(queue).find(({ visibleAt }) => visibleAt <= clock.now());
      if (held === undefined) return undefined;
      held.dequeueCount += 1;
      held.visibleAt = clock.now() + holdMs;
      return { id: held.id, message: JSON.parse(held.text) as QueueMessage, dequeueCount: held.dequeueCount };
    },
    done(taken) {
      const found = stillHeld(taken);
      found?.[0].delete(taken.id);
    },
    release(taken, delayMs = 0) {
      const found = stillHeld(taken);
      if (found !== undefined) found[1].visibleAt = clock.now() + delayMs;
    },
    waiting: (queue) =>
      ordered(queue).map(({ text, visibleAt }) => ({ message: JSON.parse(text) as QueueMessage, visibleAt })),
  };
}
