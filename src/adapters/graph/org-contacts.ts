import { attributesFrom, partsOf, propertiesFor, sameName, textOrNull } from './attribute-origins.ts';
import type { Origins } from './attribute-origins.ts';
import { isObject } from './json.ts';
import { selectList } from './people-source.ts';
import type { PeopleSource } from './people-source.ts';

/**
 * The `orgContact` resource of Graph v1.0: one address, and at most one phone each of the types mobile, business and
 * businessFax.
 */
const ORIGINS: Origins = {
  ...sameName(
    'companyName',
    'department',
    'displayName',
    'givenName',
    'jobTitle',
    'mail',
    'mailNickname',
    'onPremisesLastSyncDateTime',
    'onPremisesSyncEnabled',
    'proxyAddresses',
    'surname',
  ),
  ...partsOf('addresses', {
    city: 'city',
    country: 'countryOrRegion',
    officeLocation: 'officeLocation',
    postalCode: 'postalCode',
    state: 'state',
    streetAddress: 'street',
  }),
  mobilePhone: { property: 'phones', read: (phones) => numbersOf(phones, 'mobile')[0] ?? null },
  faxNumber: { property: 'phones', read: (phones) => numbersOf(phones, 'businessFax')[0] ?? null },
  businessPhones: { property: 'phones', read: (phones) => numbersOf(phones, 'business') },
};

function numbersOf(phones: unknown, type: string): readonly string[] {
  const ofType = (Array.isArray(phones) ? phones : []).filter((phone) => isObject(phone) && phone['type'] === type);
  return ofType.flatMap(({ number }: { readonly number: unknown }) => textOrNull(number) ?? []);
}

/** Organisational contacts: people of other organisations whom the directory lists. They do not sign in. */
export const ORG_CONTACTS: PeopleSource = {
  kind: 'orgContact',
  chain: 'contacts/delta',
  item: 'contacts/{id}',
  path: '/contacts',
  ownsLink: (pathname) => /^\/(v1\.0|beta)\/contacts\/(microsoft\.graph\.)?delta(\(\))?$/.test(pathname),
  chainQuery: (attributes) => `$select=${selectList(propertiesFor(ORIGINS, attributes))}`,
  itemUrl: (id, attributes) =>
    `/contacts/${encodeURIComponent(id)}?$select=${selectList(propertiesFor(ORIGINS, attributes))}`,
  toId: (graphId) => graphId,
  toAttributes: (json, attributes) => attributesFrom(ORIGINS, json, attributes),
};
