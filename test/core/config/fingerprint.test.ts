import { fingerprintOf, hasRelativeDates } from '../../../src/core/config/fingerprint.ts';
import type { Digest } from '../../../src/core/ports.ts';
import { aConfig } from './configuration.ts';

const digest: Digest = { hash: (text) => `#${text}`, pseudonym: (text) => text };

describe('fingerprintOf', () => {
  it.each([
    [{ schedule: '0 7 * * *' }],
    [{ fullSchedule: '0 7 * * 6' }],
    [{ timeZone: 'Australia/Sydney' }],
    [{ protection: { maxRemovals: 1 } }],
    [{ retention: { runsDays: 7 } }],
  ])('stays the same under %j', (changes) => {
    expect(fingerprintOf(aConfig(changes), digest)).toBe(fingerprintOf(aConfig(), digest));
  });

  it.each([
    [{ name: 'other' }],
    [{ mapping: { businessPhones: 'phone_number' } }],
    [{ filters: { department: 'Sales' } }],
    [{ people: { users: { guests: true } } }],
    [{ phone: { defaultCountry: 'AU' } }],
    [{ lists: { names: { Sales: 'Sales team' } } }],
    [{ leavers: { deleted: { action: 'delete' } } }],
    [{ exclude: { lists: ['Board'] } }],
    [{ people: ['users', 'orgContacts'] }],
  ])('changes with %j', (changes) => {
    expect(fingerprintOf(aConfig(changes), digest)).not.toBe(fingerprintOf(aConfig(), digest));
  });

  it('does not depend on the order of keys', () => {
    const one = aConfig({ lists: { prefix: 'E ', names: { A: 'a', B: 'b' } }, phone: { accept: 'valid' } });
    const other = aConfig({ phone: { accept: 'valid' }, lists: { names: { B: 'b', A: 'a' }, prefix: 'E ' } });

    expect(fingerprintOf(other, digest)).toBe(fingerprintOf(one, digest));
  });

  it('is the same for the short form and the long form of one mapping', () => {
    const short = aConfig({ mapping: { mobilePhone: 'phone_number' } });
    const long = aConfig({ mapping: [{ to: 'phone_number', from: 'mobilePhone', whenEmpty: 'keep' }] });

    expect(fingerprintOf(long, digest)).toBe(fingerprintOf(short, digest));
  });
});

describe('hasRelativeDates', () => {
  it.each([
    [{ attribute: 'employeeHireDate', before: 'now+14d' }],
    [{ attribute: 'employeeHireDate', after: ' now' }],
    [{ all: [{ any: [{ not: { attribute: 'employeeHireDate', before: 'now-2d' } }] }] }],
  ])('sees it in %j', (filters) => {
    expect(hasRelativeDates(aConfig({ filters }))).toBe(true);
  });

  it('sees it in the condition of a rule', () => {
    const when = { attribute: 'employeeHireDate', after: 'now-30d' };
    const mapping = [
      { to: 'phone_number', from: 'mobilePhone' },
      { to: 'group', constant: 'New here', when },
    ];

    expect(hasRelativeDates(aConfig({ mapping }))).toBe(true);
  });

  it.each([
    [{}],
    [{ department: 'now' }],
    [{ memberOf: '0f6d9c1e-2a4b-4c8d-9e10-1a2b3c4d5e6f' }],
    [{ all: [] }],
    [{ attribute: 'employeeHireDate', before: '2026-01-31' }],
  ])('sees none in %j', (filters) => {
    expect(hasRelativeDates(aConfig({ filters }))).toBe(false);
  });
});
