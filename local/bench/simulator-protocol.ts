import type { NeighbourAddresses } from '../stack/app-settings.ts';

/** What the bench asks of the process that simulates the neighbours. Each is answered once, in order. */
export type SimulatorRequest =
  | { readonly kind: 'start'; readonly size: number; readonly departments: number; readonly latencyMs: number }
  | { readonly kind: 'take' }
  | { readonly kind: 'stop' };

/** What has happened since the last `take`. */
export interface Takings {
  /** Tokens apart. */
  readonly graph: number;
  readonly messageMedia: number;
  /** Calls that create or change a contact. */
  readonly contactWrites: number;
  /** Of the whole process. */
  readonly cpuMicros: number;
  /** In the account now. */
  readonly contacts: number;
  readonly irregularities: readonly string[];
}

export type SimulatorReply =
  | { readonly kind: 'started'; readonly addresses: NeighbourAddresses }
  | { readonly kind: 'taken'; readonly takings: Takings }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly message: string };
