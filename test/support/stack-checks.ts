import type { AccountSnapshot } from '../../local/messagemedia/account.ts';
import { compareWithOracle } from '../../local/oracle.ts';
import { expectBalancedBooks, expectNobodyWaitsButForNumbers, expectNothingTwice } from './books.ts';
import type { ProxiedStack } from './proxied-stack.ts';

/** What a stack is held against: its configuration, and the account as people had made it by hand before. */
export interface Origin {
  readonly sync: Readonly<Record<string, unknown>>;
  readonly handMade: AccountSnapshot;
}

/** The account is what the directory asks for, nothing is there twice, the books balance, nobody was troubled. */
export async function expectStackIsWell({ stack, rows }: ProxiedStack, { sync, handMade }: Origin): Promise<void> {
  const people = await rows('people');
  const account = stack.messageMedia.account.snapshot();
  expect(compareWithOracle({ users: stack.entra.admin.users(), sync, account, handMade })).toEqual([]);
  expectNobodyWaitsButForNumbers(people);
  expectNothingTwice(account);
  expectBalancedBooks(people);
  expect(stack.messageMedia.account.subscribedWrites).toEqual([]);
  expect(stack.irregularities()).toEqual([]);
}
