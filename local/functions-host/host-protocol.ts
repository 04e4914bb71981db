import type { FunctionsHostOptions } from './host.ts';
import type { LogEntry } from './log-entry.ts';
import type { FunctionInfo } from './registered-functions.ts';
import type { TickOptions } from './timer-listener.ts';

export type ChildOptions = Omit<FunctionsHostOptions, 'onLog'>;

export interface Usage {
  /** Processor time of the whole process, user and system, in microseconds. */
  readonly cpuMicros: number;
  /** The most memory the process ever held, in bytes. */
  readonly rssPeakBytes: number;
}

/** What the parent asks of the host process. Each is answered by one `answer` with the same id. */
export type HostRequest = { readonly id: number } & (
  | { readonly kind: 'start'; readonly options: ChildOptions }
  | { readonly kind: 'invoke-timer'; readonly name: string; readonly options: TickOptions }
  | { readonly kind: 'usage' }
  | { readonly kind: 'stop' }
);

export interface Started {
  readonly origin: string;
  readonly functions: readonly FunctionInfo[];
}

export interface Failure {
  readonly message: string;
  /** The stack in the host process, for the cause of the error on this side. */
  readonly stack?: string;
}

export type HostReply =
  | { readonly kind: 'answer'; readonly id: number; readonly value?: unknown; readonly error?: Failure }
  | { readonly kind: 'log'; readonly entry: LogEntry };
