import { inspect } from 'node:util';
import type { MessageMedia } from '../../../local/messagemedia/server.ts';
import type { FaultAction } from '../../../local/simulator/faults.ts';
import type { ContactBook } from '../../../src/core/ports.ts';
import { anImpatientClock, aScope, failureOf } from '../../support/neighbour-calls.ts';
import type { CountingScope, ImpatientClock } from '../../support/neighbour-calls.ts';
import { aBook, anAccount } from './account-under-test.ts';

const NO_ID = '00000000-0000-4000-8000-000000000000';

let account: MessageMedia;
let clock: ImpatientClock;
let book: ContactBook & { close(): Promise<void> };
let scope: CountingScope;

/** Longer than a busy machine takes for any answer. */
const LONG_MS = 10_000;

beforeEach(async () => {
  account = await anAccount();
  clock = anImpatientClock();
  book = aBook(account.origin, { clock, timeoutMs: LONG_MS });
  scope = aScope();
});

afterEach(async () => {
  await book.close();
  await account.close();
  account.account.assertNoViolations();
  expect(account.failures).toEqual([]);
});

describe('errors', () => {
  it.each<[string, FaultAction | undefined]>([
    ['a refusal', undefined],
    ['a reset', 'drop'],
    ['half an answer', 'truncate'],
    ['a refusal that quotes everything', { status: 400, body: quoting() }],
    ['a wrong answer that quotes everything', { status: 200, body: quoting() }],
  ])('hold nothing of a person and no secret: %s', async (_what, fault) => {
    if (fault !== undefined) account.faults.add({ do: fault });
    const write = { native: { firstName: 'canary-name' }, channels: [{ type: 'SMS', channelId: 'canary' }] } as const;

    const error = await failureOf(book.createContact(write, scope));
    const other = await failureOf(book.updateContact(NO_ID, write, scope));

    expect(inspect([error, other], { depth: 10, showHidden: true })).not.toContain('canary');
  });
});

function quoting(): object {
  return {
    uuid: 'canary',
    type: 'canary type',
    title: 'canary',
    detail: 'canary',
    invalidFields: [
      { name: 'the canary itself', code: 'canary!', reason: 'canary', invalidIds: ['canary', 7] },
      'canary',
    ],
  };
}
