import { sampleDirectory } from '../../local/entra-graph/sample-directory.ts';
import { compareWithOracle } from '../../local/oracle.ts';
import { startStack } from '../../local/stack.ts';
import type { Stack } from '../../local/stack.ts';
import { ApiError } from '../../local/stack/api-client.ts';
import type { ApiRun } from '../../local/stack/api-client.ts';
import { PUBLISHED_SAMPLE } from '../../local/stack/published-sample.ts';

const START_TIMEOUT_MS = 120_000;

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('startStack', () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await startStack({ users: sampleDirectory({ size: 60 }) });
  }, START_TIMEOUT_MS);

  afterAll(() => stack.stop());

  function differences() {
    const account = stack.messageMedia.account.snapshot();
    return compareWithOracle({ users: stack.entra.admin.users(), sync: PUBLISHED_SAMPLE, account });
  }

  it('synchronises the sample directory through the built app', async () => {
    const phases: string[] = [];
    const onProgress = ({ phase }: ApiRun): void => void phases.push(phase);

    const run = await stack.api.run({ mode: 'delta', reason: 'test' }, { onProgress });

    expect(run).toMatchObject({ state: 'completed', phase: 'ended' });
    expect(phases.at(-1)).toBe('ended');
    expect(differences()).toEqual([]);
    expect(stack.irregularities()).toEqual([]);
  }, 60_000);

  it('shows records, masked unless they are to be revealed', async () => {
    const [run] = await stack.api.listRuns();
    const masked = await stack.api.listRecords(String(run?.runId), { operation: 'create' });
    const revealed = await stack.api.listRecords(String(run?.runId), { operation: 'create', reveal: true });

    const numberIn = (records: typeof masked) =>
      records[0]?.fields.find(({ field }) => field === 'phone_number')?.after;
    expect(masked).toHaveLength(Number(run?.counts['created']));
    expect(numberIn(masked)).toContain('…');
    expect(numberIn(revealed)).toMatch(/^\+\d+$/);
  });

  it('goes on after the host was killed and started again, with the same keys', async () => {
    const { pid } = stack.host;

    await stack.killHost();
    expect(isRunning(pid)).toBe(false);
    await stack.restartHost();

    expect(await stack.api.run({ mode: 'full' })).toMatchObject({ state: 'completed', counts: { created: 0 } });
    expect(stack.host.pid).not.toBe(pid);
  }, 60_000);

  it('reports what the API answers: status, code, and every problem', async () => {
    await stack.restartHost({ SYNC_LANES: 'many', GRAPH_BASE_URL: 'http://insecure.example.com' });

    const error: unknown = await stack.api.startRun().catch((caught: unknown) => caught);

    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 503, code: 'configuration-invalid' });
    expect(String(error)).toMatch(/SYNC_LANES[^]*GRAPH_BASE_URL|GRAPH_BASE_URL[^]*SYNC_LANES/);
  }, 60_000);

  it('leaves no process behind, and does not mind being stopped twice', async () => {
    const pids = [stack.host.pid, Number(stack.azurite.pid)];

    await stack.stop();
    await stack.stop();

    expect(pids.filter(isRunning)).toEqual([]);
  }, 60_000);
});
