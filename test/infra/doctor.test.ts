import { startSimulator, type SimResponse, type Simulator } from '../../local/simulator/server.ts';
import { createTlsIdentity, type TlsIdentity } from '../../local/simulator/tls.ts';
import { bareEnvironment, runScript, standIn, type StandIn } from './run-script.ts';

const HEALTHY = [
  { neighbour: 'storage', ok: true, latencyMs: 4 },
  { neighbour: 'messagemedia', ok: true, latencyMs: 90 },
];
const SCHEDULE = { words: 'every day at 06:00 (UTC)', next: ['2026-11-26T06:00:00.000Z'] };

describe('scripts/infra-doctor.ts', () => {
  let tls: TlsIdentity;
  let azureCli: StandIn;
  let app: Simulator;
  let health: SimResponse;
  let status: SimResponse;

  beforeAll(async () => {
    tls = await createTlsIdentity();
    azureCli = standIn('az', { 'functionapp function keys list': '{"default": "secret-key"}' });
    app = await startSimulator({
      name: 'app',
      tls,
      handle: ({ path, headers }) => {
        if (path === '/api/health') return health;
        return headers['x-functions-key'] === 'secret-key' ? status : { status: 401 };
      },
    });
  });

  beforeEach(() => {
    health = { status: 200, body: {} };
    status = { status: 200, body: { neighbours: HEALTHY, schedule: SCHEDULE } };
  });

  afterAll(async () => {
    azureCli.remove();
    await app.close();
  });

  const doctor = (changed: NodeJS.ProcessEnv = {}) =>
    runScript('scripts/infra-doctor.ts', ['--wait-seconds', '0'], {
      ...bareEnvironment(azureCli.path),
      NODE_EXTRA_CA_CERTS: tls.caFile,
      FUNCTION_APP_NAME: 'func-test',
      FUNCTION_APP_URL: app.origin,
      AZURE_RESOURCE_GROUP: 'rg-test',
      ...changed,
    });

  it('says that the app is alive, that each neighbour answers it, and when it runs next', async () => {
    const { code, stdout, stderr } = await doctor();

    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.trim().split('\n')).toEqual([
      'ok    the app is alive',
      'ok    storage (4 ms)',
      'ok    messagemedia (90 ms)',
      'ok    every day at 06:00 (UTC); next: 2026-11-26T06:00:00.000Z',
    ]);
    expect(azureCli.calls().at(-1)).toContain('--name func-test --resource-group rg-test --function-name get-status');
  });

  it.each([
    ['storage', 'azd provision'],
    ['keyvault', 'npm run infra:grant'],
    ['entra', 'ENTRA_AUTH'],
    ['graph', 'npm run infra:grant'],
    ['messagemedia', 'MESSAGEMEDIA_BASE_URL'],
  ])('names the cure when %s does not answer', async (neighbour, cure) => {
    status = { status: 200, body: { neighbours: [{ neighbour, ok: false, code: 'access-denied', latencyMs: 1 }] } };

    const { code, stdout } = await doctor();

    expect(code).toBe(1);
    expect(stdout).toContain(`mend  ${neighbour}: access-denied.`);
    expect(stdout).toContain(cure);
  });

  it('says it in the words of the app where that knows better', async () => {
    const message = 'Let the app registration trust the managed identity.';
    const graph = { neighbour: 'graph', ok: false, code: 'access-denied', message, latencyMs: 1 };
    status = { status: 200, body: { neighbours: [graph] } };

    const { stdout } = await doctor();

    expect(stdout).toContain(`mend  graph: access-denied. ${message}`);
    expect(stdout).not.toContain('The permission is missing');
  });

  it('tells every problem of the settings', async () => {
    const problems = [
      { name: 'ENTRA_CLIENT_ID', expected: 'a GUID' },
      { path: 'sync.schedule', expected: 'a schedule' },
    ];
    status = { status: 503, body: { code: 'configuration-invalid', detail: 'Two problems.', problems } };

    const { code, stdout, stderr } = await doctor();

    expect(code).toBe(1);
    expect(stdout).toContain('mend  ENTRA_CLIENT_ID: expected a GUID');
    expect(stdout).toContain('mend  sync.schedule: expected a schedule');
    expect(stderr).toContain('Two problems.');
  });

  it('says so when the app does not come to life', async () => {
    health = { status: 502 };

    const { code, stderr } = await doctor();

    expect(code).toBe(1);
    expect(stderr).toContain('/api/health does not answer (502)');
  });

  it('says so when nobody listens', async () => {
    const { code, stderr } = await doctor({ FUNCTION_APP_URL: 'https://localhost:1' });

    expect(code).toBe(1);
    expect(stderr).toContain('(no connection)');
  });

  it('leaves the rest to people where they sign in themselves', async () => {
    status = { status: 401 };

    const { code, stdout } = await doctor({ EASY_AUTH_CLIENT_ID: 'api-client' });

    expect(code).toBe(0);
    expect(stdout).toContain('look  people sign in themselves');
  });

  it('says so when the app refuses its own key', async () => {
    status = { status: 401 };

    const { code, stderr } = await doctor();

    expect(code).toBe(1);
    expect(stderr).toContain('/api/status refuses its own key');
  });

  it('never prints the key', async () => {
    const { stdout, stderr } = await doctor();

    expect(`${stdout}${stderr}`).not.toContain('secret-key');
  });
});
