import { AzureNamedKeyCredential, generateAccountSas } from '@azure/data-tables';
import { startAzurite, type Azurite } from '../../../local/azurite.ts';
import { createTables } from '../../../src/adapters/storage/table-store.ts';
import { startStorageProxy } from '../../support/storage-proxy.ts';

let azurite: Azurite;

beforeAll(async () => {
  azurite = await startAzurite();
}, 120_000);

afterAll(() => azurite.stop());

const twoRows = [
  { kind: 'insert', row: { key: 'a' } },
  { kind: 'insert', row: { key: 'b' } },
] as const;

/** A connection string with a shared access signature in place of the account's key. */
function signedConnectionString(): string {
  const [, name = '', key = ''] = /AccountName=(.*?);AccountKey=(.*?);/.exec(azurite.connectionString) ?? [];
  const signature = generateAccountSas(new AzureNamedKeyCredential(name, key), {
    permissions: { query: true, write: true, add: true, update: true, delete: true, list: true },
    expiresOn: new Date(Date.now() + 3_600_000),
  });
  return `TableEndpoint=${azurite.tableUrl};SharedAccessSignature=${signature}`;
}

describe('createTables', () => {
  it('says that a table is missing instead of a row, before the tables were ensured', async () => {
    const { people } = createTables({ connectionString: azurite.connectionString });

    await expect(people.get('p', 'a')).rejects.toMatchObject({
      failure: 'not-found',
      detail: { neighbourCode: 'TableNotFound' },
    });
    await expect(people.write('p', twoRows)).rejects.toMatchObject({ neighbour: 'storage', failure: 'not-found' });
  });

  it('creates its tables once, whoever else has', async () => {
    const one = createTables({ connectionString: azurite.connectionString });
    const other = createTables({ connectionString: azurite.connectionString });

    await Promise.all([one.ensure(), one.ensure()]);
    await other.ensure();

    const tables = [other.state, other.runs, other.parts, other.people, other.consent];
    expect(await Promise.all(tables.map((table) => table.get('p', 'a')))).toEqual(tables.map(() => undefined));
  });

  it('works with a shared access signature, transactions included', async () => {
    await createTables({ connectionString: azurite.connectionString }).ensure();
    const { runs } = createTables({ connectionString: signedConnectionString() });

    await runs.write('signed', twoRows);

    expect((await runs.getMany('signed', ['a', 'b'])).size).toBe(2);
  });

  it('says that access is denied when the key is wrong', async () => {
    const wrongKey = azurite.connectionString.replace(/AccountKey=.*?;/, 'AccountKey=d3Jvbmc=;');
    const { people } = createTables({ connectionString: wrongKey });
    const denied = { neighbour: 'storage', failure: 'access-denied' };

    await expect(people.get('p', 'a')).rejects.toMatchObject(denied);
    await expect(people.write('p', twoRows)).rejects.toMatchObject(denied);
    await expect(people.scan('p', '')[Symbol.asyncIterator]().next()).rejects.toMatchObject(denied);
  });

  it('says that access is denied when no identity can be had', async () => {
    const before = process.env['AZURE_TOKEN_CREDENTIALS'];
    process.env['AZURE_TOKEN_CREDENTIALS'] = 'EnvironmentCredential';
    const settings = {
      tableServiceUri: 'https://127.0.0.1:1',
      queueServiceUri: 'https://127.0.0.1:1',
      managedIdentityClientId: 'id',
    };

    const call = createTables(settings).people.get('p', 'a');

    await expect(call).rejects.toMatchObject({ neighbour: 'storage', failure: 'access-denied' });
    if (before === undefined) delete process.env['AZURE_TOKEN_CREDENTIALS'];
    else process.env['AZURE_TOKEN_CREDENTIALS'] = before;
  });

  it('gives up on a service that never answers, and tries afresh at the next call', async () => {
    const proxy = await startStorageProxy(azurite.tableUrl);
    const tables = createTables({ connectionString: proxy.reroute(azurite.connectionString) });
    proxy.loseAnswers(Number.POSITIVE_INFINITY);

    await expect(tables.ensure()).rejects.toMatchObject({ neighbour: 'storage', failure: 'unavailable' });
    proxy.loseAnswers(0);
    await tables.ensure();

    expect(await tables.state.get('p', 'a')).toBeUndefined();
    await proxy.close();
  }, 60_000);
});
