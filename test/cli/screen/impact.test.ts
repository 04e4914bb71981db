import { impactText } from '../../../src/cli/screen/impact.ts';

describe('impactText', () => {
  it.each([
    [
      { entering: 12, leaving: 1, rewritten: 40 },
      'By the change of the configuration itself, 12 people enter, 1 person leaves and 40 people have fields rewritten.',
    ],
    [
      { entering: 1, leaving: 2, rewritten: 1 },
      'By the change of the configuration itself, 1 person enters, 2 people leave and 1 person has fields rewritten.',
    ],
    [{ entering: 0, leaving: 0, rewritten: 0 }, 'The change of the configuration itself concerns nobody.'],
    [undefined, undefined],
  ])('tells the change apart: %j', (impact, text) => {
    expect(impactText(impact)).toBe(text);
  });
});
