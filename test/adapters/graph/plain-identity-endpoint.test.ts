import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EntraGraph } from '../../../local/entra-graph/entra-graph.ts';
import { aScope } from '../../support/neighbour-calls.ts';
import { aDirectory, aTenant } from './tenant-under-test.ts';

const IDENTITY = '99999999-aaaa-4bbb-8ccc-eeeeeeeeeeee';

let tenant: EntraGraph;
let server: Server;
let origin: string;
const asked: string[] = [];

// As in App Service: the endpoint for identities is plain http on this machine. This one hands on to the simulator's.
beforeAll(async () => {
  tenant = await aTenant({ identityClientId: IDENTITY });
  server = createServer((request, response) => {
    asked.push(new URL(request.url ?? '', origin).pathname);
    const { search } = new URL(request.url ?? '', origin);
    const headers = { 'X-IDENTITY-HEADER': String(request.headers['x-identity-header']) };
    void fetch(`${tenant.identityEndpoint}${search}`, { headers }).then(async (answer) => {
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(await answer.text());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  Object.assign(process.env, { IDENTITY_ENDPOINT: `${origin}/msi/token`, IDENTITY_HEADER: tenant.identityHeader });
});

afterAll(async () => {
  await Promise.all([tenant.close(), new Promise((resolve) => server.close(resolve))]);
});

describe('a managed identity of App Service', () => {
  it('signs in at the endpoint on this machine, which is plain http, and calls Graph over TLS', async () => {
    const auth = { method: 'managed-identity' } as const;
    const directory = aDirectory(tenant, { auth, clientId: IDENTITY, allowedOrigins: [origin] });

    await directory.check(aScope());

    expect(asked).toEqual(['/msi/token']);
    expect(tenant.requests.map(({ path, status }) => `${path} ${status}`)).toContain('/v1.0/users/delta 200');
  });
});
