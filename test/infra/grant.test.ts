import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTlsIdentity, type TlsIdentity } from '../../local/simulator/tls.ts';
import { bareEnvironment, emptyPath, runScript, standIn, type StandIn } from './run-script.ts';
import { startTenantAdmin, type TenantAdmin } from './tenant-admin.ts';

const IDENTITY = 'aaaaaaaa-1111-4000-8000-000000000001';
const CLIENT = 'bbbbbbbb-2222-4000-8000-000000000002';
const API = 'cccccccc-3333-4000-8000-000000000003';
const TENANT = '11111111-2222-4333-8444-555555555555';

describe('scripts/infra-grant.ts', () => {
  let tls: TlsIdentity;
  let tenant: TenantAdmin;
  let azureCli: StandIn;
  let folder: string;

  beforeAll(async () => {
    tls = await createTlsIdentity();
    azureCli = standIn('az', { 'account get-access-token': '{"accessToken": "token"}' });
    folder = mkdtempSync(join(tmpdir(), 'grant-'));
  });

  beforeEach(async () => {
    tenant = await startTenantAdmin(tls);
  });

  afterEach(async () => {
    expect(tenant.failures).toEqual([]);
    await tenant.close();
  });

  afterAll(() => {
    azureCli.remove();
    rmSync(folder, { recursive: true });
  });

  const grant = (
    args: readonly string[] = [],
    changed: NodeJS.ProcessEnv = {},
    sync: object = { mapping: { mobilePhone: 'phone_number' } },
  ) => {
    const config = join(folder, 'sync.config.jsonc');
    writeFileSync(config, `// what is synchronised\n${JSON.stringify({ sync })}`);
    return runScript('scripts/infra-grant.ts', ['--config', config, '--wait-seconds', '0', ...args], {
      ...bareEnvironment(azureCli.path),
      NODE_EXTRA_CA_CERTS: tls.caFile,
      ENTRA_AUTH: 'managed-identity',
      ENTRA_AUTHORITY_HOST: 'https://login.microsoftonline.com/',
      ENTRA_TENANT_ID: TENANT,
      GRAPH_BASE_URL: tenant.origin,
      IDENTITY_PRINCIPAL_ID: IDENTITY,
      KEY_VAULT_NAME: 'kv-test',
      KEY_VAULT_URI: `${tenant.origin}/`,
      ...changed,
    });
  };
  const writes = () => tenant.requests.filter(({ method }) => method !== 'GET');

  it('grants the identity what the configuration needs, makes the pseudonym key, and says what is left', async () => {
    const { code, stdout, stderr } = await grant();

    expect([code, stderr]).toEqual([0, '']);
    expect(tenant.rolesOf(IDENTITY)).toEqual(['User.Read.All']);
    expect(tenant.secrets.get('pseudonym-key')).toHaveLength(64);
    expect(stdout).toContain('done: grant User.Read.All of Microsoft Graph: reads people with their phone numbers');
    expect(stdout).toContain('az keyvault secret set --vault-name kv-test --name messagemedia-api-key');
    expect(stdout).not.toContain('entra-client-secret');
  });

  it('does nothing the second time', async () => {
    await grant();
    const key = tenant.secrets.get('pseudonym-key');
    const before = writes().length;

    const { code, stdout } = await grant();

    expect(code).toBe(0);
    expect(stdout).toContain('Everything is granted already.');
    expect(writes()).toHaveLength(before);
    expect(tenant.secrets.get('pseudonym-key')).toBe(key);
  });

  it('says what it would do, and does none of it, with --what-if', async () => {
    const { code, stdout } = await grant(['--what-if']);

    expect(code).toBe(0);
    expect(stdout).toContain('would grant User.Read.All');
    expect(stdout).toContain('would create the secret pseudonym-key');
    expect(writes()).toEqual([]);
  });

  it('never prints a token or a key', async () => {
    const { stdout, stderr } = await grant();

    expect(`${stdout}${stderr}`).not.toContain(tenant.secrets.get('pseudonym-key'));
    expect(`${stdout}${stderr}`).not.toMatch(/\btoken\b/);
    expect(azureCli.calls().join('\n')).not.toContain(tenant.secrets.get('pseudonym-key'));
  });

  it('reads every page of what is granted, and names what is granted and not needed', async () => {
    const graphId = [...tenant.servicePrincipals.values()][0]!;
    for (const value of ['Mail.Send', 'Contacts.Read', 'User.Read.All']) {
      const appRoleId = tenant.graphRoles.find((role) => role.value === value)!.id;
      tenant.assignments.push({ principalId: IDENTITY, resourceId: graphId, appRoleId });
    }

    const { code, stdout } = await grant();

    expect(code).toBe(0);
    expect(tenant.rolesOf(IDENTITY)).toHaveLength(3);
    expect(stdout).toContain('Mail.Send is granted and not needed');
    expect(stdout).toContain('Contacts.Read is granted and not needed');
    expect(stdout).not.toContain('User.Read.All is granted and not needed');
  });

  it('trusts the identity as the credential of the app registration, whose principal it makes and grants', async () => {
    tenant.applications.set(CLIENT, { id: 'application-1', appRoles: [], credentials: [] });

    const { code, stderr } = await grant([], { ENTRA_AUTH: 'federated', ENTRA_CLIENT_ID: CLIENT });

    expect([code, stderr]).toEqual([0, '']);
    expect(tenant.rolesOf(tenant.servicePrincipals.get(CLIENT)!)).toEqual(['User.Read.All']);
    expect(tenant.rolesOf(IDENTITY)).toEqual([]);
    expect(tenant.applications.get(CLIENT)!.credentials).toEqual([
      {
        name: 'entra-sync',
        issuer: `https://login.microsoftonline.com/${TENANT}/v2.0`,
        subject: IDENTITY,
        audiences: ['api://AzureADTokenExchange'],
      },
    ]);
    expect((await grant([], { ENTRA_AUTH: 'federated', ENTRA_CLIENT_ID: CLIENT })).stdout).toContain('already');
  });

  it('names the receiver of the token as the cloud of the US Government does', async () => {
    tenant.applications.set(CLIENT, { id: 'application-1', appRoles: [], credentials: [] });
    const cloud = { ENTRA_AUTHORITY_HOST: 'https://login.microsoftonline.us/' };

    await grant([], { ENTRA_AUTH: 'federated', ENTRA_CLIENT_ID: CLIENT, ...cloud });

    expect(tenant.applications.get(CLIENT)!.credentials).toMatchObject([
      { audiences: ['api://AzureADTokenExchangeUSGov'] },
    ]);
  });

  it('declares the app roles of the API and keeps those of others', async () => {
    const others = { id: 'other', value: 'Other.Role' };
    tenant.applications.set(API, { id: 'application-2', appRoles: [others], credentials: [] });

    const { code } = await grant([], { EASY_AUTH_CLIENT_ID: API });

    const { appRoles } = tenant.applications.get(API)!;
    expect(code).toBe(0);
    expect(appRoles[0]).toEqual(others);
    expect(appRoles.slice(1).map((role) => (role as { readonly value: string }).value)).toEqual([
      'Sync.Read',
      'Sync.Run',
      'Sync.Approve',
      'Sync.Admin',
    ]);
  });

  it('leaves what it may not do to an administrator, with the command', async () => {
    tenant.faults.add({ match: { method: 'POST', path: /appRoleAssignments/ }, do: { status: 403 } });

    const { code, stdout } = await grant();

    expect(code).toBe(0);
    expect(tenant.rolesOf(IDENTITY)).toEqual([]);
    expect(tenant.secrets.has('pseudonym-key')).toBe(true);
    expect(stdout).toContain('Have an administrator grant User.Read.All');
    expect(stdout).toContain(`az rest --method POST --url '${tenant.origin}/v1.0/servicePrincipals/${IDENTITY}`);
  });

  it('never makes a second pseudonym key where one was deleted', async () => {
    tenant.deletedSecrets.add('pseudonym-key');

    const { code, stdout } = await grant();

    expect(code).toBe(0);
    expect(tenant.secrets.has('pseudonym-key')).toBe(false);
    expect(stdout).toContain('az keyvault secret recover --vault-name kv-test --name pseudonym-key');
  });

  it('says who may run it when the vault refuses', async () => {
    tenant.forbidden.push('/secrets/');

    const { code, stderr } = await grant();

    expect(code).toBe(1);
    expect(stderr).toContain('Key Vault Secrets Officer');
    expect(stderr).not.toContain('    at ');
  });

  it('names every output that is missing', async () => {
    const { code, stderr } = await grant([], { KEY_VAULT_URI: '', IDENTITY_PRINCIPAL_ID: '' });

    expect(code).toBe(1);
    expect(stderr).toContain('IDENTITY_PRINCIPAL_ID, KEY_VAULT_URI');
    expect(stderr).toContain('azd provision');
  });

  it('asks for the app registration where the identity does not sign in itself', async () => {
    const { code, stderr } = await grant([], { ENTRA_AUTH: 'client-secret' });

    expect(code).toBe(1);
    expect(stderr).toContain('ENTRA_CLIENT_ID');
  });

  it('wants the client secret in the vault where that is the sign-in', async () => {
    tenant.servicePrincipals.set(CLIENT, 'principal-of-the-registration');

    const { stdout } = await grant([], { ENTRA_AUTH: 'client-secret', ENTRA_CLIENT_ID: CLIENT });

    expect(tenant.rolesOf('principal-of-the-registration')).toEqual(['User.Read.All']);
    expect(stdout).toContain('--name entra-client-secret');
  });

  it('names the cure when there is no Azure CLI', async () => {
    const nothing = emptyPath();

    const { code, stderr } = await grant([], { PATH: nothing.path });

    nothing.remove();
    expect(code).toBe(1);
    expect(stderr).toContain('https://aka.ms/install-azure-cli');
  });
});
