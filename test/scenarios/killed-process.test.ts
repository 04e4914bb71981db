import { compareWithOracle } from '../../local/oracle.ts';
import { sampleDirectory } from '../../local/entra-graph/sample-directory.ts';
import { startStack } from '../../local/stack.ts';
import type { Stack } from '../../local/stack.ts';
import { startTimeShifter } from '../support/time-shifter.ts';
import type { TimeShifter } from '../support/time-shifter.ts';

const SYNC = {
  direction: 'one-way',
  source: 'entra-id',
  target: 'messagemedia',
  schedule: '0 6 * * *',
  mapping: { displayName: 'contact_name', mobilePhone: 'phone_number', mail: 'email', department: 'group' },
  filters: { accountEnabled: true },
};
/** Longer than a claim, a call's time-out and the timer's patience together. */
const LONG_ENOUGH_MS = 10 * 60_000;

/** Where in a run the process dies, by the first request that shows it. */
const MOMENTS: readonly (readonly [phase: string, isThere: (stack: Stack) => boolean])[] = [
  ['reading', ({ entra }) => entra.requests.some(({ path }) => path.endsWith('/users/delta'))],
  ['preparing', ({ messageMedia }) => messageMedia.requests.some(({ path }) => path.endsWith('/custom-fields'))],
  ['applying', ({ messageMedia }) => messageMedia.account.snapshot().contacts.length >= 60],
];

describe('a process killed in the middle of a run', () => {
  let stack: Stack;
  let time: TimeShifter;

  beforeAll(async () => {
    stack = await startStack({ users: sampleDirectory({ size: 250 }), config: { sync: SYNC }, pageSize: 50 });
    time = await startTimeShifter(stack.azurite.tableUrl);
    const proxied = stack.azurite.connectionString.replace(new URL(stack.azurite.tableUrl).origin, time.origin);
    await stack.restartHost({ AzureWebJobsStorage: proxied });
  }, 60_000);

  afterAll(async () => {
    await stack.stop();
    await time.close();
  });

  it('is taken over by the next one, in whatever phase, and leaves the account as if nothing had happened', async () => {
    stack.entra.latencyMs = 30;
    stack.messageMedia.latencyMs = 30;
    const { runId } = await stack.api.startRun();
    for (const [phase, isThere] of MOMENTS) {
      await until(phase, () => isThere(stack));
      await stack.killHost();
      time.advance(LONG_ENOUGH_MS);
      await stack.restartHost();
      await stack.host.invokeTimer('schedule-sync');
    }

    const run = await stack.api.waitForRun(runId, { timeoutMs: 60_000 });

    expect(run.state).toBe('completed');
    expect(differences(stack)).toEqual([]);
    expect(stack.irregularities()).toEqual([]);
  }, 120_000);

  it('has nothing left to do afterwards', async () => {
    const before = stack.messageMedia.requests.length;

    const run = await stack.api.run({ mode: 'full' });

    expect(run).toMatchObject({ state: 'completed', counts: { created: 0, updated: 0, moved: 0, removed: 0 } });
    expect(stack.messageMedia.requests.slice(before)).toEqual([]);
  }, 60_000);
});

function differences({ entra, messageMedia }: Stack): readonly unknown[] {
  return compareWithOracle({ users: entra.admin.users(), sync: SYNC, account: messageMedia.account.snapshot() });
}

async function until(phase: string, isThere: () => boolean): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!isThere()) {
    if (Date.now() > deadline) throw new Error(`The run never came to ${phase}.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
