import { attributesFrom, partsOf, propertiesFor, sameName } from './attribute-origins.ts';
import type { Origins } from './attribute-origins.ts';
import { segmentsOf } from './links.ts';
import type { ContactFolder } from './mailbox-folders.ts';
import type { Gate } from './mailbox-gate.ts';
import { contactIdOf, IMMUTABLE_IDS, personIdOf } from './mailbox-ids.ts';
import { selectList } from './people-source.ts';
import type { PeopleSource } from './people-source.ts';

/** The `contact` resource of Graph v1.0. Numbers of a home are left alone: nobody gave them to the organisation. */
const ORIGINS: Origins = {
  ...sameName(
    'businessPhones',
    'companyName',
    'createdDateTime',
    'department',
    'displayName',
    'givenName',
    'imAddresses',
    'jobTitle',
    'mobilePhone',
    'officeLocation',
    'surname',
  ),
  ...partsOf('emailAddresses', { mail: 'address' }),
  ...partsOf('businessAddress', {
    city: 'city',
    country: 'countryOrRegion',
    postalCode: 'postalCode',
    state: 'state',
    streetAddress: 'street',
  }),
};

/** The folder that the contact is in. Contacts keep their ids when they are moved, so an id alone does not tell. */
const PLACE = 'parentFolderId';

// Unasked, Outlook sends ten at a time.
const PAGE_SIZE = 200;

/** The contacts of one folder of a mailbox. They are only read. */
export function mailboxContacts(folder: ContactFolder, gate: Gate): PeopleSource {
  const path = `/users/${encodeURIComponent(folder.mailbox)}/contactFolders/${encodeURIComponent(folder.id)}/contacts`;
  return {
    kind: 'mailboxContact',
    chain: 'mailbox contacts/delta',
    item: 'mailbox contacts/{id}',
    path,
    ownsLink(pathname) {
      const chain = chainOf(pathname);
      return chain?.id === folder.id && isSameMailbox(folder, chain.mailbox);
    },
    // A folder that was deleted and made again has the old name and a new id.
    isOutdated(pathname) {
      const chain = chainOf(pathname);
      return chain !== undefined && chain.id !== folder.id;
    },
    headers: { Prefer: `${IMMUTABLE_IDS}, odata.maxpagesize=${PAGE_SIZE}` },
    chainQuery: (attributes) => `$select=${selectList(propertiesFor(ORIGINS, attributes))}`,
    itemUrl: (id, attributes) =>
      `${path}/${encodeURIComponent(contactIdOf(id))}?$select=${selectList([PLACE, ...propertiesFor(ORIGINS, attributes)])}`,
    toId: (graphId) => personIdOf(folder.id, graphId),
    toAttributes: (json, attributes) => attributesFrom(ORIGINS, json, attributes),
    isHere: (json) => (typeof json[PLACE] === 'string' ? json[PLACE] === folder.id : undefined),
    gate,
  };
}

const OBJECT_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DELTA = /^(microsoft\.graph\.)?delta(\(\))?$/;

/** The mailbox and the folder whose chain has this path; undefined for any other path. */
function chainOf(pathname: string): ContactFolder | undefined {
  const [, users, mailbox, folders, id, contacts, delta = '', ...more] = segmentsOf(pathname);
  const isPath = [users, folders, contacts].join('/').toLowerCase() === 'users/contactfolders/contacts';
  if (!isPath || !DELTA.test(delta) || more.length > 0 || mailbox === undefined || id === undefined) return undefined;
  return { mailbox, id };
}

// A mailbox that was asked for by name may come back as an object id.
function isSameMailbox(folder: ContactFolder, mailbox: string): boolean {
  return mailbox.toLowerCase() === folder.mailbox.toLowerCase() || OBJECT_ID.test(mailbox);
}
