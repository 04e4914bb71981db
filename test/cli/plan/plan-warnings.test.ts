import type { Explanation } from '../../../src/cli/api/answers.ts';
import { cureOf, warningsOf } from '../../../src/cli/plan/plan-warnings.ts';
import { userId } from '../../support/story-people.ts';
import { aRecord, anExplanation, aSkip } from '../answers.ts';

const NOBODY = new Map<string, Explanation>();

/** People from `from` to `to`, explained alike. */
function explained(
  from: number,
  to: number,
  city: string | undefined,
  phone: Partial<Explanation['phone']>,
): [string, Explanation][] {
  return Array.from({ length: to - from + 1 }, (_, at) => {
    const id = userId(from + at);
    const base = anExplanation(from + at);
    return [id, { ...base, person: { ...base.person, attributes: { city } }, phone: { ...phone, tried: [] } }];
  });
}

function skips(from: number, to: number, reason: 'no-phone' | 'bad-phone' | 'not-mobile', department?: string) {
  return Array.from({ length: to - from + 1 }, (_, at) => aSkip(from + at, reason, department));
}

describe('warningsOf', () => {
  it('tells the share of people without a usable number, where they are and what their numbers have in common', () => {
    const records = [...skips(1, 44, 'bad-phone')];
    const known = new Map([
      ...explained(1, 40, 'Perth', { input: '0450 000 001', reason: 'bad-phone' }),
      ...explained(41, 44, 'Sydney', { input: '0450 000 001', reason: 'bad-phone' }),
    ]);

    const [warning] = warningsOf(records, 356, known);

    expect(warning).toEqual({
      reasons: ['bad-phone'],
      people: 44,
      words: '11 % of the people in scope (44 of 400) have no usable number.',
      details: [
        '44 have one that cannot be read as an international number; 40 of them in Perth, all in national format without a country',
      ],
    });
  });

  it('takes the department where the app explains nobody', () => {
    const records = [...skips(1, 3, 'no-phone', 'Sales'), ...skips(4, 4, 'no-phone', 'Support')];

    const [warning] = warningsOf(records, 0, NOBODY);

    expect(warning?.words).toBe('100 % of the people in scope (4 of 4) have no usable number.');
    expect(warning?.details).toEqual(['4 have none in the directory; 3 of them in Sales']);
  });

  it('counts somebody who would be removed for their number, and says each reason, many before few', () => {
    const removed = aRecord(9, { operation: 'remove', reason: 'not-mobile' });

    const [warning] = warningsOf([removed, ...skips(1, 2, 'no-phone', '')], 97, NOBODY);

    expect(warning).toMatchObject({ reasons: ['no-phone', 'not-mobile'], people: 3 });
    expect(warning?.words).toContain('3 % of the people in scope (3 of 100)');
    expect(warning?.details).toEqual(['2 have none in the directory', '1 have one that is not a mobile number']);
  });

  it.each([
    ['with a country code', { input: '+61 8 5550 0000' }, 'all with a country code'],
    ['with a region', { input: '08 5550 0000', region: 'AU' }, 'all read as numbers of AU'],
  ])('says that the numbers are %s', (_name, phone, words) => {
    const [warning] = warningsOf(skips(1, 2, 'not-mobile', ''), 8, new Map(explained(1, 2, undefined, phone)));

    expect(warning?.details[0]).toContain(words);
  });

  it('says nothing of what people do not have in common, and how many were looked at', () => {
    const known = new Map([
      ...explained(1, 1, 'Perth', { input: '0450 000 001' }),
      ...explained(2, 2, 'Sydney', { input: '+61 4' }),
      ...explained(3, 3, 'Hobart', { input: '+61 4' }),
    ]);

    const [warning] = warningsOf(skips(1, 5, 'bad-phone'), 5, known);

    expect(warning?.details).toEqual(['5 have one that cannot be read as an international number (3 looked at)']);
  });

  it('warns of shared numbers, of conflicts and of values that do not fit', () => {
    const records = [
      aRecord(1, { outcome: 'skipped', reason: 'duplicate-phone' }),
      aRecord(2, { outcome: 'skipped', reason: 'contact-conflict' }),
      aRecord(3, { outcome: 'rejected', reason: 'invalid-value' }),
      aRecord(4, { outcome: 'rejected', reason: 'invalid-value', department: 'Support' }),
      aSkip(5, 'not-in-scope'),
    ];

    expect(warningsOf(records, 4, NOBODY).map(({ words }) => words)).toEqual([
      '1 person waits for a number that somebody else has.',
      '1 person has a number whose contact in MessageMedia belongs to something else.',
      '2 people have a value that MessageMedia cannot hold.',
    ]);
  });

  it('counts one person and several alike', () => {
    const several = (reason: 'duplicate-phone' | 'contact-conflict') =>
      [1, 2].map((n) => aRecord(n, { outcome: 'skipped', reason, department: '' }));
    const one = aRecord(3, { outcome: 'rejected', reason: 'invalid-value' });

    const warnings = warningsOf([...several('duplicate-phone'), ...several('contact-conflict'), one], 5, NOBODY);

    expect(warnings.map(({ words }) => words)).toEqual([
      '2 people wait for a number that somebody else has.',
      '2 people have a number whose contact in MessageMedia belongs to something else.',
      '1 person has a value that MessageMedia cannot hold.',
    ]);
    expect(cureOf(warnings[0]!)).toBe('correct one of the two in the directory');
  });

  it('does without a town, and makes nothing of a mask that hides everything', () => {
    const known = new Map(explained(1, 2, undefined, { input: '…' }));

    const [warning] = warningsOf(skips(1, 2, 'no-phone'), 8, known);

    expect(warning?.details).toEqual(['2 have none in the directory; all in Sales']);
  });

  it('is silent when there is nothing to look at', () => {
    expect(warningsOf([aRecord(1), aSkip(2, 'disabled')], 1, NOBODY)).toEqual([]);
  });
});

describe('cureOf', () => {
  it('says what to do about each reason that has a cure', () => {
    const warning = { reasons: ['bad-phone', 'not-mobile', 'no-phone'], people: 1, words: '', details: [] };

    expect(cureOf(warning)).toBe(
      'set usageLocation in the directory or phone.defaultCountry and map a fallback attribute, or accept every valid number',
    );
    expect(cureOf({ ...warning, reasons: ['no-phone'] })).toBeUndefined();
  });
});
