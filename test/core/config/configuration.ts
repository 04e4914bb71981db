import { parseSyncConfig, type ConfigProblem } from '../../../src/core/config/parse.ts';
import type { SyncConfig } from '../../../src/core/config/sync-config.ts';

export const PUBLISHED_SAMPLE = `{"sync":{"direction":"one-way","source":"entra-id","target":"messagemedia","schedule":"0 6 * * *",
 "mapping":{"displayName":"contact_name","mobilePhone":"phone_number","mail":"email","department":"group"},
 "filters":{"department":["Sales","Support"],"accountEnabled":true}}}`;

type Keys = Readonly<Record<string, unknown>>;

function textOf(changes: Keys): string {
  return JSON.stringify({ sync: { schedule: '0 6 * * *', mapping: { mobilePhone: 'phone_number' }, ...changes } });
}

/** A valid configuration with these keys of `sync` changed. */
export function aConfig(changes: Keys = {}): SyncConfig {
  const reading = parseSyncConfig(textOf(changes), 'test');
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.config;
}

/** The problems of a text; none when it is valid. */
export function problemsIn(text: string): readonly ConfigProblem[] {
  const reading = parseSyncConfig(text, 'sync.config.json');
  return reading.ok ? [] : reading.problems;
}

/** The problems of an otherwise valid configuration with these keys of `sync` changed. */
export function problemsOf(changes: Keys): readonly ConfigProblem[] {
  return problemsIn(textOf(changes));
}
