import { isWellKnownAuthority } from '../../src/core/authority.ts';

describe('isWellKnownAuthority', () => {
  it.each([
    ['https://login.microsoftonline.com', true],
    ['https://login.microsoftonline.com/', true],
    ['https://login.microsoftonline.us', true],
    ['https://login.chinacloudapi.cn', true],
    ['https://localhost:8443', false],
    ['https://login.microsoftonline.com.example.com', false],
    ['nonsense', false],
  ])('judges %s', (host, expected) => {
    expect(isWellKnownAuthority(host)).toBe(expected);
  });
});
