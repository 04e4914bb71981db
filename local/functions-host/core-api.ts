import type { OnLog } from './log-entry.ts';
import type { FunctionMetadata, Handler, LogCategory, LogLevel, ProgrammingModel } from './rpc.ts';

export interface RegisteredFunction {
  readonly metadata: FunctionMetadata;
  readonly handler: Handler;
}

const HOOK_NAMES = ['appStart', 'appTerminate', 'preInvocation', 'postInvocation', 'log'] as const;
export type HookName = (typeof HOOK_NAMES)[number];
export type HookCallback = (context: object) => unknown;

/** What an app registered while it was loaded. */
export interface AppRegistry {
  readonly functions: ReadonlyMap<string, RegisteredFunction>;
  readonly programmingModel: ProgrammingModel | undefined;
  /** In the order of registration; the same list all the time, so a hook that is disposed of later is gone at once. */
  hooks(name: HookName): readonly HookCallback[];
  /** From here on registering a function is an error, as in the real worker. */
  close(): void;
}

/**
 * Makes the module `@azure/functions-core` for one app, and the registry that it fills.
 * Like the worker's own: the last programming model wins, function names are unique, registration ends with the start.
 */
export function createCoreApi(onLog: OnLog): { readonly coreApi: object; readonly registry: AppRegistry } {
  const functions = new Map<string, RegisteredFunction>();
  const hooks = new Map<string, HookCallback[]>(HOOK_NAMES.map((name) => [name, []]));
  let programmingModel: ProgrammingModel | undefined;
  let closed = false;

  const coreApi = {
    version: '3.0.0',
    hostVersion: '4.0.0',
    Disposable,
    setProgrammingModel: (model: ProgrammingModel) => {
      programmingModel = model;
    },
    getProgrammingModel: () => programmingModel,
    log: (level: LogLevel, category: LogCategory, message: string) =>
      onLog({ level, category: category === 'user' ? 'Worker.User' : 'Worker.System', message }),
    registerHook: (name: string, callback: HookCallback) => {
      const callbacks = hooks.get(name);
      if (callbacks === undefined) throw new RangeError(`Unrecognized hook "${name}"`);
      callbacks.push(callback);
      return new Disposable(() => callbacks.splice(callbacks.indexOf(callback), 1));
    },
    registerFunction: (metadata: FunctionMetadata, handler: Handler) => {
      if (closed) throw new Error('A function can only be registered during app startup.');
      if (functions.has(metadata.name)) throw new Error(`A function with name "${metadata.name}" already exists.`);
      functions.set(metadata.name, { metadata, handler });
      return new Disposable(() => functions.delete(metadata.name));
    },
  };

  const registry: AppRegistry = {
    functions,
    get programmingModel() {
      return programmingModel;
    },
    hooks: (name) => hooks.get(name) ?? [],
    close: () => {
      closed = true;
    },
  };
  return { coreApi, registry };
}

/** A class because apps reach it as `coreApi.Disposable` and may construct it themselves. */
class Disposable {
  readonly #onDispose: () => unknown;
  #disposed = false;

  constructor(onDispose: () => unknown) {
    this.#onDispose = onDispose;
  }

  static from(...others: readonly { dispose(): unknown }[]): Disposable {
    return new Disposable(() => others.forEach((other) => other.dispose()));
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#onDispose();
  }
}
