import { holdText } from '../../../src/cli/screen/holds.ts';
import { HOLD_RULES } from '../../../src/core/plan/protect.ts';

const HOLD = { operations: 30, limit: 0.2, recent: 0, members: 90 };

describe('holdText', () => {
  it.each([
    ['max-removals', { limit: 20 }, '30 removals, more than 20 in 24 hours'],
    ['removal-share', {}, '30 removals, more than 20 % of 90 managed people'],
    ['list-share', { list: 'Sales' }, '30 people would leave the list "Sales", more than 20 % of 90 members'],
    ['list-emptied', { list: 'Sales' }, '30 people would leave the list "Sales", and nobody would be left on it'],
    [
      'field-clears',
      { field: 'email' },
      '30 people would lose the value of email, more than 20 % of 90 managed people',
    ],
    ['first-run', {}, '30 changes: the first plan waits for approval'],
    ['of-a-newer-app', {}, '30 operations: of-a-newer-app'],
  ])('says why: %s', (rule, more, text) => {
    expect(holdText({ ...HOLD, rule, ...more })).toBe(text);
  });

  it('knows every rule, and says what was before and that it is announced again', () => {
    const texts = HOLD_RULES.map((rule) =>
      holdText({ ...HOLD, rule, list: 'Sales', field: 'email', recent: 4, renewed: true }),
    );

    expect(texts.filter((text) => !text.endsWith('; 4 more in the last 24 hours count too; announced afresh'))).toEqual(
      [],
    );
    expect(new Set(texts).size).toBe(HOLD_RULES.length);
    expect(texts.filter((text) => /undefined|: [a-z]+-[a-z]+;/.test(text))).toEqual([]);
  });
});
