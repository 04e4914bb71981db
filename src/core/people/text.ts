import type { Scalar } from '../config/sync-config.ts';
import type { AttributeValue } from './person.ts';

/** The non-empty scalars of a value: one, those of a collection in order, or none (null, blank text, an object). */
export function scalarsOf(value: AttributeValue | undefined): readonly Scalar[] {
  if (value === undefined) return [];
  if (typeof value === 'string') return value.trim() === '' ? [] : [value];
  if (typeof value !== 'object') return [value];
  return Array.isArray(value) ? value.flatMap(scalarsOf) : [];
}

/** A value as text, composed (NFC) and trimmed; of a collection its first non-empty element; `''` when there is none. */
export function textOf(value: AttributeValue | undefined): string {
  const [first] = scalarsOf(value);
  return first === undefined ? '' : tidyText(String(first));
}

/** Composed (NFC) and without outer blanks. */
export function tidyText(text: string): string {
  return text.normalize('NFC').trim();
}

/** Every run of blanks as one space. */
export function collapseBlanks(text: string): string {
  return text.replace(/\s+/g, ' ');
}

/** Whether two texts differ in nothing but composition and blanks: as good as the same on the other side. */
export function isSameText(a: string, b: string): boolean {
  return a === b || collapseBlanks(tidyText(a)) === collapseBlanks(tidyText(b));
}

/** What two texts that differ only in case, composition or outer blanks have in common, in every locale. */
export function foldText(text: string): string {
  // Composed last: some letters, such as J with a caron, have a composed form in lower case only.
  return text.trim().normalize('NFC').toLowerCase().normalize('NFC');
}

/** Full-width letters, digits and signs, as Japanese and Chinese keyboards write them, as their ASCII twins. */
export function narrowWidth(text: string): string {
  return text.replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0));
}
