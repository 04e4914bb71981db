import { mobile } from './story-people.ts';

type Attributes = Readonly<Record<string, unknown>>;

/** Ids of organisational contacts, which no user has. */
export function orgContactId(n: number): string {
  return `00000000-0000-4000-9000-${String(n).padStart(12, '0')}`;
}

/** An invented organisational contact, as Graph holds one. */
export function anOrgContact(n: number, attributes: Attributes = {}): Attributes {
  return {
    id: orgContactId(n),
    displayName: `Partner ${n}`,
    givenName: 'Partner',
    surname: String(n),
    mail: `partner.${n}@example.org`,
    companyName: 'Fabrikam',
    department: 'Sales',
    phones: [
      { type: 'business', number: '(02) 5550 0001' },
      { type: 'mobile', number: mobile(n) },
      { type: 'businessFax', number: '(02) 5550 0002' },
    ],
    addresses: [
      {
        city: 'Perth',
        countryOrRegion: 'Australia',
        officeLocation: 'Level 3',
        postalCode: '6000',
        state: 'WA',
        street: '1 Example Street',
      },
    ],
    ...attributes,
  };
}

/** An invented contact in somebody's mailbox, as Outlook holds one. */
export function aMailboxContact(n: number, attributes: Attributes = {}): Attributes {
  return {
    displayName: `Supplier ${n}`,
    givenName: 'Supplier',
    surname: String(n),
    companyName: 'Northwind',
    department: 'Support',
    jobTitle: 'Buyer',
    mobilePhone: mobile(n),
    businessPhones: ['(02) 5550 0003'],
    homePhones: ['(02) 5550 0004'],
    emailAddresses: [
      { name: `Supplier ${n}`, address: `supplier.${n}@example.net` },
      { name: 'Office', address: 'office@example.net' },
    ],
    businessAddress: { city: 'Leeds', countryOrRegion: 'United Kingdom', postalCode: 'LS1 1AA' },
    ...attributes,
  };
}

/** Every attribute that more than one kind of person can have. */
export const COMMON_ATTRIBUTES: readonly string[] = [
  'displayName',
  'givenName',
  'surname',
  'mail',
  'companyName',
  'department',
  'jobTitle',
  'officeLocation',
  'city',
  'state',
  'country',
  'streetAddress',
  'postalCode',
  'mobilePhone',
  'businessPhones',
  'faxNumber',
  'accountEnabled',
  'userType',
  'usageLocation',
];
