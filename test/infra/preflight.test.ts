import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bareEnvironment, runScript, standIn, type StandIn } from './run-script.ts';

const ENABLED = { 'account show': '{"name": "Contoso", "state": "Enabled"}' };

describe('scripts/infra-preflight.ts', () => {
  const standIns: StandIn[] = [];
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'preflight-'));
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
    standIns.forEach((one) => one.remove());
  });

  const preflight = (
    azureCli: Readonly<Record<string, string>>,
    changed: NodeJS.ProcessEnv = {},
    args: readonly string[] = [],
  ) => {
    const az = standIn('az', azureCli);
    standIns.push(az);
    return runScript('scripts/infra-preflight.ts', args, { ...bareEnvironment(az.path), ...changed });
  };

  it('finds nothing to mend in what is shipped', async () => {
    const { code, stdout, stderr } = await preflight(ENABLED);

    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.trim().split('\n')).toEqual([
      'ok    infra/sync.config.jsonc can be used; it needs User.Read.All',
      'ok    the managed identity signs in to Microsoft Graph itself',
      'ok    signed in, subscription Contoso',
    ]);
  });

  it('tells everything that has to be mended at once', async () => {
    const config = join(folder, 'wrong.jsonc');
    writeFileSync(config, '{"sync": {"schedule": "0 6 * * *", "mapping": {"mobilPhone": "phone_number"}}}');

    const { code, stdout } = await preflight({}, { ENTRA_AUTH: 'federated' }, ['--config', config]);

    expect(code).toBe(1);
    expect(stdout).toContain('mobilePhone');
    expect(stdout).toContain('azd env set ENTRA_CLIENT_ID');
    expect(stdout).toContain('az account show');
    expect(stdout.match(/^mend/gm)).toHaveLength(3);
  });

  it('warns of a first plan that nobody looks at', async () => {
    const config = join(folder, 'unseen.jsonc');
    writeFileSync(config, '{"sync": {"schedule": "0 6 * * *", "mapping": {"mobilePhone": "phone_number"}}}');

    const { code, stdout } = await preflight(ENABLED, {}, ['--config', config]);

    expect(code).toBe(0);
    expect(stdout).toContain('the first plan is applied unseen');
  });

  it('names the app registration that signs in', async () => {
    const { code, stdout } = await preflight(ENABLED, { ENTRA_AUTH: 'federated', ENTRA_CLIENT_ID: 'some-client' });

    expect(code).toBe(0);
    expect(stdout).toContain('the app registration some-client signs in (federated)');
  });

  it('refuses a subscription that is not enabled', async () => {
    const { code, stdout } = await preflight({ 'account show': '{"name": "Old", "state": "Disabled"}' });

    expect(code).toBe(1);
    expect(stdout).toContain('mend  The subscription Old is Disabled.');
  });

  it.each([
    ['NotRegistered', 1, 'az provider register --namespace Microsoft.App'],
    ['Registered', 0, 'Microsoft.App is registered'],
  ])('looks at the provider of the private network: %s', async (registrationState, expected, words) => {
    const answers = { ...ENABLED, 'provider show': JSON.stringify({ registrationState }) };

    const { code, stdout } = await preflight(answers, { NETWORK_ACCESS: 'private' });

    expect(code).toBe(expected);
    expect(stdout).toContain(words);
  });
});
