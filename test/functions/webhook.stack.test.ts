import { LOCAL_IDENTITY } from '../../local/stack/app-settings.ts';
import { startStack } from '../../local/stack.ts';
import type { Stack } from '../../local/stack.ts';
import { freePort } from '../../local/stack/ports.ts';
import { aUser, mobile, userId } from '../support/story-people.ts';

describe('the webhook of the built app', () => {
  let stack: Stack;
  const log: string[] = [];

  beforeAll(async () => {
    stack = await startStack({
      users: [aUser(1), aUser(2, { mobilePhone: null })],
      account: { signing: 1024 },
      functionsPort: await freePort(),
      onLog: ({ message }) => log.push(message),
    });
  }, 60_000);

  afterAll(() => stack.stop());

  const call = async (method: 'GET' | 'POST', path: string, body?: object) => {
    const headers = { 'x-functions-key': stack.host.keys.host, 'content-type': 'application/json' };
    const response = await fetch(`${stack.apiUrl}/${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const run = async (): Promise<string> => {
    const started = await stack.api.startRun({ mode: 'delta', dryRun: false });
    return (await stack.api.waitForRun(started.runId)).state;
  };
  const stateOf = (n: number): readonly string[] =>
    stack.messageMedia.account
      .contactsWith(mobile(n))
      .flatMap(({ channels }) => channels.map(({ subscriptionState }) => subscriptionState));

  it('is installed with the secret and a signing key, and told to be weak where the key is', async () => {
    expect((await call('GET', 'webhook')).body).toMatchObject({ problems: ['not-installed', 'not-registered'] });

    const { status, body } = await call('POST', 'webhook', {});

    expect(status).toBe(200);
    expect(body).toEqual({
      url: `${stack.apiUrl}/webhooks/messagemedia`,
      registered: true,
      signing: 'on',
      keyBits: 1024,
      problems: ['weak-key'],
    });
    expect((await call('GET', 'webhook')).body).toEqual(body);
  });

  it('takes a signed opt-out, and the number stays opted out on whoever gets it next', async () => {
    expect(await run()).toBe('completed');
    expect(stateOf(1)).toEqual(['SUBSCRIBED']);

    const delivered = await stack.messageMedia.account.replyStop(mobile(1));

    expect(delivered).toEqual([{ url: `${stack.apiUrl}/webhooks/messagemedia`, status: 202, tries: 1 }]);
    // The platform forgets: only the ledger still knows.
    stack.messageMedia.account.optIn(mobile(1));
    stack.entra.admin.updateUser(userId(1), { mobilePhone: mobile(3) });
    stack.entra.admin.updateUser(userId(2), { mobilePhone: mobile(1) });
    expect(await run()).toBe('completed');
    expect(stateOf(1)).toEqual(['UNSUBSCRIBED']);
    expect(stateOf(3)).toEqual(['SUBSCRIBED']);
  });

  it('says nothing to anybody else, and is told of nothing', async () => {
    const url = `${stack.apiUrl}/webhooks/messagemedia`;
    const body = JSON.stringify({ event: 'opt-out', source_number: mobile(3) });
    const attempts: readonly RequestInit[] = [
      { method: 'POST', body },
      { method: 'POST', body, headers: { 'x-entra-sync-secret': 'guessed' } },
      { method: 'POST', body, headers: { 'x-entra-sync-secret': LOCAL_IDENTITY.webhookSecret } },
      { method: 'POST', body, headers: { 'x-functions-key': stack.host.keys.host } },
    ];

    for (const attempt of attempts) {
      const response = await fetch(url, attempt);
      expect([response.status, await response.text()]).toEqual([401, '']);
    }
    expect((await fetch(url)).status).toBe(404);
    expect(await run()).toBe('completed');
    expect(stateOf(3)).toEqual(['SUBSCRIBED']);
  });

  it('leaves no number and no secret in the log', () => {
    const text = log.join('\n');

    expect(text).toContain('webhook.refused');
    expect(text).not.toMatch(/\+?61450\d{6}/);
    expect(text).not.toContain(LOCAL_IDENTITY.webhookSecret);
    expect(stack.irregularities()).toEqual([]);
  });
});
