import type { HoldRule } from '../../core/plan/protect.ts';
import type { Hold } from '../api/answers.ts';
import { counted, percent } from './words.ts';

const MEMBERS = { everywhere: ['managed person', 'managed people'], onList: ['member', 'members'] } as const;

const removals = ({ operations }: Hold): string => counted(operations, 'removal');
const leaving = ({ operations, list }: Hold): string =>
  `${counted(operations, 'person', 'people')} would leave the list "${list}"`;
const share = ({ limit, members }: Hold, where: keyof typeof MEMBERS): string => {
  const [one, many] = MEMBERS[where];
  return `more than ${percent(limit, 1)} of ${counted(members, one, many)}`;
};

const WORDS: Readonly<Record<HoldRule, (hold: Hold) => string>> = {
  'max-removals': (hold) => `${removals(hold)}, more than ${hold.limit} in 24 hours`,
  'removal-share': (hold) => `${removals(hold)}, ${share(hold, 'everywhere')}`,
  'list-share': (hold) => `${leaving(hold)}, ${share(hold, 'onList')}`,
  'list-emptied': (hold) => `${leaving(hold)}, and nobody would be left on it`,
  'update-share': (hold) => `${counted(hold.operations, 'update')}, ${share(hold, 'everywhere')}`,
  'field-clears': (hold) =>
    `${counted(hold.operations, 'person', 'people')} would lose the value of ${hold.field}, ${share(hold, 'everywhere')}`,
  'first-run': (hold) => `${counted(hold.operations, 'change')}: the first plan waits for approval`,
  'empty-directory': (hold) => `${removals(hold)}: the directory showed nobody at all`,
  'tenant-changed': (hold) => `${removals(hold)}: this is another tenant than before`,
  'count-deviation': (hold) => `${removals(hold)}: the directory showed far fewer people than the time before`,
  'canary-missing': (hold) => `${removals(hold)}: somebody who must never be missing is`,
};

/** Why part of a plan waits, in one line; a rule of a newer app by its name. */
export function holdText(hold: Hold): string {
  const known = Object.hasOwn(WORDS, hold.rule) ? WORDS[hold.rule as HoldRule] : undefined;
  const words = known === undefined ? `${counted(hold.operations, 'operation')}: ${hold.rule}` : known(hold);
  const recent = hold.recent > 0 ? `; ${hold.recent} more in the last 24 hours count too` : '';
  return `${words}${recent}${hold.renewed === true ? '; announced afresh' : ''}`;
}
