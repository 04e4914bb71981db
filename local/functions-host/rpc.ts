/**
 * The shapes that `@azure/functions` exchanges with the host, as far as this host uses them.
 * The real ones live in the module `@azure/functions-core`, which exists only inside a running worker.
 */
export type LogLevel = 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical' | 'none';
export type LogCategory = 'user' | 'system' | 'customMetric';

export interface Nullable<Value> {
  readonly value?: Value | null;
}

export interface HttpData {
  readonly method?: string;
  readonly url?: string;
  readonly nullableHeaders?: Readonly<Record<string, Nullable<string>>>;
  readonly nullableParams?: Readonly<Record<string, Nullable<string>>>;
  readonly nullableQuery?: Readonly<Record<string, Nullable<string>>>;
  readonly body?: TypedData | null;
  readonly statusCode?: string | null;
  readonly headers?: Readonly<Record<string, string>> | null;
  readonly cookies?: readonly unknown[] | null;
}

export interface TypedData {
  readonly string?: string | null;
  readonly json?: string | null;
  readonly bytes?: Uint8Array | null;
  readonly http?: HttpData | null;
}

export interface Binding {
  readonly type: string;
  readonly direction: 'in' | 'out' | 'inout';
  readonly [property: string]: unknown;
}

export interface FunctionMetadata {
  readonly name: string;
  /** By binding name. The trigger is the one whose type ends in "Trigger"; the answer of an HTTP function is `$return`. */
  readonly bindings: Readonly<Record<string, Binding>>;
  readonly retryOptions?: unknown;
}

export interface InvocationRequest {
  readonly invocationId: string;
  readonly inputData: readonly { readonly name: string; readonly data: TypedData }[];
  readonly triggerMetadata: Readonly<Record<string, TypedData>>;
}

export interface InvocationResponse {
  readonly returnValue?: TypedData | null;
}

export type Handler = (...inputs: unknown[]) => unknown;

/** What the programming model gets of one invocation; `state` follows the phase, as the model reads it when it logs. */
export interface CoreInvocationContext {
  readonly invocationId: string;
  readonly request: InvocationRequest;
  readonly metadata: FunctionMetadata;
  state?: 'preInvocationHooks' | 'invocation' | 'postInvocationHooks' | undefined;
  log(level: LogLevel, category: LogCategory, message: string): void;
}

export interface InvocationModel {
  getArguments(): Promise<{ readonly context: unknown; readonly inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], handler: Handler): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<InvocationResponse>;
}

export interface ProgrammingModel {
  readonly name: string;
  readonly version: string;
  getInvocationModel(context: CoreInvocationContext): InvocationModel;
  getCapabilities?(capabilities: Record<string, string>): Promise<Record<string, string>>;
}
