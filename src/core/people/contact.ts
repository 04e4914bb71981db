/** MessageMedia's custom field types (vendor OpenAPI, CustomFieldData.type). */
export const CUSTOM_FIELD_TYPES = ['DATE', 'NUMBER', 'PHONE', 'TEXT', 'URL', 'ZIP_CODE', 'NAME', 'EMAIL'] as const;
export type CustomFieldType = (typeof CUSTOM_FIELD_TYPES)[number];

export interface CustomField {
  readonly id: string;
  readonly label: string;
  readonly mergeTag: string;
  readonly type: CustomFieldType;
  readonly maxLength: number;
}

export interface ContactList {
  readonly id: string;
  readonly name: string;
}

export type SubscriptionState = 'SUBSCRIBED' | 'UNSUBSCRIBED';

export interface Channel {
  /** E.164 for SMS and WHATSAPP. */
  readonly channelId: string;
  /** SMS and WHATSAPP can be written; GBM, INSTAGRAM, FACEBOOK and EMAIL are only ever read. */
  readonly type: string;
  readonly subscriptionState?: SubscriptionState;
}

/** A contact as MessageMedia answers it, reduced to what the engine looks at. */
export interface Contact {
  readonly id: string;
  readonly accountId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly alias: string;
  readonly dateOfBirth?: string;
  readonly country: string;
  readonly state: string;
  readonly location: string;
  readonly note: string;
  readonly channels: readonly Channel[];
  readonly customFields: readonly { readonly id: string; readonly mergeTag: string; readonly value: string }[];
  readonly lists: readonly ContactList[];
}

export const NATIVE_FIELDS = [
  'firstName',
  'lastName',
  'alias',
  'dateOfBirth',
  'country',
  'state',
  'location',
  'note',
] as const;
export type NativeField = (typeof NATIVE_FIELDS)[number];

/** What a create or update sends. Absent = leave alone; `""` clears (the API has no null). `lists` only on create. */
export interface ContactWrite {
  readonly native: Readonly<Partial<Record<NativeField, string>>>;
  /** The full merged set, or absent when channels do not change. Never SUBSCRIBED. */
  readonly channels?: readonly {
    readonly type: 'SMS' | 'WHATSAPP';
    readonly channelId: string;
    readonly subscriptionState?: 'UNSUBSCRIBED';
  }[];
  /** The full merged set by custom field id, or absent when none changes. */
  readonly customFields?: readonly { readonly id: string; readonly value: string }[];
  readonly lists?: readonly string[];
}
