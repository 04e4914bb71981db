import { startStack } from '../../local/stack.ts';
import type { Stack } from '../../local/stack.ts';
import { LOCAL_IDENTITY } from '../../local/stack/app-settings.ts';
import { users } from '../support/story-people.ts';
import { appEnv, runCli } from './cli-process.ts';

const START_TIMEOUT_MS = 120_000;

interface ShownCheck {
  readonly name: string;
  readonly state: string;
  readonly words: string;
  readonly cures: readonly string[];
}

interface Found {
  readonly code: number | null;
  readonly checks: readonly ShownCheck[];
  /** Names of what failed. */
  readonly failed: readonly string[];
  /** Everything that is said about what failed. */
  readonly said: string;
}

describe('doctor against the local stack', () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await startStack({ users: users(4) });
  }, START_TIMEOUT_MS);

  afterAll(() => stack.stop());

  async function examine(key = stack.host.keys.host): Promise<Found> {
    const { code, stdout } = await runCli(['doctor', '--json'], appEnv({ url: stack.apiUrl, key }));
    const { checks } = JSON.parse(stdout) as { checks: readonly ShownCheck[] };
    const failed = checks.filter(({ state }) => state === 'failed');
    const said = failed.flatMap(({ words, cures }) => [words, ...cures]).join('\n');
    return { code, checks, failed: failed.map(({ name }) => name), said };
  }

  /** A host that has asked nobody yet: health is remembered for a minute, and so are tokens. */
  async function examineAfresh(changed: Readonly<Record<string, string>> = {}): Promise<Found> {
    await stack.restartHost(changed);
    return examine();
  }

  it('finds nothing wrong', async () => {
    await stack.api.run();

    const { code, failed, checks } = await examine();

    expect({ code, failed }).toEqual({ code: 0, failed: [] });
    expect(checks.at(-1)).toMatchObject({ name: 'dry run', state: 'ok' });
    expect(checks.map(({ name }) => name)).toEqual([
      'app',
      'key',
      'configuration',
      'storage',
      'keyvault',
      'graph',
      'messagemedia',
      'schedule',
      'webhook',
      'dry run',
    ]);
  }, 60_000);

  it('finds a wrong function key', async () => {
    const { code, failed, said } = await examine('wrong-key');

    expect({ code, failed }).toEqual({ code: 5, failed: ['key'] });
    expect(said).toContain('ENTRA_SYNC_KEY');
  }, 60_000);

  it('finds the permission that Graph misses, and names it', async () => {
    stack.entra.admin.dropRole('User.Read.All');
    const { code, failed, said } = await examineAfresh();
    stack.entra.admin.grantRole('User.Read.All');

    expect({ code, failed }).toEqual({ code: 5, failed: ['graph'] });
    expect(said).toContain('application permission User.Read.All');
    expect(said).toContain('Microsoft Graph answered 403');
  }, 60_000);

  it('finds a client secret that has expired, and tells it from a wrong one', async () => {
    stack.entra.admin.expireSecrets();
    const expired = await examineAfresh();
    stack.entra.admin.rotateSecret('another-secret');
    const wrong = await examineAfresh();
    stack.entra.admin.rotateSecret(LOCAL_IDENTITY.clientSecret);

    expect(expired).toMatchObject({ code: 5, failed: ['graph'] });
    expect(expired.said).toContain('AADSTS7000222');
    expect(wrong).toMatchObject({ code: 5, failed: ['graph'] });
    expect(wrong.said).toContain('AADSTS7000215');
  }, 60_000);

  it('finds the role that the vault misses', async () => {
    stack.keyVault.admin.denyAccess(true);
    const { code, failed, said } = await examineAfresh();
    stack.keyVault.admin.denyAccess(false);

    expect(code).toBe(5);
    expect(failed).toContain('keyvault');
    expect(said).toContain('Key Vault Secrets User');
  }, 60_000);

  it('finds a secret that is not in the vault', async () => {
    stack.keyVault.admin.deleteSecret('pseudonym-key');
    const { code, failed, said } = await examineAfresh();
    stack.keyVault.admin.setSecret('pseudonym-key', LOCAL_IDENTITY.pseudonymKey);

    expect({ code, failed }).toEqual({ code: 2, failed: ['keyvault'] });
    expect(said).toContain('pseudonym-key');
  }, 60_000);

  it('finds a MessageMedia key that is refused', async () => {
    stack.messageMedia.account.rotateCredentials({ apiKey: 'other', apiSecret: 'other' });
    const { code, failed, said } = await examineAfresh();
    stack.messageMedia.account.rotateCredentials(LOCAL_IDENTITY);

    expect({ code, failed }).toEqual({ code: 5, failed: ['messagemedia'] });
    expect(said).toContain('messagemedia-api-key');
  }, 60_000);

  it('finds a neighbour that does not answer', async () => {
    const down = stack.messageMedia.faults.add({ do: { status: 503 } });
    const { code, failed, said } = await examineAfresh();
    down.remove();

    expect({ code, failed }).toEqual({ code: 6, failed: ['messagemedia'] });
    expect(said).toContain('try again');
  }, 60_000);

  it('finds a secret that is about to expire', async () => {
    const inFiveDays = Date.now() + 5.5 * 86_400_000;
    stack.keyVault.admin.setSecret('entra-client-secret', LOCAL_IDENTITY.clientSecret, inFiveDays);
    const { code, failed, checks } = await examineAfresh();

    expect({ code, failed }).toEqual({ code: 0, failed: [] });
    expect(checks.find(({ name }) => name === 'entra-client-secret')).toMatchObject({
      state: 'warning',
      words: 'expires in 5 days',
    });
  }, 60_000);

  it('finds that the sync is paused', async () => {
    await runCli(['pause'], appEnv({ url: stack.apiUrl, key: stack.host.keys.host }));
    const { code, checks } = await examine();
    await runCli(['resume'], appEnv({ url: stack.apiUrl, key: stack.host.keys.host }));

    expect(code).toBe(0);
    expect(checks.find(({ name }) => name === 'schedule')).toMatchObject({ state: 'warning' });
  }, 60_000);

  it('finds every wrong setting', async () => {
    const { code, failed, said } = await examineAfresh({
      SYNC_LANES: 'many',
      GRAPH_BASE_URL: 'http://graph.example.com',
    });

    expect({ code, failed }).toEqual({ code: 2, failed: ['configuration'] });
    expect(said).toMatch(/SYNC_LANES[^]*GRAPH_BASE_URL|GRAPH_BASE_URL[^]*SYNC_LANES/);
  }, 60_000);

  it('finds storage that does not answer', async () => {
    const { SYNC_LANES, GRAPH_BASE_URL } = { SYNC_LANES: '4', GRAPH_BASE_URL: stack.entra.origin };
    await stack.restartHost({ SYNC_LANES, GRAPH_BASE_URL });
    await stack.azurite.stop();

    const { code, failed } = await examine();

    expect(code).toBe(6);
    expect(failed[0]).toBe('storage');
  }, 120_000);

  it('finds that the app is gone', async () => {
    await stack.killHost();

    const { code, failed, said } = await examine();

    expect({ code, failed }).toEqual({ code: 6, failed: ['app'] });
    expect(said).toContain('nobody listens there');
  }, 60_000);
});
