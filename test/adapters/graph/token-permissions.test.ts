import { createPermissions } from '../../../src/adapters/graph/token-permissions.ts';
import type { Clock } from '../../../src/core/ports.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const NOW = Date.UTC(2026, 0, 5);

function aToken(claims: object): string {
  return `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`;
}

function tokensOf(...tokens: readonly string[]) {
  let at = 0;
  return {
    renewed: () => at,
    get: () => Promise.resolve(tokens[Math.min(at, tokens.length - 1)] ?? ''),
    renew: async () => void (at += 1),
  };
}

const clock: Clock = createFakeClock(NOW);
const seconds = (ms: number): number => Math.floor(ms / 1000);

describe('createPermissions', () => {
  it('reads the application permissions of a young token', async () => {
    const tokens = tokensOf(aToken({ iat: seconds(NOW) - 60, roles: ['User.Read.All', 7] }));

    expect(await createPermissions(tokens, clock)()).toEqual(['User.Read.All']);
    expect(tokens.renewed()).toBe(0);
  });

  it('asks for a new token first when the one at hand is old', async () => {
    const tokens = tokensOf(
      aToken({ iat: seconds(NOW) - 3000, roles: ['User.Read.All'] }),
      aToken({ iat: seconds(NOW), roles: [] }),
    );

    expect(await createPermissions(tokens, clock)()).toEqual([]);
  });

  it('asks once in five minutes, even when it is given the same old token again', async () => {
    const tokens = tokensOf(aToken({ iat: seconds(NOW) - 3000, roles: ['User.Read.All'] }));
    const permissions = createPermissions(tokens, clock);

    expect([await permissions(), await permissions()]).toEqual([['User.Read.All'], ['User.Read.All']]);
    expect(tokens.renewed()).toBe(1);
  });

  it('finds none in a token without the claim', async () => {
    expect(await createPermissions(tokensOf(aToken({ iat: seconds(NOW) })), clock)()).toEqual([]);
  });

  it.each(['opaque', 'a.b.c', `a.${Buffer.from('[]').toString('base64url')}.c`])(
    'knows nothing of a token that cannot be read: %s',
    async (token) => {
      expect(await createPermissions(tokensOf(token), clock)()).toBeUndefined();
    },
  );
});
