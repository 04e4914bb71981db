import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { az, outputsOf, runScript, Told } from './infra/azure-cli.ts';

const PAUSE_MS = 5_000;
const TIME_OUT_MS = 30_000;
const COMMAND_LINE = join('dist', 'sync.js');

/**
 * After the app was deployed: waits until it is alive, and then asks `npm run sync -- doctor` how it is, with the key of
 * the app in the environment and nowhere else. Ends as the doctor does.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { 'wait-seconds': { type: 'string', default: '300' } } });
  if (!existsSync(COMMAND_LINE)) throw new Told(`mend  there is no ${COMMAND_LINE}: npm run build`);
  const outputs = outputsOf(['FUNCTION_APP_NAME', 'FUNCTION_APP_URL', 'AZURE_RESOURCE_GROUP'], process.env);
  const address = `${outputs.FUNCTION_APP_URL}/api`;
  await waitUntilAlive(`${address}/health`, Date.now() + Number(values['wait-seconds']) * 1000);
  if ((process.env['EASY_AUTH_CLIENT_ID'] ?? '') !== '') {
    process.stdout.write(
      'ok    the app is alive\nlook  people sign in themselves: ask GET /api/status with a token of yours\n',
    );
    return;
  }
  const key = keyOf(outputs.FUNCTION_APP_NAME, outputs.AZURE_RESOURCE_GROUP);
  const env = { ...process.env, ENTRA_SYNC_URL: address, ENTRA_SYNC_KEY: key };
  const { status, error } = spawnSync(process.execPath, [COMMAND_LINE, 'doctor'], { env, stdio: 'inherit' });
  if (error !== undefined) throw error;
  process.exitCode = status ?? 1;
}

/** A cold start, and roles that are not believed yet: both pass by themselves. */
async function waitUntilAlive(address: string, until: number): Promise<void> {
  for (;;) {
    const status = await statusOf(address);
    if (status === 200) return;
    if (Date.now() + PAUSE_MS > until) {
      throw new Told(`mend  ${address} does not answer (${status ?? 'no connection'}): see the log stream of the app.`);
    }
    await delay(PAUSE_MS);
  }
}

async function statusOf(address: string): Promise<number | undefined> {
  try {
    return (await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(TIME_OUT_MS) })).status;
  } catch (error) {
    // An address that nobody listens at yet; anything else is a mistake of ours.
    if (error instanceof TypeError || (error instanceof Error && error.name === 'TimeoutError')) return undefined;
    throw error;
  }
}

/** The doctor calls more than one function. */
function keyOf(app: string, group: string): string {
  const keys = az('functionapp', 'keys', 'list', '--name', app, '--resource-group', group) as {
    readonly functionKeys: { readonly default: string };
  };
  return keys.functionKeys.default;
}

await runScript(main);
