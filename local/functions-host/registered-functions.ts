import { isDisabled, resolvePlaceholders, type Settings } from './app-settings.ts';
import type { RegisteredFunction } from './core-api.ts';
import type { Binding } from './rpc.ts';

export type NamedBinding = Binding & { readonly name: string };

/** A function as the app registered it, with `%SETTING%` resolved in every binding. */
export interface FunctionInfo {
  readonly name: string;
  readonly trigger: NamedBinding;
  /** All bindings, the trigger among them. */
  readonly bindings: readonly NamedBinding[];
  readonly disabled: boolean;
}

const TRIGGERS = new Set(['httpTrigger', 'timerTrigger', 'queueTrigger']);

/**
 * Describes the registered functions in the order of their names, which is the order in which routes are tried.
 * Throws for an unset `%SETTING%` and for bindings that this host does not have: better no start than a silent gap.
 */
export function describeFunctions(
  functions: ReadonlyMap<string, RegisteredFunction>,
  settings: Settings,
): FunctionInfo[] {
  return [...functions.values()]
    .map(({ metadata }) => describe(metadata.name, metadata.bindings, settings))
    .toSorted((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
}

function describe(name: string, rawBindings: Readonly<Record<string, Binding>>, settings: Settings): FunctionInfo {
  const bindings = Object.entries(rawBindings).map(([key, binding]) => resolveBinding(name, key, binding, settings));
  const trigger = bindings.find(({ type }) => /trigger$/i.test(type));
  if (trigger === undefined) throw new Error(`Function "${name}" has no trigger.`);
  for (const binding of bindings) {
    if (isSupported(binding, trigger)) continue;
    throw new Error(
      `Function "${name}": the local host has no binding of type ${binding.type} (${binding.direction}).`,
    );
  }
  return { name, trigger, bindings, disabled: isDisabled(name, settings) };
}

function isSupported(binding: NamedBinding, trigger: NamedBinding): boolean {
  return binding === trigger ? TRIGGERS.has(binding.type) : binding.type === 'http' && trigger.type === 'httpTrigger';
}

function resolveBinding(functionName: string, name: string, binding: Binding, settings: Settings): NamedBinding {
  try {
    const resolved = Object.entries(binding).map(([property, value]) => [
      property,
      typeof value === 'string' ? resolvePlaceholders(value, settings) : value,
    ]);
    return { ...(Object.fromEntries(resolved) as Binding), name };
  } catch (error) {
    throw new Error(`Function "${functionName}": ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
