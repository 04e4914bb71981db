import { allowsPlainHttp, storageOrigins } from '../../../src/adapters/storage/storage-settings.ts';

describe('allowsPlainHttp', () => {
  it.each([
    ['UseDevelopmentStorage=true', true],
    ['DefaultEndpointsProtocol=http;AccountName=a;AccountKey=b;', true],
    ['TableEndpoint=http://127.0.0.1:10002/a;SharedAccessSignature=sv=1', true],
    ['DefaultEndpointsProtocol=https;AccountName=a;AccountKey=b;EndpointSuffix=core.windows.net', false],
    ['TableEndpoint=https://a.table.core.windows.net;SharedAccessSignature=sv=1', false],
  ])('of %s is %s', (connectionString, expected) => {
    expect(allowsPlainHttp(connectionString)).toBe(expected);
  });
});

describe('storageOrigins', () => {
  const byName = 'DefaultEndpointsProtocol=https;AccountName=name;AccountKey=a==;EndpointSuffix=core.windows.net';
  const byAddress =
    'TableEndpoint=https://t.example.com/name;QueueEndpoint=https://q.example.com:444/name;AccountName=x';

  it.each([
    [byName, ['https://name.table.core.windows.net', 'https://name.queue.core.windows.net']],
    ['AccountName=name;AccountKey=a==', ['https://name.table.core.windows.net', 'https://name.queue.core.windows.net']],
    [byAddress, ['https://t.example.com', 'https://q.example.com:444']],
    ['UseDevelopmentStorage=true', ['http://127.0.0.1:10002', 'http://127.0.0.1:10001']],
    ['TableEndpoint=nonsense;QueueEndpoint=https://q.example.com', ['https://q.example.com']],
  ])('of %s are %j', (connectionString, expected) => {
    expect(storageOrigins({ connectionString })).toEqual(expected);
  });

  it('of addresses are theirs', () => {
    const account = { tableServiceUri: 'https://t.example.com/', queueServiceUri: 'https://q.example.com/name' };

    expect(storageOrigins(account)).toEqual(['https://t.example.com', 'https://q.example.com']);
  });
});
