import { mobile, userId } from '../support/story-people.ts';
import type { Department } from './history.ts';

/** A name, mail address and number of which nothing may turn up in a log, a message or a row key. */
export const PERSONAL = /fennimore|\+61450\d{6}|\b(?:61|0)450\d{6}\b/i;

const SURNAME = 'Fennimore';

export function numberOf(number: number | null): string | null {
  return number === null ? null : mobile(number);
}

function mailOf(n: number, name: number): string {
  return `fennimore.${n}.${name}@example.com`;
}

/** What changes about a person with another name. */
export function named(n: number, name: number): Readonly<Record<string, unknown>> {
  const surname = `${SURNAME}${n}x${name}`;
  return { displayName: `Person ${surname}`, surname, mail: mailOf(n, name) };
}

/** An invented, enabled member; `n` says who. */
export function somebody(
  n: number,
  number: number | null,
  department: Department,
): Readonly<Record<string, unknown>> & { readonly id: string } {
  return {
    id: userId(n),
    givenName: 'Person',
    userPrincipalName: `fennimore.${n}@example.com`,
    mobilePhone: numberOf(number),
    department,
    usageLocation: 'AU',
    ...named(n, 0),
  };
}
