export type ChannelType = 'SMS' | 'WHATSAPP' | 'GBM' | 'INSTAGRAM' | 'FACEBOOK' | 'EMAIL';
type WritableChannelType = 'SMS' | 'WHATSAPP';
export type SubscriptionState = 'SUBSCRIBED' | 'UNSUBSCRIBED';
export type FieldType = 'DATE' | 'NUMBER' | 'PHONE' | 'TEXT' | 'URL' | 'ZIP_CODE' | 'NAME' | 'EMAIL';

/** What a create or an update of a contact sends. */
export interface ContactRequest {
  readonly firstName?: string;
  readonly lastName?: string;
  readonly alias?: string;
  readonly dateOfBirth?: string;
  readonly country?: string;
  readonly state?: string;
  readonly location?: string;
  readonly note?: string;
  readonly channels?: readonly ChannelRequest[];
  readonly lists?: readonly { readonly id: string }[];
  readonly customFields?: readonly { readonly id: string; readonly value: string }[];
}

export interface ChannelRequest {
  readonly type: WritableChannelType;
  readonly channelId: string;
  readonly subscriptionState?: SubscriptionState;
}

export interface ChannelData {
  readonly type: ChannelType;
  readonly channelId: string;
  readonly subscriptionState: SubscriptionState;
}

export interface ContactData {
  readonly id: string;
  readonly accountId: string;
  readonly vendorId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly fullName: string;
  readonly alias: string;
  readonly dateOfBirth?: string;
  readonly country: string;
  readonly state: string;
  readonly location: string;
  readonly note: string;
  readonly createdDate: string;
  readonly lastModifiedDate: string;
  readonly channels: readonly ChannelData[];
  readonly customFields: readonly {
    readonly id: string;
    readonly mergeTag: string;
    readonly type: FieldType;
    readonly value: string;
  }[];
  readonly lists: readonly { readonly id: string; readonly name: string }[];
}

export interface ListRequest {
  readonly name: string;
  readonly alias?: string;
}

export interface MembersRequest {
  readonly contactsToAddIds?: readonly string[];
  readonly contactsToRemoveIds?: readonly string[];
}

export interface ListData {
  readonly id: string;
  readonly accountId: string;
  readonly vendorId: string;
  readonly name: string;
  readonly alias: string;
  readonly createdDate: string;
  readonly lastModifiedDate: string;
}

export interface FieldRequest {
  readonly label: string;
  readonly mergeTag: string;
  readonly type: FieldType;
  readonly maxLength: number;
}

export interface CustomFieldData extends FieldRequest {
  readonly id: string;
  readonly accountId: string;
  readonly vendorId: string;
  readonly createdDate: string;
  readonly lastModifiedDate: string;
}

type InvalidCode =
  | 'must_not_be_empty'
  | 'invalid_length'
  | 'duplicated_value'
  | 'invalid_format'
  | 'invalid_reference'
  | 'incorrect_operation'
  | 'constraint_violation';

export interface InvalidField {
  readonly name: string;
  readonly code: InvalidCode;
  readonly reason: string;
  readonly channelType?: 'PHONE' | 'WHATSAPP';
  readonly invalidIds?: readonly string[];
}
