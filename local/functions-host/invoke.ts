import { randomUUID } from 'node:crypto';
import type { AppRegistry, HookName, RegisteredFunction } from './core-api.ts';
import { describeError, type OnLog } from './log-entry.ts';
import type { CoreInvocationContext, Handler, InvocationResponse, ProgrammingModel, TypedData } from './rpc.ts';

export interface Trigger {
  /** The trigger binding's data. */
  readonly data: TypedData;
  readonly metadata?: Readonly<Record<string, TypedData>>;
  /** For the log line: why the function runs. */
  readonly reason: string;
}

export type Invoke = (target: RegisteredFunction, trigger: Trigger) => Promise<InvocationResponse>;

/**
 * Makes the function that runs one invocation as the Node worker does: arguments, pre-hooks (which may replace inputs
 * and handler), the handler, post-hooks (which may replace result and error), the response. Throws what the function threw.
 */
export function createInvoke(registry: AppRegistry, model: ProgrammingModel, onLog: OnLog): Invoke {
  return async (target, trigger) => {
    const { name } = target.metadata;
    const category = `Function.${name}`;
    const core = coreContext(registry, target, trigger, onLog);
    const { invocationId } = core;
    const startedAt = performance.now();
    const ending = (how: string): string =>
      `Executed 'Functions.${name}' (${how}, Id=${invocationId}, Duration=${Math.round(performance.now() - startedAt)}ms)`;
    onLog({
      level: 'information',
      category,
      message: `Executing 'Functions.${name}' (Reason='${trigger.reason}', Id=${invocationId})`,
      invocationId,
    });
    try {
      const response = await runInvocation(registry, model, core, target.handler);
      onLog({ level: 'information', category, message: ending('Succeeded'), invocationId });
      return response;
    } catch (error) {
      onLog({ level: 'error', category, message: `${ending('Failed')}: ${describeError(error)}`, invocationId });
      throw error;
    }
  };
}

/** Runs the callbacks of an app-level hook one after another; the first that throws ends it. */
export async function runHooks(registry: AppRegistry, name: HookName, context: object): Promise<void> {
  for (const callback of registry.hooks(name)) await callback(context);
}

function coreContext(
  registry: AppRegistry,
  { metadata }: RegisteredFunction,
  trigger: Trigger,
  onLog: OnLog,
): CoreInvocationContext {
  const invocationId = randomUUID();
  const triggerName = Object.keys(metadata.bindings).find((name) =>
    /trigger$/i.test(String(metadata.bindings[name]?.type)),
  );
  return {
    invocationId,
    metadata,
    request: {
      invocationId,
      inputData: [{ name: String(triggerName), data: trigger.data }],
      triggerMetadata: trigger.metadata ?? {},
    },
    log: (level, category, message) => {
      const context = { level, category, message, hookData: {} };
      for (const callback of registry.hooks('log')) callback(context);
      onLog({
        level: context.level,
        category: category === 'user' ? `Function.${metadata.name}.User` : `Function.${metadata.name}`,
        message: context.message,
        invocationId,
      });
    },
  };
}

async function runInvocation(
  registry: AppRegistry,
  model: ProgrammingModel,
  core: CoreInvocationContext,
  handler: Handler,
): Promise<InvocationResponse> {
  const invocation = model.getInvocationModel(core);
  const { context, inputs } = await invocation.getArguments();
  const hookData = {};

  const before = { hookData, invocationContext: context, functionCallback: handler, inputs };
  core.state = 'preInvocationHooks';
  await runHooks(registry, 'preInvocation', before);

  const after: AfterInvocation = {
    hookData,
    invocationContext: context,
    inputs: before.inputs,
    result: null,
    error: null,
  };
  core.state = 'invocation';
  try {
    after.result = await invocation.invokeFunction(context, before.inputs, before.functionCallback);
  } catch (error) {
    after.error = error;
  }

  core.state = 'postInvocationHooks';
  await runHooks(registry, 'postInvocation', after);
  core.state = undefined;
  if (after.error !== null && after.error !== undefined) throw asError(after.error);
  return invocation.getResponse(context, after.result);
}

interface AfterInvocation {
  readonly hookData: object;
  readonly invocationContext: unknown;
  readonly inputs: unknown[];
  result: unknown;
  error: unknown;
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(`Unknown error: ${JSON.stringify(thrown)}`, { cause: thrown });
}
