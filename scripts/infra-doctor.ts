import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { az, outputsOf, runScript, Told } from './infra/azure-cli.ts';

interface Health {
  readonly neighbour: string;
  readonly ok: boolean;
  readonly code?: string;
  /** What is wrong and how it is mended, in the words of the app, where it knows. */
  readonly message?: string;
  readonly latencyMs: number;
}

interface Problem {
  readonly name?: string;
  readonly path?: string;
  readonly expected: string;
}

/** What GET /status answers, or why it cannot. */
interface Answer {
  readonly code?: string;
  readonly detail?: string;
  readonly problems?: readonly Problem[];
  readonly neighbours?: readonly Health[];
  readonly schedule?: { readonly words: string; readonly next: readonly string[] };
}

const PAUSE_MS = 5_000;
const TIME_OUT_MS = 30_000;

// Where the app itself does not know. docs/operations.md says more, under "What to do when".
const CURES: Readonly<Record<string, string>> = {
  storage: 'The identity needs its roles on the storage account: azd provision. New roles take some minutes.',
  keyvault: 'The identity needs Key Vault Secrets User, and the secrets have to be there: npm run infra:grant',
  entra: 'The sign-in is refused: ENTRA_AUTH, ENTRA_CLIENT_ID, and what npm run infra:grant says',
  graph: 'The permission is missing: npm run infra:grant. A new one takes some minutes.',
  messagemedia: 'Check key and secret in the vault, and MESSAGEMEDIA_BASE_URL for the region',
};

/** After the app was deployed: it is alive, and each neighbour answers it. Exits 1, with the cure, when one does not. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { 'wait-seconds': { type: 'string', default: '300' } } });
  const outputs = outputsOf(['FUNCTION_APP_NAME', 'FUNCTION_APP_URL', 'AZURE_RESOURCE_GROUP'], process.env);
  const until = Date.now() + Number(values['wait-seconds']) * 1000;
  await waitUntilAlive(`${outputs.FUNCTION_APP_URL}/api/health`, until);
  say('ok    the app is alive');
  const key = statusKey(outputs.FUNCTION_APP_NAME, outputs.AZURE_RESOURCE_GROUP);
  const answer = await askStatus(`${outputs.FUNCTION_APP_URL}/api/status`, key);
  if (answer === undefined) say('look  people sign in themselves: ask GET /api/status with a token of yours');
  else tell(answer);
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

function statusKey(app: string, group: string): string {
  const place = ['--name', app, '--resource-group', group, '--function-name', 'get-status'];
  const keys = az('functionapp', 'function', 'keys', 'list', ...place) as { readonly default: string };
  return keys.default;
}

/** Undefined where the key alone does not open the app, because people sign in themselves. */
async function askStatus(address: string, key: string): Promise<Answer | undefined> {
  const response = await fetch(address, {
    redirect: 'error',
    signal: AbortSignal.timeout(TIME_OUT_MS),
    headers: { 'x-functions-key': key },
  });
  if (response.status !== 401) return (await response.json()) as Answer;
  if ((process.env['EASY_AUTH_CLIENT_ID'] ?? '') === '') throw new Told(`mend  ${address} refuses its own key`);
  return undefined;
}

function tell({ code, detail, problems = [], neighbours = [], schedule }: Answer): void {
  for (const { neighbour, ok, code: failure, message, latencyMs } of neighbours) {
    const cure = message ?? CURES[neighbour] ?? '';
    say(ok ? `ok    ${neighbour} (${latencyMs} ms)` : `mend  ${neighbour}: ${failure}. ${cure}`);
  }
  for (const { name, path, expected } of problems) say(`mend  ${name ?? path}: expected ${expected}`);
  if (code !== undefined || neighbours.some(({ ok }) => !ok))
    throw new Told(`\n${detail ?? 'A neighbour does not answer.'}`);
  if (schedule !== undefined) say(`ok    ${schedule.words}; next: ${schedule.next[0]}`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

await runScript(main);
