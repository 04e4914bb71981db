import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { LOCAL_IDENTITY } from '../../local/stack/app-settings.ts';
import { DEFAULT_PORTS, takenPorts } from '../../local/stack/ports.ts';

describe('LOCAL_IDENTITY', () => {
  it('is what local.settings.sample.json names, with the addresses of `npm start`', () => {
    const { Values } = JSON.parse(readFileSync('local.settings.sample.json', 'utf8')) as {
      readonly Values: Readonly<Record<string, string>>;
    };

    expect(Values).toMatchObject({
      ENTRA_TENANT_ID: LOCAL_IDENTITY.tenantId,
      ENTRA_CLIENT_ID: LOCAL_IDENTITY.clientId,
      ENTRA_CLIENT_SECRET: LOCAL_IDENTITY.clientSecret,
      MESSAGEMEDIA_API_KEY: LOCAL_IDENTITY.apiKey,
      MESSAGEMEDIA_API_SECRET: LOCAL_IDENTITY.apiSecret,
      MESSAGEMEDIA_WEBHOOK_SECRET: LOCAL_IDENTITY.webhookSecret,
      PUBLIC_BASE_URL: `http://localhost:${DEFAULT_PORTS.functions}`,
      PSEUDONYM_KEY: LOCAL_IDENTITY.pseudonymKey,
      ENTRA_AUTHORITY_HOST: `https://localhost:${DEFAULT_PORTS.neighbours.entra}`,
      GRAPH_BASE_URL: `https://localhost:${DEFAULT_PORTS.neighbours.entra}`,
      MESSAGEMEDIA_BASE_URL: `https://localhost:${DEFAULT_PORTS.neighbours.messageMedia}`,
    });
  });

  it('is what api.http calls', () => {
    expect(readFileSync('api.http', 'utf8')).toContain(`http://127.0.0.1:${DEFAULT_PORTS.functions}/api`);
  });
});

describe('takenPorts', () => {
  it('names the ports that somebody listens on', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;

    const taken = await takenPorts([port, 0]);

    expect(taken).toEqual([port]);
    await new Promise((resolve) => server.close(resolve));
  });
});
