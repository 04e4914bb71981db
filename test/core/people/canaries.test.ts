import { canaryName, isCanary, missingCanaries } from '../../../src/core/people/canaries.ts';

const CANARIES = ['Duty.Manager@example.com', ' head@example.com'];

describe('canaries', () => {
  it.each([
    ['duty.manager@EXAMPLE.com ', true],
    ['head@example.com', true],
    ['ada@example.com', false],
    [null, false],
  ])('has %s among them: %j', (userPrincipalName, expected) => {
    expect(isCanary({ userPrincipalName }, CANARIES)).toBe(expected);
  });

  it('are nobody where none is named', () => {
    expect(isCanary({ userPrincipalName: '' }, [])).toBe(false);
  });

  it('are counted as missing until their names were seen', () => {
    const seen = new Set([canaryName({ userPrincipalName: 'HEAD@example.com' })]);

    expect(missingCanaries(CANARIES, seen)).toBe(1);
    expect(missingCanaries(CANARIES, new Set())).toBe(2);
    expect(missingCanaries([], seen)).toBe(0);
  });
});
