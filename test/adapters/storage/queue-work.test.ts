import { QueueServiceClient } from '@azure/storage-queue';
import { startAzurite, type Azurite } from '../../../local/azurite.ts';
import { createWorkQueue } from '../../../src/adapters/storage/queue-work.ts';

let azurite: Azurite;

beforeAll(async () => {
  azurite = await startAzurite();
}, 120_000);

afterAll(() => azurite.stop());

const message = { v: 1, runId: 'run-1', lane: { wave: 0, index: 1, cursor: 2 } } as const;

describe('createWorkQueue', () => {
  it('says that a queue is missing, and sends once it is ensured', async () => {
    const queue = createWorkQueue({ connectionString: azurite.connectionString });

    await expect(queue.send('sync-runs', message)).rejects.toMatchObject({
      failure: 'not-found',
      detail: { neighbourCode: 'QueueNotFound' },
    });
    await Promise.all([queue.ensure(), queue.ensure()]);
    await createWorkQueue({ connectionString: azurite.connectionString }).ensure();

    await expect(queue.send('sync-runs', message)).resolves.toBeUndefined();
  });

  it('sends base64 that never expires', async () => {
    const queue = createWorkQueue({ connectionString: azurite.connectionString });
    await queue.ensure();

    await queue.send('sync-batches', message);

    const client = QueueServiceClient.fromConnectionString(azurite.connectionString).getQueueClient('sync-batches');
    const [sent] = (await client.receiveMessages()).receivedMessageItems;
    expect(JSON.parse(Buffer.from(sent?.messageText ?? '', 'base64').toString())).toEqual(message);
    expect(sent?.expiresOn.getUTCFullYear()).toBe(9999);
  });

  it('says that access is denied when the key is wrong', async () => {
    const wrongKey = azurite.connectionString.replace(/AccountKey=.*?;/, 'AccountKey=d3Jvbmc=;');

    await expect(createWorkQueue({ connectionString: wrongKey }).ensure()).rejects.toMatchObject({
      neighbour: 'storage',
      failure: 'access-denied',
    });
  });

  it('says that access is denied when no identity can be had', async () => {
    const before = process.env['AZURE_TOKEN_CREDENTIALS'];
    process.env['AZURE_TOKEN_CREDENTIALS'] = 'EnvironmentCredential';

    const call = createWorkQueue({
      tableServiceUri: 'https://127.0.0.1:1',
      queueServiceUri: 'https://127.0.0.1:1/devstoreaccount1',
    }).send('sync-runs', message);

    await expect(call).rejects.toMatchObject({ neighbour: 'storage', failure: 'access-denied' });
    if (before === undefined) delete process.env['AZURE_TOKEN_CREDENTIALS'];
    else process.env['AZURE_TOKEN_CREDENTIALS'] = before;
  });
});
