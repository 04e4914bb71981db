import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  connectionString,
  effectiveSettings,
  isDisabled,
  resolvePlaceholders,
} from '../../local/functions-host/app-settings.ts';
import { createCoreApi } from '../../local/functions-host/core-api.ts';
import { createKeys, isAuthorized } from '../../local/functions-host/function-keys.ts';
import { readHostJson, timeSpanMs } from '../../local/functions-host/host-json.ts';
import { parseRoute } from '../../local/functions-host/http-routes.ts';
import { nextOccurrence, parseNcrontab } from '../../local/functions-host/ncrontab.ts';
import { describeFunctions } from '../../local/functions-host/registered-functions.ts';
import type { ProgrammingModel } from '../../local/functions-host/rpc.ts';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

function folderWith(files: Readonly<Record<string, unknown>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'functions-host-'));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(content));
  return folder;
}

describe('nextOccurrence', () => {
  it.each([
    // expression, after, next
    ['0 */5 * * * *', '2026-03-01T10:00:00.000Z', '2026-03-01T10:05:00.000Z'],
    ['*/5 * * * *', '2026-03-01T10:04:59.999Z', '2026-03-01T10:05:00.000Z'],
    ['*/1 * * * * *', '2026-03-01T10:00:00.500Z', '2026-03-01T10:00:01.000Z'],
    ['30 59 23 * * *', '2026-12-31T23:59:30.000Z', '2027-01-01T23:59:30.000Z'],
    ['0 0 6 * * MON-fri', '2026-03-06T06:00:00.000Z', '2026-03-09T06:00:00.000Z'],
    ['0 0 6 * * Sunday', '2026-03-02T00:00:00.000Z', '2026-03-08T06:00:00.000Z'],
    // Day and day of week must both match: the next 1st that is a Monday.
    ['0 0 9 1 * MON', '2026-03-01T00:00:00.000Z', '2026-06-01T09:00:00.000Z'],
    ['0 0 0 29 2 *', '2026-03-01T00:00:00.000Z', '2028-02-29T00:00:00.000Z'],
    ['0 0 0 29 2 SUN', '2096-03-01T00:00:00.000Z', '2128-02-29T00:00:00.000Z'],
    // A range counts either way round, and a/n runs to the end of the field.
    ['0 0 5-1 * * *', '2026-03-01T05:00:00.000Z', '2026-03-02T01:00:00.000Z'],
    ['0 50/5 * * * *', '2026-03-01T10:00:00.000Z', '2026-03-01T10:50:00.000Z'],
    ['0  0   0 1 Jan,JUL *', '2026-03-01T00:00:00.000Z', '2026-07-01T00:00:00.000Z'],
  ])('%s after %s', (expression, after, next) => {
    const found = nextOccurrence(parseNcrontab(expression), Date.parse(after));

    expect(found === undefined ? found : new Date(found).toISOString()).toBe(next);
  });

  it('answers undefined for a schedule that never fires', () => {
    expect(nextOccurrence(parseNcrontab('0 0 0 31 2 *'), Date.parse('2026-03-01T00:00:00.000Z'))).toBeUndefined();
  });
});

describe('parseNcrontab', () => {
  it.each([
    '',
    '* * * *',
    '0 0 0 * * 7',
    '0 0 24 * * *',
    '0 0 0 L * *',
    '? * * * * *',
    '@hourly',
    '0 */0 * * * *',
    '0 0 0 * * SU',
  ])('refuses %j', (expression) => {
    expect(() => parseNcrontab(expression)).toThrow('was not recognized');
  });
});

describe('parseRoute', () => {
  it.each([
    ['api/things/{id}', '/api/things/7', { id: '7' }],
    ['api/things/{id}', '/API/Things/7/', { id: '7' }],
    ['api/things/{id:int}', '/api/things/7', { id: '7' }],
    ['api/things/{id:guid?}', '/api/things', {}],
    ['api/things/{id}', '/api/things', undefined],
    ['api/things/{id}', '/api/things/7/8', undefined],
    ['api/{*rest}', '/api/a/b%2Fc', { rest: 'a/b/c' }],
    ['api/{name}', '/api/100%', { name: '100%' }],
    ['api/things', '/api/others', undefined],
  ])('%s on %s', (template, path, parameters) => {
    expect(parseRoute(template).match(path)).toEqual(parameters);
  });
});

describe('effectiveSettings', () => {
  it('lets the options win over the environment and the environment over local.settings.json', () => {
    const folder = folderWith({ 'local.settings.json': { Values: { A: 'file', B: 'file', C: 'file' } } });

    expect(effectiveSettings(folder, { B: 'environment', C: 'environment' }, { C: 'options' })).toEqual({
      A: 'file',
      B: 'environment',
      C: 'options',
    });
  });

  it('leaves local.settings.json out when it is told to', () => {
    const folder = folderWith({ 'local.settings.json': { Values: { A: 'file' } } });

    expect(effectiveSettings(folder, {}, { C: 'options' }, false)).toEqual({ C: 'options' });
  });
});

describe('resolvePlaceholders', () => {
  it('replaces every name by its setting', () => {
    expect(resolvePlaceholders('%A%-%B%', { A: '1', B: '2' })).toBe('1-2');
  });

  it('throws for a setting that is not set', () => {
    expect(() => resolvePlaceholders('%A%', {})).toThrow("'%A%' does not resolve to a value.");
  });
});

describe('isDisabled', () => {
  it.each([
    [{ 'AzureWebJobs.tick.Disabled': 'true' }, true],
    [{ 'AzureWebJobs.tick.Disabled': '1' }, true],
    [{ AzureWebJobs__tick__Disabled: 'True' }, true],
    [{ 'AzureWebJobs.tick.Disabled': 'false' }, false],
    [{ 'AzureWebJobs.other.Disabled': 'true' }, false],
  ])('with %j', (settings, disabled) => {
    expect(isDisabled('tick', settings)).toBe(disabled);
  });
});

describe('connectionString', () => {
  it.each([
    [undefined, 'default'],
    ['AzureWebJobsStorage', 'default'],
    ['Other', 'other'],
    ['Prefixed', 'prefixed'],
  ])('takes the setting that %s names', (connection, value) => {
    const settings = { AzureWebJobsStorage: 'default', Other: 'other', AzureWebJobsPrefixed: 'prefixed' };

    expect(connectionString(connection, settings)).toBe(value);
  });
});

describe('readHostJson', () => {
  it("has the real host's defaults", () => {
    expect(readHostJson(folderWith({ 'host.json': { version: '2.0' } }))).toEqual({
      routePrefix: 'api',
      queues: {
        batchSize: 16,
        newBatchThreshold: 8,
        maxDequeueCount: 5,
        visibilityTimeoutMs: 0,
        maxPollingIntervalMs: 2_000,
        messageEncoding: 'base64',
      },
    });
  });

  it('refuses a batch size that the storage service refuses', () => {
    const folder = folderWith({ 'host.json': { version: '2.0', extensions: { queues: { batchSize: 33 } } } });

    expect(() => readHostJson(folder)).toThrow('batchSize is 33; expected a whole number from 1 to 32.');
  });
});

describe('timeSpanMs', () => {
  it.each([
    ['00:00:10', 10_000],
    ['00:00:00.2', 200],
    ['01:02:03', 3_723_000],
    ['1.00:00:00', 86_400_000],
  ])('reads %s', (text, ms) => {
    expect(timeSpanMs(text)).toBe(ms);
  });

  it('refuses a bare number, which would mean days', () => {
    expect(() => timeSpanMs('10')).toThrow('"10" is not a time span');
  });
});

describe('isAuthorized', () => {
  it('opens a function to its own key, the host key and the master key, and an admin function to the master key only', () => {
    const keys = createKeys();
    const given = [keys.function('a'), keys.host, keys.master, keys.function('b'), undefined];

    expect(given.map((key) => isAuthorized(keys, 'function', 'a', key))).toEqual([true, true, true, false, false]);
    expect(given.map((key) => isAuthorized(keys, 'admin', 'a', key))).toEqual([false, false, true, false, false]);
    expect(given.map((key) => isAuthorized(keys, 'anonymous', 'a', key))).toEqual([true, true, true, true, true]);
  });
});

describe('createCoreApi', () => {
  interface CoreApi {
    registerFunction(metadata: object, handler: () => void): { dispose(): void };
    registerHook(name: string, callback: () => void): { dispose(): void };
    setProgrammingModel(model: ProgrammingModel): void;
  }
  function create() {
    const { coreApi, registry } = createCoreApi(() => undefined);
    return { coreApi: coreApi as CoreApi, registry };
  }

  it('refuses a second function of the same name and any function after the start', () => {
    const { coreApi, registry } = create();
    coreApi.registerFunction({ name: 'a', bindings: {} }, () => undefined);

    expect(() => coreApi.registerFunction({ name: 'a', bindings: {} }, () => undefined)).toThrow('already exists');
    registry.close();
    expect(() => coreApi.registerFunction({ name: 'b', bindings: {} }, () => undefined)).toThrow('during app startup');
  });

  it('forgets a hook that is disposed of, once', () => {
    const { coreApi, registry } = create();
    const first = coreApi.registerHook('appStart', () => undefined);
    coreApi.registerHook('appStart', () => undefined);

    first.dispose();
    first.dispose();

    expect(registry.hooks('appStart')).toHaveLength(1);
  });

  it('refuses a hook that the worker does not know', () => {
    expect(() => create().coreApi.registerHook('beforeBreakfast', () => undefined)).toThrow(RangeError);
  });
});

describe('describeFunctions', () => {
  it.each([
    ['a trigger', { blob: { type: 'blobTrigger', direction: 'in' } }, /no binding of type blobTrigger/],
    [
      'an output',
      { timer: { type: 'timerTrigger', direction: 'in' }, out: { type: 'queue', direction: 'out' } },
      /no binding of type queue/,
    ],
    ['no trigger', { out: { type: 'http', direction: 'out' } }, /has no trigger/],
  ] as const)('refuses %s that this host does not have', (_, bindings, message) => {
    const functions = new Map([['a', { metadata: { name: 'a', bindings }, handler: () => undefined }]]);

    expect(() => describeFunctions(functions, {})).toThrow(message);
  });
});
