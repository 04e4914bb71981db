import { createDigest } from '../../../src/adapters/storage/digest.ts';

describe('createDigest', () => {
  it('hashes as SHA-256 does, in base64url', () => {
    // The digest of "abc" in FIPS 180-2.
    const expected = Buffer.from('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', 'hex');

    expect(createDigest('key').hash('abc')).toBe(expected.toString('base64url'));
  });

  it('makes pseudonyms as HMAC-SHA-256 does, in base64url', () => {
    // Test case 2 of RFC 4231.
    const expected = Buffer.from('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843', 'hex');

    expect(createDigest('Jefe').pseudonym('what do ya want for nothing?')).toBe(expected.toString('base64url'));
  });

  it('gives other pseudonyms under another key, and all can be row keys', () => {
    const one = createDigest('one').pseudonym('+61491570156');

    expect(createDigest('two').pseudonym('+61491570156')).not.toBe(one);
    expect(one).toMatch(/^[\w-]{43}$/);
  });

  it('refuses an empty key', () => {
    expect(() => createDigest('')).toThrow(RangeError);
  });
});
