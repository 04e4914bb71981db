import { allowsPlainHttp } from '../../../src/adapters/storage/storage-settings.ts';

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
