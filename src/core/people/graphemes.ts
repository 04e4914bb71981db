const SEGMENTER = new Intl.Segmenter('und', { granularity: 'grapheme' });

// Printable ASCII, of which every sign is a character of its own: nearly all text there is, and quick to cut.
const PLAIN = /^[\x20-\x7e]*$/;

/** The characters as people count them: a letter with its accents, or an emoji with its parts, is one. */
export function charactersOf(text: string): readonly string[] {
  return PLAIN.test(text) ? text.split('') : Array.from(SEGMENTER.segment(text), ({ segment }) => segment);
}
