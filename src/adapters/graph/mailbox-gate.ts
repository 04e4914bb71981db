/** Runs calls one after the other, in the order they were asked for. */
export type Gate = <T>(call: () => Promise<T>) => Promise<T>;

/**
 * One gate for each mailbox. Exchange refuses the fifth request at a time of an app to one mailbox, and runs up to four
 * items of a $batch at once: only one call at a time can never be too many.
 */
export function createMailboxGates(): (mailbox: string) => Gate {
  const gates = new Map<string, Gate>();
  return (mailbox) => {
    const key = mailbox.toLowerCase();
    const gate = gates.get(key) ?? createGate();
    gates.set(key, gate);
    return gate;
  };
}

const over = (): void => undefined;

function createGate(): Gate {
  let last: Promise<unknown> = Promise.resolve();
  return (call) => {
    const mine = last.then(call);
    // The next one waits for this one's end, not for its success: a failure is its own caller's.
    last = mine.then(over, over);
    return mine;
  };
}
