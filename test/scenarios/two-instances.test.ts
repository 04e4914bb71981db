import { startHostProcess } from '../../local/functions-host/host-process.ts';
import type { HostProcess } from '../../local/functions-host/host-process.ts';
import type { AccountSnapshot } from '../../local/messagemedia/account.ts';
import { ApiError, createApiClient } from '../../local/stack/api-client.ts';
import type { ApiClient } from '../../local/stack/api-client.ts';
import { liveThrough, peopleOfTheFirstDay } from '../support/eventful-day.ts';
import { eventually } from '../support/eventually.ts';
import { arrangeMeeting, watch } from '../support/instances.ts';
import type { Instance } from '../support/instances.ts';
import { createLaneTurns } from '../support/lane-turns.ts';
import type { LaneTurns } from '../support/lane-turns.ts';
import { startProxiedStack, startProxies } from '../support/proxied-stack.ts';
import type { ProxiedStack, StorageProxies } from '../support/proxied-stack.ts';
import { expectStackIsWell } from '../support/stack-checks.ts';
import type { RowWrite, StorageCall } from '../support/storage-call.ts';

const HOUR_MS = 3_600_000;
/** Half a day away: only the test that means it comes to the slot. */
const SLOT = `0 ${(new Date().getUTCHours() + 12) % 24} * * *`;
const SYNC = {
  direction: 'one-way',
  source: 'entra-id',
  target: 'messagemedia',
  schedule: SLOT,
  fullSchedule: SLOT,
  timeZone: 'UTC',
  mapping: { displayName: 'contact_name', mobilePhone: 'phone_number', mail: 'email', department: 'group' },
  filters: { accountEnabled: true },
};
const TIMEOUT_MS = 180_000;
const MAX_TICKS = 6;
const MAIN_WAVE = 2;

describe('two instances on one storage account', () => {
  let proxied: ProxiedStack;
  let proxies: Record<Instance, StorageProxies>;
  let second: HostProcess;
  let api: Record<Instance, ApiClient>;
  let handMade: AccountSnapshot;

  beforeAll(async () => {
    proxied = await startProxiedStack({ users: peopleOfTheFirstDay(), config: { sync: SYNC }, pageSize: 40 });
    const { stack } = proxied;
    proxies = { first: proxied.proxies, second: await startProxies(stack.azurite) };
    second = await startSecond();
    api = {
      first: stack.api,
      second: createApiClient(() => ({ baseUrl: `${second.origin}/api`, key: second.keys.host })),
    };
    stack.messageMedia.account.seedContact({ number: '+61491570006', firstName: 'By hand', lists: ['Friends'] });
    handMade = stack.messageMedia.account.snapshot();
  }, TIMEOUT_MS);

  afterAll(async () => {
    await second.stop();
    await proxied.stop();
    await proxies.second.close();
  });

  it(
    'take their first ticks at once',
    async () => {
      const meeting = arrangeMeeting(isWriteOf('syncstate', 'slot'));
      watch(proxies, meeting.watcher);

      await Promise.all([proxied.stack.host, second].map((host) => host.invokeTimer('schedule-sync')));

      expect(meeting.arrived()).toHaveLength(2);
      expect(await api.first.listRuns()).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'start one run when both are asked at once, and both work on it',
    async () => {
      const turns = createLaneTurns();
      const meeting = arrangeMeeting(isWriteOf('syncstate', 'state'));
      watch(proxies, meeting.watcher, turns.watcher);

      const asked = await Promise.allSettled([api.first.startRun(), api.second.startRun()]);
      expect(meeting.arrived()).toHaveLength(2);

      const [run] = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      const refusals = asked.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
      expect(refusals).toEqual([expect.any(ApiError)]);
      expect(refusals).toMatchObject([{ status: 409, code: 'run-active' }]);
      expect(await api.first.waitForRun(run!.runId)).toMatchObject({ state: 'completed' });
      expectBothHadLanes(turns);
      await expectStackIsWell(proxied, { sync: SYNC, handMade });
    },
    TIMEOUT_MS,
  );

  it(
    'take over from each other when one dies in the middle of its lanes',
    async () => {
      liveThrough(proxied.stack.entra.admin, 1);
      const turns = createLaneTurns();
      const died = new Promise<void>((resolve) => {
        watch(proxies, turns.watcher, async (instance, call, moment) => {
          const isHere = instance === 'second' && moment === 'before' && call.writes.some(isOutcomeOfMainWave);
          if (!isHere) return undefined;
          await eventually(() => turns.wavesOf('first').has(MAIN_WAVE));
          watch(proxies);
          await second.kill();
          resolve();
          return 'lost';
        });
      });

      const { runId } = await api.first.startRun({ mode: 'full' });
      await died;
      const wasIn = await api.first.getRun(runId);
      await ended(runId);

      expect(wasIn).toMatchObject({ state: 'running', phase: 'apply' });
      expect(await api.first.getRun(runId)).toMatchObject({ state: 'completed' });
      expectBothHadLanes(turns);
      await expectStackIsWell(proxied, { sync: SYNC, handMade });
    },
    TIMEOUT_MS,
  );

  it(
    'serve a slot with one run when both tick at once',
    async () => {
      liveThrough(proxied.stack.entra.admin, 2);
      const before = (await api.first.listRuns()).length;
      await letPass(13 * HOUR_MS);
      // The former one is dead, unless a test before this one failed.
      await second.stop();
      second = await startSecond();
      const meeting = arrangeMeeting(isWriteOf('syncstate', 'state'));
      watch(proxies, meeting.watcher);

      await Promise.all([proxied.stack.host, second].map((host) => host.invokeTimer('schedule-sync')));

      expect(meeting.arrived()).toHaveLength(2);
      const runs = await api.second.listRuns();
      expect(runs).toHaveLength(before + 1);
      expect(await api.second.waitForRun(runs[0]!.runId)).toMatchObject({ state: 'completed', trigger: 'schedule' });
      await expectStackIsWell(proxied, { sync: SYNC, handMade });
    },
    TIMEOUT_MS,
  );

  function startSecond(): Promise<HostProcess> {
    const settings = { ...proxied.stack.settings, AzureWebJobsStorage: proxies.second.connectionString };
    return startHostProcess({ appFolder: '.', settings, localSettings: false, timers: 'manual' });
  }

  /** Time passes at the storage service, and the first instance has heard of it. */
  async function letPass(ms: number): Promise<void> {
    for (const { tables } of Object.values(proxies)) tables.advance(ms);
    await api.first.status();
  }

  /** Time passes and the instance that is left ticks until the run has ended. */
  async function ended(runId: string): Promise<void> {
    const isOver = async (): Promise<boolean> => (await api.first.getRun(runId)).state !== 'running';
    for (let ticks = 0; ticks < MAX_TICKS && !(await isOver()); ticks += 1) {
      await letPass(HOUR_MS / 2);
      await proxied.stack.host.invokeTimer('schedule-sync');
      await eventually(isOver);
    }
  }
});

function expectBothHadLanes(turns: LaneTurns): void {
  for (const instance of ['first', 'second'] as const) {
    expect([...turns.wavesOf(instance)]).toEqual(expect.arrayContaining([0, MAIN_WAVE]));
  }
}

function isOutcomeOfMainWave({ key }: RowWrite): boolean {
  return key.startsWith('outcome-') && key.endsWith(`-${MAIN_WAVE}`);
}

function isWriteOf(table: string, key: string): (call: StorageCall) => boolean {
  return (call) => call.writes.some((write) => write.table === table && write.key.startsWith(key));
}
