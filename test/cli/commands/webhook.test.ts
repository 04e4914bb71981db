import { WEBHOOK_PROBLEMS } from '../../../src/core/run/install-webhook.ts';
import { webhookCure } from '../../../src/cli/doctor/webhook-cures.ts';
import { aStatus } from '../answers.ts';
import { jsonOf, runCommand } from '../run-command.ts';
import { problem, startSmallApp } from '../small-app.ts';
import type { Answer, Answers, SmallApp } from '../small-app.ts';

const URL = 'https://sync.example.com/api/webhooks/messagemedia';
const WELL = { url: URL, registered: true, signing: 'on', keyBits: 2048, problems: [] };

let app: SmallApp | undefined;

async function appWith(answers: Answers): Promise<SmallApp> {
  app = await startSmallApp(answers);
  return app;
}

afterEach(async () => {
  await app?.close();
  app = undefined;
});

describe('webhook', () => {
  it('installs, and says where opt-outs come and how they are signed', async () => {
    const well = await appWith({ 'POST /webhook': { body: WELL } });

    const shown = await runCommand('webhook', well, { arguments: ['install'] });

    expect(shown.exit).toBe(0);
    expect(shown.out).toBe(`✔ MessageMedia tells the app of opt-outs: ${URL}\n  Signed, 2048 bits.\n`);
    expect(well.asked).toMatchObject([{ method: 'POST', path: '/webhook', body: { replaceKey: false } }]);
  });

  it('hands on what to do about a key that signs already', async () => {
    const well = await appWith({ 'POST /webhook': { body: WELL } });

    await runCommand('webhook', well, {
      arguments: ['install'],
      options: { 'replace-key': true, 'public-key': 'MIIB' },
    });

    expect(well.asked[0]?.body).toEqual({ replaceKey: true, publicKey: 'MIIB' });
  });

  it.each([
    ['not-available', 'The secret decides.'],
    ['off', 'no signing key is enabled'],
    ['on', 'a key that this app does not know'],
  ])('verifies, and tells what signing is: %s', async (signing, words) => {
    const { keyBits: _bits, ...plain } = WELL;
    const well = await appWith({ 'GET /webhook': { body: { ...plain, signing } } });

    const shown = await runCommand('webhook', well, { arguments: ['verify'] });

    expect([shown.exit, shown.out]).toEqual([0, expect.stringContaining(words)]);
  });

  it('ends with 2 when opt-outs do not reach the app, and says what to do', async () => {
    const outdated = await appWith({ 'GET /webhook': { body: { ...WELL, problems: ['unknown-key', 'a-newer-one'] } } });

    const shown = await runCommand('webhook', outdated, { arguments: ['verify'] });

    expect(shown.exit).toBe(2);
    expect(shown.out).toMatch(/✖ Opt-outs do not reach the app/);
    expect(shown.out).toContain('--replace-key');
    expect(shown.out).toContain('→ a-newer-one');
    expect(shown.out).toContain('docs/operations.md#the-webhook');
  });

  it('only warns of a short key', async () => {
    const weak = await appWith({ 'GET /webhook': { body: { ...WELL, keyBits: 1024, problems: ['weak-key'] } } });

    const shown = await runCommand('webhook', weak, { arguments: ['verify'], options: { json: true } });

    expect([shown.exit, jsonOf(shown)]).toEqual([0, { ...WELL, keyBits: 1024, problems: ['weak-key'] }]);
  });

  it('refuses any other word, and asks nobody', async () => {
    const idle = await appWith({});

    const shown = await runCommand('webhook', idle, { arguments: ['remove'] });

    expect([shown.exit, idle.asked]).toEqual([2, []]);
    expect(shown.err).toContain('`install` or `verify`');
  });

  it.each(WEBHOOK_PROBLEMS)('has a cure for %s', (name) => {
    expect(webhookCure(name)).not.toBe(name);
  });
});

describe('doctor', () => {
  const checkOf = async (answer: Answer | undefined) => {
    const well = await appWith({
      'GET /health': { body: { status: 'ok' } },
      'GET /status': { body: aStatus() },
      'GET /runs': { body: { items: [] } },
      ...(answer === undefined ? {} : { 'GET /webhook': answer }),
    });
    const shown = await runCommand('doctor', well, { options: { json: true } });
    const checks = jsonOf(shown)['checks'] as readonly { readonly name: string }[];
    return { exit: shown.exit, check: checks.find(({ name }) => name === 'webhook') };
  };

  it('says how opt-outs come', async () => {
    expect(await checkOf({ body: WELL })).toMatchObject({
      exit: 0,
      check: { state: 'ok', words: expect.stringMatching(/signed$/) },
    });
    await app?.close();
    const plain = { ...WELL, signing: 'not-available' };
    expect(await checkOf({ body: plain })).toMatchObject({
      check: { words: expect.stringMatching(/the secret alone$/) },
    });
  });

  it('warns of a webhook that does not stand as it should', async () => {
    expect(await checkOf({ body: { ...WELL, problems: ['outdated', 'weak-key'] } })).toMatchObject({
      exit: 0,
      check: { state: 'warning', words: 'outdated, weak-key', section: 'the-webhook' },
    });
  });

  it('leaves an app alone that has no public address, or is older', async () => {
    const refused = problem(503, 'configuration-invalid', { problems: [{ name: 'PUBLIC_BASE_URL' }] });

    expect(await checkOf(refused)).toMatchObject({ exit: 0, check: { state: 'untried' } });
    await app?.close();
    expect(await checkOf(undefined)).toMatchObject({ exit: 0, check: undefined });
  });

  it('fails when MessageMedia does not answer for it', async () => {
    expect(await checkOf(problem(502, 'access-denied'))).toMatchObject({ exit: 5, check: { state: 'failed' } });
  });
});
