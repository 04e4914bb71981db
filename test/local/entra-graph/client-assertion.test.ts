import { ClientAssertionCredential } from '@azure/identity';
import type { EntraGraph } from '../../../local/entra-graph/entra-graph.ts';
import { CLIENT_ID, GRAPH_SCOPE, TENANT_ID, startTenant } from './tenant.ts';

const AUDIENCE = 'api://AzureADTokenExchange';
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

let tenant: EntraGraph;

beforeEach(async () => {
  tenant = await startTenant();
  const issuer = `${tenant.origin}/${TENANT_ID}/v2.0`;
  tenant.admin.setFederatedCredentials([{ issuer, subject: tenant.identityPrincipalId, audience: AUDIENCE }]);
});
afterEach(() => tenant.close());

async function identityToken(resource = AUDIENCE): Promise<string> {
  const query = new URLSearchParams({ 'api-version': '2019-08-01', resource });
  const answer = await fetch(`${tenant.identityEndpoint}?${query.toString()}`, {
    headers: { 'X-IDENTITY-HEADER': tenant.identityHeader },
  });
  return ((await answer.json()) as { readonly access_token: string }).access_token;
}

async function exchange(assertion: string, type = ASSERTION_TYPE): Promise<{ status: number; codes: unknown }> {
  const answer = await fetch(`${tenant.origin}/${TENANT_ID}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: CLIENT_ID,
      scope: GRAPH_SCOPE,
      client_assertion: assertion,
      client_assertion_type: type,
    }),
  });
  return { status: answer.status, codes: ((await answer.json()) as Record<string, unknown>)['error_codes'] };
}

describe('a client assertion', () => {
  it('of the trusted identity gives the real credential a token that opens Graph', async () => {
    const credential = new ClientAssertionCredential(TENANT_ID, CLIENT_ID, () => identityToken(), {
      authorityHost: tenant.origin,
      disableInstanceDiscovery: true,
    });

    const { token } = await credential.getToken(GRAPH_SCOPE);

    expect(tenant.acceptsToken(`Bearer ${token}`, 'https://graph.microsoft.com')).toBe(true);
  });

  it('that was not issued here is malformed', async () => {
    expect(await exchange('a.b.c')).toEqual({ status: 401, codes: [50027] });
  });

  it('of another type is malformed', async () => {
    expect(await exchange(await identityToken(), 'urn:example')).toEqual({ status: 401, codes: [50027] });
  });

  it('that has expired is out of its time', async () => {
    const assertion = await identityToken();
    tenant.admin.expireAccessTokens();

    expect(await exchange(assertion)).toEqual({ status: 401, codes: [700024] });
  });

  it('that was meant for somebody else is not trusted', async () => {
    expect(await exchange(await identityToken('https://vault.azure.net'))).toEqual({ status: 401, codes: [700212] });
  });
});
