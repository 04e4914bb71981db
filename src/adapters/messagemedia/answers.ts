import type { Channel, Contact, ContactList, CustomField, CustomFieldType } from '../../core/people/contact.ts';

type Json = Readonly<Record<string, unknown>>;

/** One page of any of the three collections. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextPageToken?: string;
  readonly totalElements?: number;
}

// Hand-written checks: they run a hundred thousand times a run, and a schema library would cost more than the call.

/** A ContactData object; undefined when it is not what the contract says. */
export function readContact(json: unknown): Contact | undefined {
  if (!isObject(json) || !isText(json['id']) || !isText(json['accountId'])) return undefined;
  const channels = readAll(json['channels'], readChannel);
  const customFields = readAll(json['customFields'], readFieldValue);
  const lists = readAll(json['lists'], readList);
  // Missing ones must not pass for empty ones: an update sends the full merged set back.
  if (channels === undefined || customFields === undefined || lists === undefined) return undefined;
  return {
    id: json['id'],
    accountId: json['accountId'],
    firstName: textOf(json['firstName']),
    lastName: textOf(json['lastName']),
    alias: textOf(json['alias']),
    ...(isText(json['dateOfBirth']) ? { dateOfBirth: json['dateOfBirth'] } : {}),
    country: textOf(json['country']),
    state: textOf(json['state']),
    location: textOf(json['location']),
    note: textOf(json['note']),
    channels,
    customFields,
    lists,
  };
}

/** A ListData or ContactListData object. */
export function readList(json: unknown): ContactList | undefined {
  if (!isObject(json) || !isText(json['id']) || typeof json['name'] !== 'string') return undefined;
  return { id: json['id'], name: json['name'] };
}

const FIELD_TYPES: ReadonlySet<unknown> = new Set<CustomFieldType>([
  'DATE',
  'NUMBER',
  'PHONE',
  'TEXT',
  'URL',
  'ZIP_CODE',
  'NAME',
  'EMAIL',
]);

/** A CustomFieldData object. */
export function readField(json: unknown): CustomField | undefined {
  if (!isObject(json) || !isText(json['id']) || !isText(json['mergeTag'])) return undefined;
  if (!isFieldType(json['type']) || typeof json['maxLength'] !== 'number') return undefined;
  return {
    id: json['id'],
    label: textOf(json['label']),
    mergeTag: json['mergeTag'],
    type: json['type'],
    maxLength: json['maxLength'],
  };
}

/** A page of objects that `readItem` understands; one that it does not makes the whole page unreadable. */
export function readPage<T>(readItem: (json: unknown) => T | undefined): (json: unknown) => Page<T> | undefined {
  return (json) => {
    if (!isObject(json)) return undefined;
    const items = readAll(json['content'], readItem);
    if (items === undefined) return undefined;
    return {
      items,
      ...(isText(json['nextPageToken']) ? { nextPageToken: json['nextPageToken'] } : {}),
      ...(typeof json['totalElements'] === 'number' ? { totalElements: json['totalElements'] } : {}),
    };
  };
}

/** The account id that any object of MessageMedia carries; undefined objects stay undefined. */
export function readOwner(json: unknown): { readonly accountId: string } | undefined {
  return isObject(json) && isText(json['accountId']) ? { accountId: json['accountId'] } : undefined;
}

function readChannel(json: unknown): Channel | undefined {
  if (!isObject(json) || !isText(json['channelId']) || !isText(json['type'])) return undefined;
  const state = json['subscriptionState'];
  const known = state === 'SUBSCRIBED' || state === 'UNSUBSCRIBED';
  return { channelId: json['channelId'], type: json['type'], ...(known ? { subscriptionState: state } : {}) };
}

function readFieldValue(json: unknown): Contact['customFields'][number] | undefined {
  if (!isObject(json) || !isText(json['id']) || typeof json['mergeTag'] !== 'string') return undefined;
  return { id: json['id'], mergeTag: json['mergeTag'], value: textOf(json['value']) };
}

function readAll<T>(json: unknown, readItem: (item: unknown) => T | undefined): readonly T[] | undefined {
  if (!Array.isArray(json)) return undefined;
  const items: T[] = [];
  for (const entry of json) {
    const item = readItem(entry);
    if (item === undefined) return undefined;
    items.push(item);
  }
  return items;
}

/** A JSON object, not an array and not null. */
export function isObject(json: unknown): json is Json {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isFieldType(value: unknown): value is CustomFieldType {
  return FIELD_TYPES.has(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
