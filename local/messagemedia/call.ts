import type { SimResponse } from '../simulator/server.ts';
import type { AccountState } from './account-state.ts';
import type { UpdateModes } from './contact-write.ts';

/** What the vendor's documents leave open: the simulated platform can be either way. */
export interface Behaviour extends UpdateModes {
  /** Whether a number can belong to one contact only (409 otherwise). */
  readonly uniqueNumbers: boolean;
  /** Whether list names are unique, case aside (409 otherwise). */
  readonly uniqueListNames: boolean;
  /** Whether the account has the paid option of signed webhooks, and the size of its keys. */
  readonly signing: 'not-available' | 1024 | 2048;
  /** Whether a refused membership change names the bad ids in `invalidIds`. */
  readonly namesBadIds: boolean;
}

/** Somebody asked to subscribe a number. */
export interface SubscribedWrite {
  readonly method: string;
  readonly path: string;
  readonly channelId: string;
}

/** One call that fits the contract; `body` has the shape of the operation's schema. */
export interface Call {
  readonly state: AccountState;
  readonly behaviour: Behaviour;
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly subscribedWrites: SubscribedWrite[];
}

/** Calls by the contract's operation id. */
export type Calls = Readonly<Record<string, (call: Call) => SimResponse>>;
