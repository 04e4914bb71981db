import { readAttribute } from '../config/attributes.ts';
import type { Attributes } from './person.ts';
import { collapseBlanks, textOf } from './text.ts';

export interface ContactName {
  readonly firstName: string;
  readonly lastName: string;
}

/** The name as the directory itself divides it; `undefined` when it holds neither a given name nor a surname. */
export function directoryName(attributes: Attributes): ContactName | undefined {
  const firstName = nameText(attributes, 'givenName');
  const lastName = nameText(attributes, 'surname');
  return firstName === '' && lastName === '' ? undefined : { firstName, lastName };
}

/** A whole name as the first name: where it ends and a family name begins cannot be told from the text. */
export function wholeName(name: string): ContactName {
  return { firstName: collapseBlanks(name.normalize('NFC')).trim(), lastName: '' };
}

function nameText(attributes: Attributes, path: string): string {
  return collapseBlanks(textOf(readAttribute(attributes, path)));
}
