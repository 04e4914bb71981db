import { directoryName, wholeName } from '../../../src/core/people/names.ts';

describe('directoryName', () => {
  it('takes given name and surname, composed and without surplus blanks', () => {
    expect(directoryName({ givenName: ' Mary  Jane ', surname: 'Noe\u0308l ' })).toEqual({
      firstName: 'Mary Jane',
      lastName: 'No\u00ebl',
    });
  });

  it.each([
    [{ givenName: 'Ada' }, { firstName: 'Ada', lastName: '' }],
    [
      { givenName: ' ', surname: 'Example' },
      { firstName: '', lastName: 'Example' },
    ],
  ])('makes do with one part: %j', (attributes, expected) => {
    expect(directoryName(attributes)).toEqual(expected);
  });

  it.each([[{}], [{ givenName: null, surname: '' }]])('is undefined without either part: %j', (attributes) => {
    expect(directoryName(attributes)).toBeUndefined();
  });
});

describe('wholeName', () => {
  it.each(['Prince', 'مريم المثال', '\u200fשרה דוגמה', '山田太郎', 'A'.repeat(300), 'Dr. Ada van der Example III'])(
    'keeps "%s" whole as the first name',
    (name) => {
      expect(wholeName(name)).toEqual({ firstName: name, lastName: '' });
    },
  );

  it('composes and drops surplus blanks', () => {
    expect(wholeName('  Zoe\u0308 \u00a0 Example ')).toEqual({ firstName: 'Zo\u00eb Example', lastName: '' });
  });
});
