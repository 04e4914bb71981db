import { LOCAL_URL, readConnection } from '../../src/cli/connection.ts';

describe('readConnection', () => {
  it('speaks to the local stack, with its key, when nobody says otherwise', () => {
    expect(readConnection({}, {})).toEqual({ url: LOCAL_URL, key: 'local-function-key', isNamed: false });
  });

  it('takes the options before the environment, and an empty variable for none', () => {
    const env = { ENTRA_SYNC_URL: 'https://env.example.com/api', ENTRA_SYNC_KEY: '' };

    const connection = readConnection({ url: 'https://sync.example.com/api/' }, env);

    expect(connection).toEqual({ url: 'https://sync.example.com/api', key: undefined, isNamed: true });
    expect(readConnection({ key: 'k' }, env)).toMatchObject({ url: 'https://env.example.com/api', key: 'k' });
  });

  it.each([
    ['https://sync.example.com', 'https://sync.example.com/api'],
    ['https://sync.example.com/', 'https://sync.example.com/api'],
    ['https://sync.example.com/prefix/api', 'https://sync.example.com/prefix/api'],
    ['http://localhost:7071', 'http://localhost:7071/api'],
    ['http://[::1]:7071/api', 'http://[::1]:7071/api'],
  ])('finds the API: %s', (given, url) => {
    expect(readConnection({ url: given }, {}).url).toBe(url);
  });

  it.each([
    ['no URL', 'sync.example.com', 'is not a URL'],
    ['clear text over a network', 'http://sync.example.com/api', 'https://'],
    ['a key in the address', 'https://sync.example.com/api?code=secret-1', 'ENTRA_SYNC_KEY'],
    ['credentials in the address', 'https://user:secret-1@sync.example.com/api', 'ENTRA_SYNC_KEY'],
  ])('refuses %s without quoting it', (_name, url, words) => {
    const refusal = refusalOf(() => readConnection({ url }, {}));

    expect(refusal).toMatchObject({ exit: 2, code: 'usage', message: expect.stringContaining(words) });
    expect(refusal?.message).not.toContain('secret-1');
  });

  it('refuses a key that no header can hold without quoting it', () => {
    const refusal = refusalOf(() => readConnection({ key: 'secret-1\nsecond' }, {}));

    expect(refusal).toMatchObject({ exit: 2 });
    expect(String(refusal)).not.toContain('secret-1');
  });
});

function refusalOf(read: () => unknown): Error | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}
