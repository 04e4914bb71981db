import { isAbsolute, join } from 'node:path';
import { parseSyncConfig, type ConfigProblem, type ConfigReading } from '../core/config/parse.ts';
import type { SyncConfig } from '../core/config/sync-config.ts';
import { shownValue } from './setting-names.ts';
import type { Environment, SettingProblem } from './setting-rules.ts';
import { configLocation, parseSettings, type ConfigLocation, type Settings } from './settings.ts';

export type ConfigurationProblem = SettingProblem | ConfigProblem;

export type Configuration =
  | { readonly ok: true; readonly settings: Settings; readonly config: SyncConfig }
  | { readonly ok: false; readonly problems: readonly ConfigurationProblem[] };

/** Answers the text of a file, or throws as `readFileSync` does. */
export type ReadFile = (path: string) => string;

const INLINE = 'SYNC_CONFIG_JSON';

/**
 * Reads the app settings and the sync configuration, and answers every problem of both at once.
 * A relative file is looked for in the working folder of the worker, which is the app's, then in AzureWebJobsScriptRoot.
 */
export function loadConfiguration(env: Environment, readFile: ReadFile): Configuration {
  const settings = parseSettings(env);
  const config = readConfig(configLocation(env), env, readFile);
  if (settings.ok && config.ok) return { ok: true, settings: settings.settings, config: config.config };
  return { ok: false, problems: [...(settings.ok ? [] : settings.problems), ...(config.ok ? [] : config.problems)] };
}

function readConfig(
  location: ConfigLocation,
  env: Environment,
  readFile: ReadFile,
): ConfigReading | { readonly ok: false; readonly problems: readonly SettingProblem[] } {
  if ('json' in location) return parseSyncConfig(location.json, INLINE);
  const text = firstReadable(pathsOf(location.file, env), readFile);
  return text.ok
    ? parseSyncConfig(text.text, location.file)
    : { ok: false, problems: [unreadable(location.file, text.code)] };
}

function pathsOf(file: string, env: Environment): readonly string[] {
  if (isAbsolute(file)) return [file];
  const folders = [process.cwd(), env['AzureWebJobsScriptRoot']].filter(
    (folder) => folder !== undefined && folder !== '',
  );
  return folders.map((folder) => join(folder as string, file));
}

/** The first file that exists decides: one that is there and cannot be read is not passed over for another. */
function firstReadable(
  paths: readonly string[],
  readFile: ReadFile,
): { readonly ok: true; readonly text: string } | { readonly ok: false; readonly code: string } {
  for (const path of paths) {
    try {
      return { ok: true, text: readFile(path) };
    } catch (error) {
      const code = codeOf(error);
      if (code !== 'ENOENT') return { ok: false, code };
    }
  }
  return { ok: false, code: 'ENOENT' };
}

function unreadable(file: string, code: string): SettingProblem {
  const found = shownValue('SYNC_CONFIG_FILE', file);
  const reason = code === 'ENOENT' ? 'there is no such file' : `it cannot be read: ${code}`;
  const expected = `a sync configuration beside host.json (${reason}), or its text in ${INLINE}`;
  return { name: 'SYNC_CONFIG_FILE', ...(found === undefined ? {} : { found }), expected };
}

/** Errors of the file system carry a code; anything else is a bug of ours and passes on. */
function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  throw error;
}
