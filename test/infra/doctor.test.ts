import { aNeighbour, aStatus } from '../cli/answers.ts';
import { startSmallApp } from '../cli/small-app.ts';
import type { Answers, SmallApp } from '../cli/small-app.ts';
import { bareEnvironment, runScript, standIn, type StandIn } from './run-script.ts';

const KEY = 'key-of-the-app';
const ALIVE: Answers = { 'GET /health': { body: { status: 'ok' } }, 'GET /runs': { body: { items: [] } } };

describe('scripts/infra-doctor.ts', () => {
  let azureCli: StandIn;
  let app: SmallApp | undefined;

  beforeEach(() => {
    azureCli = standIn('az', { 'functionapp keys list': JSON.stringify({ functionKeys: { default: KEY } }) });
  });

  afterEach(async () => {
    azureCli.remove();
    await app?.close();
    app = undefined;
  });

  const doctor = async (answers: Answers, changed: NodeJS.ProcessEnv = {}) => {
    app = await startSmallApp(answers);
    return runScript('scripts/infra-doctor.ts', ['--wait-seconds', '0'], {
      ...bareEnvironment(azureCli.path),
      FUNCTION_APP_NAME: 'func-test',
      FUNCTION_APP_URL: app.url.replace(/\/api$/, ''),
      AZURE_RESOURCE_GROUP: 'rg-test',
      ...changed,
    });
  };

  it('lets the doctor of the command line examine the deployed app with its key', async () => {
    const { code, stdout, stderr } = await doctor({ ...ALIVE, 'GET /status': { body: aStatus() } });

    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`answers at ${app!.url}`);
    expect(stdout).toContain('All is well');
    expect(app!.asked.filter(({ path }) => path === '/status').map(({ key }) => key)).toEqual([KEY]);
    expect(azureCli.calls().at(-1)).toContain('--name func-test --resource-group rg-test');
  });

  it('ends as the doctor ends, with the cure', async () => {
    const message = 'Let the app registration trust the managed identity.';
    const graph = aNeighbour('graph', { ok: false, code: 'access-denied', message });

    const { code, stdout } = await doctor({ ...ALIVE, 'GET /status': { body: aStatus({ neighbours: [graph] }) } });

    expect(code).toBe(5);
    expect(stdout).toContain(message);
  });

  it('says so when the app does not come to life', async () => {
    const { code, stderr } = await doctor({ 'GET /health': { status: 502 } });

    expect(code).toBe(1);
    expect(stderr).toContain('/api/health does not answer (502)');
  });

  it('says so when nobody listens', async () => {
    const { code, stderr } = await doctor({}, { FUNCTION_APP_URL: 'https://localhost:1' });

    expect(code).toBe(1);
    expect(stderr).toContain('(no connection)');
  });

  it('leaves the rest to people where they sign in themselves', async () => {
    const { code, stdout } = await doctor(ALIVE, { EASY_AUTH_CLIENT_ID: 'api-client' });

    expect(code).toBe(0);
    expect(stdout).toContain('look  people sign in themselves');
    expect(azureCli.calls()).toEqual([]);
  });

  it('never prints the key, and puts it on no command line', async () => {
    const { stdout, stderr } = await doctor({ ...ALIVE, 'GET /status': { status: 401 } });

    expect(`${stdout}${stderr}${azureCli.calls().join('\n')}`).not.toContain(KEY);
  });
});
