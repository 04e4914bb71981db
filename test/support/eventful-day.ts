import type { Stack } from '../../local/stack.ts';
import { aUser, mobile, userId } from './story-people.ts';
import type { StoryUser } from './story-people.ts';

type Admin = Stack['entra']['admin'];

/** What happens in the directory between two runs: a bit of everything that makes a run write. */
export interface EventfulDay {
  readonly joiner: string;
  readonly joinersNumber: string;
  /** Nobody else is in it: its list has to be created. */
  readonly newDepartment: string;
  readonly mover: string;
  readonly leaver: string;
}

// More than the batch rows that one write takes, so that some can be there without the others.
export const SMALL_TEAMS = 22;
const FIRST_SALES = 31;
const FIRST_SUPPORT = 51;
const TURNS = 5;

/** Small teams of one, and two departments that people move between and leave. */
export function peopleOfTheFirstDay(): StoryUser[] {
  const numbered = (from: number, count: number): number[] => Array.from({ length: count }, (_, at) => from + at);
  return [
    ...numbered(1, SMALL_TEAMS).map((n) => aUser(n, { department: `Team ${n}` })),
    ...numbered(FIRST_SALES, 15).map((n) => aUser(n, { department: 'Sales' })),
    ...numbered(FIRST_SUPPORT, 10).map((n) => aUser(n, { department: 'Support' })),
  ];
}

/** Somebody whom a slow replica leaves out of every chain from now on: each sweep has to read them by id. */
export function hideSomebody(admin: Admin): void {
  admin.hide(userId(FIRST_SUPPORT + 9));
}

/**
 * A joiner with a department of their own, one more who wants a number that is taken, a mover, a leaver, somebody who
 * comes back, and a number that goes from one person to another. `day` counts from 1.
 */
export function liveThrough(admin: Admin, day: number): EventfulDay {
  const newDepartment = `New ${day}`;
  const turn = day % TURNS;
  const joiner = admin.createUser(aUser(100 + day, { department: newDepartment }));
  admin.createUser(aUser(200 + day, { department: 'Sales', mobilePhone: mobile(1) }));

  const mover = userId(FIRST_SALES + turn);
  const isInSales = admin.users().some(({ id, department }) => id === mover && department === 'Sales');
  admin.updateUser(mover, { department: isInSales ? 'Support' : 'Sales' });

  const leaverOf = (turns: number): string => userId(FIRST_SALES + TURNS + (turns % TURNS));
  const leaver = leaverOf(day);
  admin.updateUser(leaver, { accountEnabled: false });
  if (day > 2) admin.updateUser(leaverOf(day - 2), { accountEnabled: true });

  admin.updateUser(userId(FIRST_SUPPORT), { mobilePhone: mobile(500 + day) });
  admin.updateUser(userId(FIRST_SUPPORT + 1), { mobilePhone: mobile(day === 1 ? FIRST_SUPPORT : 499 + day) });
  return { joiner, joinersNumber: mobile(100 + day), newDepartment, mover, leaver };
}
