import { exchangeScope } from '../../../src/adapters/graph/exchange-scope.ts';

describe('exchangeScope', () => {
  it.each([
    ['https://login.microsoftonline.com', 'api://AzureADTokenExchange/.default'],
    ['https://login.microsoftonline.us', 'api://AzureADTokenExchangeUSGov/.default'],
    ['https://login.chinacloudapi.cn', 'api://AzureADTokenExchangeChina/.default'],
    ['https://login.partner.microsoftonline.cn', 'api://AzureADTokenExchangeChina/.default'],
    ['https://localhost:7443', 'api://AzureADTokenExchange/.default'],
  ])('at %s is %s', (authorityHost, scope) => {
    expect(exchangeScope(authorityHost)).toBe(scope);
  });
});
