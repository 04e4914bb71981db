import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

/** Loads the app as the host's worker does: it answers `@azure/functions-core`, which is on no registry, and collects what is registered. */
const WORKER = `
  const Module = require('node:module');
  const net = require('node:net');
  const registered = [];
  let connections = 0;
  net.Socket.prototype.connect = function () { connections += 1; return this; };
  const core = {
    version: '4.0.0',
    hostVersion: '4.0.0',
    Disposable: class { dispose() {} },
    setProgrammingModel() {},
    getProgrammingModel() {},
    log() {},
    registerHook: () => new core.Disposable(),
    registerFunction: (metadata) => { registered.push(metadata); return new core.Disposable(); },
  };
  const original = Module.prototype.require;
  Module.prototype.require = function (id) {
    return id === '@azure/functions-core' ? core : original.call(this, id);
  };
  import(require('node:url').pathToFileURL(process.argv[1]).href).then(() => {
    process.stdout.write(JSON.stringify({ registered, connections }));
  });
`;

interface Binding {
  readonly type: string;
  readonly [option: string]: unknown;
}
interface Loaded {
  readonly registered: { readonly name: string; readonly bindings: Record<string, Binding> }[];
  readonly connections: number;
}

async function load(env: Record<string, string>): Promise<Loaded> {
  const entry = path.resolve('src/functions/index.ts');
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', '-e', WORKER, entry], { env });
  return JSON.parse(stdout) as Loaded;
}

function triggerOf(loaded: Loaded, name: string): Binding | undefined {
  const bindings = Object.values(loaded.registered.find((one) => one.name === name)?.bindings ?? {});
  return bindings.find(({ type }) => type.endsWith('Trigger'));
}

describe('index', () => {
  it('registers every function without any setting, and talks to nobody', async () => {
    const loaded = await load({});

    expect(loaded.connections).toBe(0);
    expect(loaded.registered.map(({ name }) => name).toSorted()).toEqual([
      'adopt-account',
      'advance-run',
      'advance-run-poison',
      'approve-run',
      'cancel-run',
      'erase-person',
      'get-openapi',
      'get-person',
      'get-run',
      'get-status',
      'health',
      'install-webhook',
      'list-run-records',
      'list-runs',
      'lookup-person',
      'pause-sync',
      'process-batch',
      'process-batch-poison',
      'receive-webhook',
      'reject-run',
      'resume-sync',
      'schedule-sync',
      'start-run',
      'verify-webhook',
    ]);
  });

  it('tells the host what each function is triggered by', async () => {
    const loaded = await load({ SYNC_TICK: 'whenever', SYNC_LANES: 'many' });

    expect(triggerOf(loaded, 'schedule-sync')).toMatchObject({ type: 'timerTrigger', schedule: '0 */5 * * * *' });
    expect(triggerOf(loaded, 'start-run')).toMatchObject({
      type: 'httpTrigger',
      authLevel: 'function',
      methods: ['POST'],
      route: 'runs',
    });
    expect(triggerOf(loaded, 'health')).toMatchObject({ authLevel: 'anonymous', methods: ['GET'], route: 'health' });
    expect(triggerOf(loaded, 'process-batch-poison')).toMatchObject({
      type: 'queueTrigger',
      queueName: 'sync-batches-poison',
      connection: 'AzureWebJobsStorage',
    });
    expect(JSON.stringify(loaded.registered)).not.toContain('runOnStartup');
  });
});
