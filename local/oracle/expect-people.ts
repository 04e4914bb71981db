import type { LeaverCause, OracleConfig, OracleRule } from './oracle-config.ts';
import { meetsFilter } from './oracle-filter.ts';
import { foldName, PLAIN_WORLD, textAt } from './oracle-user.ts';
import type { OracleUser, OracleWorld } from './oracle-user.ts';
import { acceptableTexts, fieldsOf } from './expect-fields.ts';
import { readNumber } from './read-number.ts';
import type { NumberVerdict } from './read-number.ts';

export type LeftOutReason = 'disabled' | 'guest' | 'not-in-scope' | 'no-phone' | 'bad-phone' | 'not-mobile';

/** What one person's contact has to look like. */
export interface ExpectedContact {
  readonly personId: string;
  /** E.164. */
  readonly number: string;
  /** By the contact's own names, custom fields as `custom:<merge tag>`. What the directory leaves empty is not here: anything may stand there. */
  readonly fields: Readonly<Record<string, string>>;
  /** Display names of the lists. */
  readonly lists: readonly string[];
}

export type Expectation =
  | { readonly personId: string; readonly contact: ExpectedContact }
  | { readonly personId: string; readonly leftOut: LeftOutReason; readonly cause: LeaverCause }
  /** Nobody may touch what there is of them. */
  | { readonly personId: string; readonly excluded: true };

/** Derives for each live user, one by one, the contact they ought to have, or why they are left out. */
export function expectPeople(
  users: readonly OracleUser[],
  config: OracleConfig,
  world: OracleWorld = PLAIN_WORLD,
): readonly Expectation[] {
  return users.map((user) => expectPerson(user, config, world));
}

/** The name of the list for a department. */
export function listFor(department: string, { listNames, listPrefix }: OracleConfig): string {
  const renamed = Object.entries(listNames).find(([name]) => foldName(name) === foldName(department))?.[1];
  return (listPrefix + (renamed ?? department)).normalize('NFC').trim();
}

function expectPerson(user: OracleUser, config: OracleConfig, world: OracleWorld): Expectation {
  const personId = user.id;
  const names = [personId, textAt(user, 'userPrincipalName', world)].map(foldName);
  if (config.excluded.people.some((name) => names.includes(foldName(name)))) return { personId, excluded: true };
  if (user['accountEnabled'] === false && !config.disabled) {
    return { personId, leftOut: 'disabled', cause: 'disabled' };
  }
  if (foldName(textAt(user, 'userType', world)) === 'guest' && !config.guests) {
    return { personId, leftOut: 'guest', cause: 'outOfScope' };
  }
  if (!meetsFilter(config.filters, user, world)) return { personId, leftOut: 'not-in-scope', cause: 'outOfScope' };
  const reading = numberOf(user, config, world);
  if ('leftOut' in reading) return { personId, leftOut: reading.leftOut, cause: 'unreachable' };
  const { number } = reading;
  const lists = listsOf(user, config, world);
  return { personId, contact: { personId, number, fields: fieldsOf(user, config, world), lists } };
}

/** The first number that can be texted; else the reason of the one that was nearest to it. */
function numberOf(user: OracleUser, config: OracleConfig, world: OracleWorld): NumberVerdict {
  const rule = config.rules.find(({ to }) => to === 'phone_number');
  const texts = rule === undefined ? [] : acceptableTexts(rule, user, world);
  const readings = texts.map((text) => readNumber(text, user, config));
  const usable = readings.find((reading) => 'number' in reading);
  if (usable !== undefined) return usable;
  const reasons = readings.flatMap((reading) => ('leftOut' in reading ? [reading.leftOut] : []));
  const worst = (['not-mobile', 'bad-phone'] as const).find((reason) => reasons.includes(reason));
  return { leftOut: worst ?? 'no-phone' };
}

function listsOf(user: OracleUser, config: OracleConfig, world: OracleWorld): string[] {
  const excluded = config.excluded.lists.map(foldName);
  const named = config.rules.filter(({ to }) => to === 'group').flatMap((rule) => firstText(rule, user, world));
  const lists = named.map((department) => listFor(department, config));
  return lists.filter((name, index) => {
    const isFirst = lists.findIndex((other) => foldName(other) === foldName(name)) === index;
    return isFirst && !excluded.includes(foldName(name));
  });
}

function firstText(rule: OracleRule, user: OracleUser, world: OracleWorld): readonly string[] {
  return acceptableTexts(rule, user, world).slice(0, 1);
}
