import type { SimResponse } from '../../local/simulator/server.ts';

/** One HTTP call of an in-memory neighbour, repetitions included. */
export interface MemoryCall {
  /** The vendor's operation: `createContact`, `users/delta`, `$batch`. */
  readonly name: string;
  readonly isWrite: boolean;
}

/**
 * Awaited around the effect of each call, after the scope allowed it. What a hook throws ends the call: before, nothing
 * was applied; after, the effect stays and its answer is lost. A NeighbourError reaches the caller as it is; OtherAnswer
 * and NoAnswer are judged, and perhaps repeated, by the adapter's own retry layer.
 */
export interface MemoryHooks {
  readonly onCall?: (call: MemoryCall) => void | Promise<void>;
  readonly afterCall?: (call: MemoryCall) => void | Promise<void>;
}

/** Thrown by a hook: the wire brings this answer and no other. */
export class OtherAnswer extends Error {
  override readonly name = 'OtherAnswer';
  readonly response: SimResponse;

  constructor(response: SimResponse) {
    super(`answered ${response.status}`);
    this.response = response;
  }
}

/** Thrown by a hook: the wire brings nothing. `sent` is false when not a byte of the request left. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  readonly timedOut: boolean;
  readonly sent: boolean;

  constructor({ timedOut = false, sent = true }: { readonly timedOut?: boolean; readonly sent?: boolean } = {}) {
    super(timedOut ? 'time-out' : 'connection failed');
    this.timedOut = timedOut;
    this.sent = sent;
  }
}

/** Carries one call out between its hooks. Throws NoAnswer and whatever else a hook throws, OtherAnswer apart. */
export async function carryOut(hooks: MemoryHooks, call: MemoryCall, effect: () => SimResponse): Promise<SimResponse> {
  try {
    await hooks.onCall?.(call);
    const answer = effect();
    await hooks.afterCall?.(call);
    return answer;
  } catch (error) {
    if (error instanceof OtherAnswer) return error.response;
    throw error;
  }
}

/** A body as it stands on the wire. */
export function textOf({ body }: SimResponse): string {
  if (body === undefined) return '';
  return typeof body === 'string' ? body : JSON.stringify(body);
}
