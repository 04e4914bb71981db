import { sampleDirectory } from '../../local/entra-graph/sample-directory.ts';
import { compareWithOracle } from '../../local/oracle.ts';
import { startStack } from '../../local/stack.ts';
import type { Stack } from '../../local/stack.ts';
import { ENTRA_AUTHS, LOCAL_IDENTITY, signInSettings } from '../../local/stack/app-settings.ts';
import { PUBLISHED_SAMPLE } from '../../local/stack/published-sample.ts';

const START_TIMEOUT_MS = 120_000;
const SECRETLESS = ENTRA_AUTHS.filter((auth) => auth !== 'client-secret');

describe('the built app, with no client secret anywhere', () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await startStack({ users: sampleDirectory({ size: 40 }) });
    stack.keyVault.admin.deleteSecret('entra-client-secret');
  }, START_TIMEOUT_MS);

  afterAll(() => stack.stop());

  it.each(SECRETLESS)(
    'synchronises with ENTRA_AUTH %s',
    async (auth) => {
      await stack.restartHost(signInSettings(auth));
      const tokensBefore = tokenRequests();

      const run = await stack.api.run({ mode: 'full' });

      const account = stack.messageMedia.account.snapshot();
      const users = stack.entra.admin.users();
      expect(run).toMatchObject({ state: 'completed' });
      expect(compareWithOracle({ users, sync: PUBLISHED_SAMPLE, account })).toEqual([]);
      expect(stack.irregularities()).toEqual([]);
      expect(tokenRequests() - tokensBefore).toBe(auth === 'federated' ? 1 : 0);
    },
    60_000,
  );

  it('keeps the secret of MessageMedia to itself with MESSAGEMEDIA_AUTH hmac', async () => {
    const { apiKey, apiSecret } = LOCAL_IDENTITY;
    // A key of this kind is believed for its signatures only.
    stack.messageMedia.account.rotateCredentials({ apiKey, apiSecret, kind: 'hmac' });
    await stack.restartHost({ ...signInSettings('managed-identity'), MESSAGEMEDIA_AUTH: 'hmac' });

    const run = await stack.api.run({ mode: 'full' });

    expect(run).toMatchObject({ state: 'completed' });
    expect(stack.irregularities()).toEqual([]);
    await stack.restartHost({ MESSAGEMEDIA_AUTH: 'basic' });
    expect(await stack.api.status()).toMatchObject({
      neighbours: expect.arrayContaining([
        expect.objectContaining({ neighbour: 'messagemedia', ok: false, access: 'secret-refused' }),
      ]) as unknown,
    });
    stack.messageMedia.account.rotateCredentials({ apiKey, apiSecret });
  }, 60_000);

  it('says how to mend it when the app registration does not trust the identity', async () => {
    await stack.restartHost(signInSettings('federated'));
    stack.entra.admin.setFederatedCredentials([]);

    const status = await stack.api.status();

    expect(status).toMatchObject({
      neighbours: expect.arrayContaining([
        expect.objectContaining({
          neighbour: 'graph',
          ok: false,
          access: 'identity-refused',
          message: expect.stringContaining('infra:grant') as string,
        }),
      ]) as unknown,
    });
  }, 60_000);

  function tokenRequests(): number {
    return stack.entra.requests.filter(({ path }) => path.endsWith('/oauth2/v2.0/token')).length;
  }
});
