import fc from 'fast-check';
import { attributesOfTemplate, parseTemplate } from '../../../src/core/people/template.ts';

describe('parseTemplate', () => {
  it.each([
    ['{a}', [{ attribute: 'a' }]],
    [
      '{ givenName } {surname[0]}!',
      [{ attribute: 'givenName' }, { text: ' ' }, { attribute: 'surname[0]' }, { text: '!' }],
    ],
    ['{{{a}}}', [{ text: '{' }, { attribute: 'a' }, { text: '}' }]],
    ['{{x} {a}}', [{ text: '{' }, { text: 'x' }, { text: '}' }, { text: ' ' }, { attribute: 'a' }, { text: '}' }]],
    ['{}', [{ attribute: '' }]],
  ])('reads %s', (template, parts) => {
    expect(parseTemplate(template)).toEqual({ ok: true, parts });
  });

  it.each([
    ['{a', /closing brace/],
    ['x { {a}', /closing brace/],
    ['plain', /at least one \{attribute\}/],
    ['{{a}}', /at least one/],
  ])('refuses %s', (template, expected) => {
    expect(parseTemplate(template)).toEqual({ ok: false, expected: expect.stringMatching(expected) });
  });

  it('finds the way back to any text without braces', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const escaped = text.replaceAll('{', '{{').replaceAll('}', '}}');

        const reading = parseTemplate(`${escaped}{a}`);

        const parts = reading.ok ? reading.parts : [];
        expect(parts.map((part) => ('text' in part ? part.text : '<a>')).join('')).toBe(`${text}<a>`);
      }),
    );
  });
});

describe('attributesOfTemplate', () => {
  it('names them in their order, and none where it cannot read', () => {
    expect(attributesOfTemplate('{b}{a}{b}')).toEqual(['b', 'a', 'b']);
    expect(attributesOfTemplate('{b} and {a}')).toEqual(['b', 'a']);
    expect(attributesOfTemplate('{b')).toEqual([]);
  });
});
