import type { CustomFieldShape, CustomTarget, SyncConfig } from '../config/sync-config.ts';
import { MARKER_TAG } from './matching.ts';

/** Merge tags stand in the texts of messages: letters, digits and underscores are safe wherever they do. */
export const MERGE_TAG = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

/** The length of the custom fields we create, which is that of the vendor's own ones. */
export const DEFAULT_MAX_LENGTH = 255;

export const EMAIL_TAG = 'email';

// Fields that every account gets from us, whatever the configuration describes.
const OWN_SHAPES: Readonly<Record<string, CustomFieldShape>> = {
  [MARKER_TAG]: { label: 'Entra object id', type: 'TEXT', maxLength: DEFAULT_MAX_LENGTH },
  [EMAIL_TAG]: { label: 'Email', type: 'EMAIL', maxLength: DEFAULT_MAX_LENGTH },
};

/** Why no rule may fill the custom field of this merge tag, in words that go behind "expected". */
export function mergeTagProblem(tag: string): string | undefined {
  if (tag === MARKER_TAG) return `another merge tag: ${MARKER_TAG} says whose a contact is`;
  if (tag === EMAIL_TAG) return `another merge tag: ${EMAIL_TAG} is filled by the field email`;
  return MERGE_TAG.test(tag) ? undefined : 'a merge tag: a letter, then letters, digits and underscores, at most 64';
}

/** The merge tag of a rule's target; undefined for fields that are no custom ones. */
export function mergeTagOf(to: string): string | undefined {
  return isCustomTarget(to) ? to.slice('custom.'.length) : undefined;
}

export function isCustomTarget(to: string): to is CustomTarget {
  return to.startsWith('custom.');
}

/** What the custom field of a merge tag holds, and what it is created as when it is missing. */
export function customFieldShape(tag: string, { custom }: Pick<SyncConfig, 'custom'>): CustomFieldShape {
  const described = Object.hasOwn(custom, tag) ? custom[tag] : undefined;
  const own = Object.hasOwn(OWN_SHAPES, tag) ? OWN_SHAPES[tag] : undefined;
  return own ?? described ?? { label: tag, type: 'TEXT', maxLength: DEFAULT_MAX_LENGTH };
}
