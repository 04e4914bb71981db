import { readAuth } from '../../local/demo/read-auth.ts';

describe('readAuth', () => {
  it.each([
    [[], 'client-secret'],
    [['--auth', 'managed-identity'], 'managed-identity'],
    [['--auth=federated'], 'federated'],
  ])('of %j is %s', (args, auth) => {
    expect(readAuth(args)).toBe(auth);
  });

  it('says what it could have been', () => {
    expect(() => readAuth(['--auth', 'certificate'])).toThrow('client-secret, managed-identity, federated');
  });
});
