import { join } from 'node:path';
import { loadConfiguration, type ReadFile } from '../../src/functions/load-config.ts';

const CONFIG = '{"sync": {"schedule": "0 6 * * *", "mapping": {"mobilePhone": "phone_number"}}}';
const ENV = {
  AzureWebJobsStorage: 'UseDevelopmentStorage=true',
  ENTRA_TENANT_ID: '11111111-2222-4333-8444-555555555555',
  ENTRA_CLIENT_ID: '66666666-7777-4888-8999-aaaaaaaaaaaa',
  ENTRA_CLIENT_SECRET: 'a',
  MESSAGEMEDIA_API_KEY: 'b',
  MESSAGEMEDIA_API_SECRET: 'c',
  PSEUDONYM_KEY: 'd'.repeat(32),
};

/** Files by path; every other one is missing. */
function filesOf(files: Readonly<Record<string, string>>): ReadFile {
  return (path) => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error('missing'), { code: 'ENOENT' });
    return text;
  };
}

describe('loadConfiguration', () => {
  it('reads the file beside host.json', () => {
    const files = filesOf({ [join(process.cwd(), 'sync.config.json')]: CONFIG });

    expect(loadConfiguration(ENV, files)).toMatchObject({
      ok: true,
      settings: { lanes: 4 },
      config: { schedule: '0 6 * * *' },
    });
  });

  it("falls back to the host's script root", () => {
    const files = filesOf({ [join('/app', 'mine.jsonc')]: CONFIG });
    const env = { ...ENV, SYNC_CONFIG_FILE: 'mine.jsonc', AzureWebJobsScriptRoot: '/app' };

    expect(loadConfiguration(env, files)).toMatchObject({ ok: true });
  });

  it('takes an absolute path as it is', () => {
    expect(
      loadConfiguration({ ...ENV, SYNC_CONFIG_FILE: '/etc/sync.json' }, filesOf({ '/etc/sync.json': CONFIG })),
    ).toMatchObject({ ok: true });
  });

  it('prefers the inline text and opens no file', () => {
    const never: ReadFile = () => {
      throw new Error('opened');
    };

    expect(loadConfiguration({ ...ENV, SYNC_CONFIG_JSON: CONFIG }, never)).toMatchObject({ ok: true });
  });

  it('tells where the inline text is wrong', () => {
    expect(loadConfiguration({ ...ENV, SYNC_CONFIG_JSON: '{}' }, filesOf({}))).toMatchObject({
      ok: false,
      problems: [{ source: 'SYNC_CONFIG_JSON', line: 1, column: 1, path: 'sync' }],
    });
  });

  it('answers the problems of settings and configuration together', () => {
    const files = filesOf({ [join(process.cwd(), 'sync.config.json')]: '{"sync": {"schedule": "never"}}' });

    const reading = loadConfiguration({ ...ENV, SYNC_LANES: '0' }, files);

    expect(reading).toMatchObject({
      ok: false,
      problems: [
        { name: 'SYNC_LANES' },
        { source: 'sync.config.json', path: 'sync.mapping' },
        { source: 'sync.config.json', path: 'sync.schedule' },
      ],
    });
  });

  it('answers the problems of the settings alone when the configuration is right', () => {
    const reading = loadConfiguration({ ...ENV, SYNC_LANES: '0', SYNC_CONFIG_JSON: CONFIG }, filesOf({}));

    expect(reading).toMatchObject({ ok: false, problems: [{ name: 'SYNC_LANES' }] });
  });

  it('names a file that is not there', () => {
    expect(loadConfiguration(ENV, filesOf({}))).toEqual({
      ok: false,
      problems: [
        {
          name: 'SYNC_CONFIG_FILE',
          found: 'sync.config.json',
          expected: expect.stringContaining('there is no such file') as string,
        },
      ],
    });
  });

  it('does not pass over a file that is there and cannot be read', () => {
    const denied: ReadFile = () => {
      throw Object.assign(new Error('denied'), { code: 'EACCES' });
    };

    expect(loadConfiguration({ ...ENV, SYNC_CONFIG_FILE: '/a@b', AzureWebJobsScriptRoot: '' }, denied)).toEqual({
      ok: false,
      problems: [{ name: 'SYNC_CONFIG_FILE', expected: expect.stringContaining('EACCES') as string }],
    });
  });

  it.each([[new TypeError('bug')], [Object.assign(new Error('odd'), { code: 5 })]])(
    'lets an error that is no file error pass: %s',
    (thrown) => {
      const broken: ReadFile = () => {
        throw thrown;
      };

      expect(() => loadConfiguration(ENV, broken)).toThrow(thrown);
    },
  );
});
