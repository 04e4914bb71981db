import { customFieldShape, mergeTagOf, mergeTagProblem } from '../../../src/core/people/custom-fields.ts';
import { aConfig } from '../../support/people.ts';

describe('customFieldShape', () => {
  const staff = { label: 'Staff number', type: 'NUMBER', maxLength: 10 } as const;
  const config = aConfig({ custom: { staff } });

  it.each([
    ['staff', staff],
    ['other', { label: 'other', type: 'TEXT', maxLength: 255 }],
    ['toString', { label: 'toString', type: 'TEXT', maxLength: 255 }],
    ['email', { label: 'Email', type: 'EMAIL', maxLength: 255 }],
    ['entra_object_id', { label: 'Entra object id', type: 'TEXT', maxLength: 255 }],
  ])('is that of the configuration, of ours, or plain text: %s', (tag, shape) => {
    expect(customFieldShape(tag, config)).toEqual(shape);
  });
});

describe('mergeTagOf', () => {
  it('is what follows custom.', () => {
    expect(mergeTagOf('custom.staff')).toBe('staff');
    expect(mergeTagOf('note')).toBeUndefined();
  });
});

describe('mergeTagProblem', () => {
  it.each([
    ['staff_number', undefined],
    ['entra_object_id', /whose a contact is/],
    ['email', /the field email/],
    ['staff-number', /letters, digits and underscores/],
    ['1st', /a letter, then/],
    ['', /a merge tag/],
    [`a${'b'.repeat(64)}`, /at most 64/],
  ])('%s: %s', (tag, expected) => {
    expect(mergeTagProblem(tag)).toEqual(expected === undefined ? undefined : expect.stringMatching(expected));
  });
});
