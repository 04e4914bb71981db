import type { TransformName } from '../../../src/core/config/sync-config.ts';
import { transformText } from '../../../src/core/people/transforms.ts';

describe('transformText', () => {
  it.each<[TransformName, string, string]>([
    ['trim', '\u00a0 Sales ', 'Sales'],
    ['collapseSpaces', 'Sales \t  EU', 'Sales EU'],
    ['lower', 'ÉCOLE Istanbul', 'école istanbul'],
    ['upper', 'école istanbul', 'ÉCOLE ISTANBUL'],
    ['title', 'ADA o’brien-smith', 'Ada O’Brien-Smith'],
    ['title', "d'angelo's 2nd café, élan vital", "D'Angelo's 2nd Café, Élan Vital"],
    ['title', "bob's you're i'm", "Bob's You're I'm"],
    ['digits', '+61 (0)491-570 156', '610491570156'],
    ['digits', '内線１２３', '123'],
    ['stripDiacritics', 'Zoë Łukasiewicz-Sørensen Đặng', 'Zoe Lukasiewicz-Sorensen Dang'],
    ['stripDiacritics', 'が한', 'が한'],
  ])('%s makes "%s" into "%s"', (name, text, expected) => {
    expect(transformText(text, [name])).toBe(expected);
  });

  it('applies transforms in order', () => {
    expect(transformText('  ÉLAN   VITAL ', ['trim', 'collapseSpaces', 'stripDiacritics', 'title'])).toBe('Elan Vital');
  });

  it('leaves the text alone without transforms', () => {
    expect(transformText(' a ', [])).toBe(' a ');
  });
});
