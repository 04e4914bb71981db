import type { Attributes } from './person.ts';
import { foldText, textOf } from './text.ts';

/** The attribute by which canaries are named. */
export const CANARY_ATTRIBUTE = 'userPrincipalName';

/** A canary's name as it is compared: without case and outer blanks. */
export function canaryName(attributes: Attributes): string {
  return foldText(textOf(attributes[CANARY_ATTRIBUTE]));
}

/** Whether these attributes are those of somebody who must never be missing. */
export function isCanary(attributes: Attributes, canaries: readonly string[]): boolean {
  const name = canaryName(attributes);
  return canaries.some((canary) => foldText(canary) === name);
}

/** How many canaries are not among the names seen. */
export function missingCanaries(canaries: readonly string[], seen: ReadonlySet<string>): number {
  return canaries.filter((canary) => !seen.has(foldText(canary))).length;
}
