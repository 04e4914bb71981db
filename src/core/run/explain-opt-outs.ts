import type { ConsentSource } from '../consent/opt-out.ts';
import { readConsents } from './consent-ledger.ts';
import type { Engine } from './engine.ts';

/** A number that opted out: who said so first, and when we learned of it (ms since 1970). */
export interface OptOutExplanation {
  readonly number: string;
  readonly source: ConsentSource;
  readonly since: number;
}

/** Those of the numbers that opted out, each once. */
export async function explainOptOuts(
  engine: Engine,
  numbers: readonly (string | undefined)[],
): Promise<readonly OptOutExplanation[]> {
  const asked = [...new Set(numbers.filter((number) => number !== undefined))];
  const keys = new Map(asked.map((number) => [engine.digest.pseudonym(number), number]));
  const consents = await readConsents(engine, [...keys.keys()]);
  return [...consents].map(([key, { source, since }]) => ({ number: keys.get(key)!, source, since }));
}
