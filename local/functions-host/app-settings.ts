import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Settings = Readonly<Record<string, string>>;

/** The app settings in force: local.settings.json `Values`, over them this process's environment, over it the options. */
export function effectiveSettings(
  appFolder: string,
  environment: NodeJS.ProcessEnv,
  options: Settings,
  useLocalSettings = true,
): Settings {
  const fromEnvironment = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return { ...(useLocalSettings ? localSettings(appFolder) : {}), ...Object.fromEntries(fromEnvironment), ...options };
}

/** Puts the settings into process.env, where the app reads them; answers a function that puts back what was there. */
export function exportSettings(settings: Settings): () => void {
  const before = { ...process.env };
  Object.assign(process.env, settings);
  return () => {
    for (const name of Object.keys(settings)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  };
}

/** Replaces every `%NAME%` by the setting of that name, and throws when there is none or it is empty. */
export function resolvePlaceholders(text: string, settings: Settings): string {
  return text.replaceAll(/%([^%]+)%/g, (_, name: string) => {
    const value = settings[name];
    if (value === undefined || value === '') throw new Error(`'%${name}%' does not resolve to a value.`);
    return value;
  });
}

/** `AzureWebJobs.<name>.Disabled`, or its form with `__` for systems that refuse dots in names of variables. */
export function isDisabled(functionName: string, settings: Settings): boolean {
  const value =
    settings[`AzureWebJobs.${functionName}.Disabled`] ?? settings[`AzureWebJobs__${functionName}__Disabled`] ?? '';
  return value === '1' || value.toLowerCase() === 'true';
}

/** The connection string that a binding's `connection` names; without one, AzureWebJobsStorage. */
export function connectionString(connection: string | undefined, settings: Settings): string {
  const name = connection ?? 'AzureWebJobsStorage';
  const value = settings[`AzureWebJobs${name}`] ?? settings[name];
  if (value === undefined || value === '')
    throw new Error(`The setting ${name} is missing: a connection string is needed.`);
  return value;
}

function localSettings(appFolder: string): Settings {
  const path = join(appFolder, 'local.settings.json');
  if (!existsSync(path)) return {};
  const { Values } = JSON.parse(readFileSync(path, 'utf8')) as { readonly Values?: Settings };
  return Values ?? {};
}
