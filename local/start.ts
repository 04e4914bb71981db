import { parseArgs } from 'node:util';
import pc from 'picocolors';
import { print, printDone, printTable, printTitle } from './demo/screen.ts';
import { sampleDirectory } from './entra-graph/sample-directory.ts';
import type { LogEntry } from './functions-host/log-entry.ts';
import { startStack } from './stack.ts';
import { LOCAL_IDENTITY } from './stack/app-settings.ts';
import { runCommand } from './stack/command.ts';
import type { OnEnd } from './stack/command.ts';
import { DEFAULT_PORTS, takenPorts } from './stack/ports.ts';
import { startSurroundings } from './stack/surroundings.ts';

// The same in api.http.
const FUNCTION_KEY = 'local-function-key';
const CONFIG_FILE = 'sync.config.sample.jsonc';
// NODE_EXTRA_CA_CERTS of local.settings.sample.json points into it.
const TLS_FOLDER = '.local';
const EVERY_FIVE_MINUTES = '0 */5 * * * *';
const SIZE = 300;

const PORT_NAMES: Readonly<Record<number, string>> = {
  [DEFAULT_PORTS.functions]: 'the functions',
  [DEFAULT_PORTS.neighbours.entra]: 'Entra ID and Graph',
  [DEFAULT_PORTS.neighbours.messageMedia]: 'MessageMedia',
  [DEFAULT_PORTS.neighbours.keyVault]: 'the Key Vault',
  [DEFAULT_PORTS.storage.blob]: 'Azurite (blobs)',
  [DEFAULT_PORTS.storage.queue]: 'Azurite (queues)',
  [DEFAULT_PORTS.storage.table]: 'Azurite (tables)',
};

const SURROUNDINGS = {
  users: sampleDirectory({ size: SIZE, departments: ['Sales', 'Support', 'Finance'] }),
  account: { signing: 2048 },
  ports: DEFAULT_PORTS.neighbours,
  storagePorts: DEFAULT_PORTS.storage,
  tlsFolder: TLS_FOLDER,
} as const;

async function start(onEnd: OnEnd): Promise<number> {
  const { values } = parseArgs({ options: { 'without-functions': { type: 'boolean', default: false } } });
  const withFunctions = !values['without-functions'];
  await assertPortsFree(withFunctions);
  printTitle('Entra Sync, the local stack');
  const { ended } = withFunctions ? await startWithFunctions(onEnd) : await startWithout(onEnd);
  print(pc.dim(`\n  Ctrl-C stops everything; what was stored is gone then.\n`));
  throw new Error(await ended);
}

/** A stack that runs, and why it came to an end by itself. */
interface Running {
  readonly ended: Promise<string>;
}

async function startWithFunctions(onEnd: OnEnd): Promise<Running> {
  const starting = startStack({
    ...SURROUNDINGS,
    config: { file: CONFIG_FILE },
    settings: { SYNC_TICK: EVERY_FIVE_MINUTES },
    functionsPort: DEFAULT_PORTS.functions,
    timers: 'run',
    keys: { host: FUNCTION_KEY },
    onLog: printLog,
  });
  onEnd(async () => {
    const stack = await starting.catch(() => undefined);
    await stack?.killHost();
    await stack?.stop();
  });
  const { apiUrl, host } = await starting;
  printDone('up');
  printAddresses([['Functions', apiUrl, `key ${FUNCTION_KEY}`]]);
  printCalls(apiUrl);
  return {
    ended: host.exited.then(
      ({ code, signal }) => `The functions host has ended by itself (${signal ?? `code ${code}`}).`,
    ),
  };
}

async function startWithout(onEnd: OnEnd): Promise<Running> {
  const starting = startSurroundings(SURROUNDINGS);
  onEnd(async () => {
    const surroundings = await starting.catch(() => undefined);
    await surroundings?.stop();
  });
  await starting;
  printDone('up, without the functions');
  printAddresses([]);
  printTitle('The functions, in Core Tools');
  print('  cp local.settings.sample.json local.settings.json\n  npm run build && func start');
  return { ended: new Promise<string>(() => undefined) };
}

function printAddresses(functions: readonly (readonly string[])[]): void {
  const { entra, messageMedia, keyVault } = DEFAULT_PORTS.neighbours;
  const { blob, queue, table } = DEFAULT_PORTS.storage;
  const { tenantId, apiKey, apiSecret } = LOCAL_IDENTITY;
  printTable(
    [{ title: 'Part' }, { title: 'Address' }, { title: '' }],
    [
      ...functions,
      ['Entra ID, Graph', `https://localhost:${entra}`, `${SIZE} people, tenant ${tenantId}`],
      ['MessageMedia', `https://localhost:${messageMedia}`, `key ${apiKey}, secret ${apiSecret}`],
      ['Key Vault', `https://localhost:${keyVault}`, 'read by the functions, with their managed identity'],
      ['Azurite', `http://127.0.0.1:${blob}, ${queue}, ${table}`, 'UseDevelopmentStorage=true'],
      ['Certificate', `${TLS_FOLDER}/simulator-ca.pem`, 'of the simulators; new at every start'],
      ['Configuration', CONFIG_FILE, ''],
    ],
  );
}

function printCalls(apiUrl: string): void {
  const key = `-H 'x-functions-key: ${FUNCTION_KEY}'`;
  const json = `-H 'content-type: application/json'`;
  const { apiKey, apiSecret } = LOCAL_IDENTITY;
  const origin = `https://localhost:${DEFAULT_PORTS.neighbours.messageMedia}`;
  const account = `${origin}/api/v1/contacts`;
  const calls: readonly (readonly [string, string])[] = [
    ['What would a run do?', `curl -s ${key} ${json} -d '{"mode":"full","dryRun":true}' ${apiUrl}/runs`],
    ['Do it', `curl -s ${key} ${json} -d '{"mode":"delta"}' ${apiUrl}/runs`],
    ['What did the last runs do?', `curl -s ${key} '${apiUrl}/runs?limit=3'`],
    ['Person by person', `curl -s ${key} '${apiUrl}/runs/<runId>/records?limit=5'`],
    ['How is everything?', `curl -s ${key} ${apiUrl}/status`],
    ['Have MessageMedia tell of opt-outs', `curl -s ${key} ${json} -d '{}' ${apiUrl}/webhook`],
    [
      'Reply STOP from a phone',
      `curl -s --cacert ${TLS_FOLDER}/simulator-ca.pem -d '{"number":"+61491570156"}' ${origin}/simulator/reply-stop`,
    ],
    [
      'The lists',
      `curl -s --cacert ${TLS_FOLDER}/simulator-ca.pem -u ${apiKey}:${apiSecret} '${account}/lists?pageSize=10'`,
    ],
  ];
  printTitle('Try it (more in api.http)');
  for (const [title, call] of calls) print(`  ${pc.dim(`# ${title}`)}\n  ${call}`);
}

async function assertPortsFree(withFunctions: boolean): Promise<void> {
  const needed = Object.keys(PORT_NAMES)
    .map(Number)
    .filter((port) => withFunctions || port !== DEFAULT_PORTS.functions);
  const taken = await takenPorts(needed);
  if (taken.length === 0) return;
  const list = taken.map((port) => `${port} (${PORT_NAMES[port]})`).join(', ');
  const advice = 'Stop what listens there, perhaps another `npm start` or `func start`, and try again.';
  throw new Error(`Not started, since these ports of 127.0.0.1 are taken: ${list}. ${advice}`);
}

/** The app's own events, and whatever the host warns of. */
function printLog({ level, category, message }: LogEntry): void {
  const serious = level === 'warning' || level === 'error' || level === 'critical';
  if (!serious && (level !== 'information' || !category.endsWith('.User'))) return;
  const time = new Date().toISOString().slice(11, 19);
  const colour = level === 'warning' ? pc.yellow : serious ? pc.red : pc.dim;
  print(`  ${pc.dim(time)} ${colour(`${category.replace(/^Function\.|\.User$/g, '')}  ${message}`)}`);
}

await runCommand(start);
