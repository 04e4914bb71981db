import fc from 'fast-check';
import { listKey, listKeyText, listName } from '../../../src/core/people/list-names.ts';

describe('listName', () => {
  const lists = { create: true, prefix: 'Staff ', names: { ' sales': 'Sales team', 'Sales  EU': 'Europe' } };

  it.each([
    ['Sales', 'Staff Sales team'],
    ['SALES ', 'Staff Sales team'],
    ['Sales EU', 'Staff Europe'],
    ['Support', 'Staff Support'],
    ['constructor', 'Staff constructor'],
  ])('calls the list of "%s" "%s"', (department, expected) => {
    expect(listName(department, lists)).toBe(expected);
  });

  it('gives departments that are written differently one list', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (department) => {
        const written = ` ${department.normalize('NFD')}\u00a0`;

        expect(listKeyText(listName(written, lists))).toBe(listKeyText(listName(department, lists)));
      }),
    );
  });
});

describe('listKeyText', () => {
  it.each(['Sales EU', ' sales  eu ', 'SALES\u00a0EU'])('is the same for "%s"', (name) => {
    expect(listKeyText(name)).toBe('sales eu');
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(listKeyText(listKeyText(name))).toBe(listKeyText(name));
      }),
    );
  });
});

describe('listKey', () => {
  it('is one for all ways to write a name, and never that of a property every object has', () => {
    expect(listKey(' Field  SALES')).toBe(listKey('field sales'));
    expect(listKey('constructor') in {}).toBe(false);
  });
});
