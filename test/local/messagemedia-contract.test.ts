import { validateRequest, validateResponse } from '../../local/messagemedia/contract.ts';

const CONTACTS = '/api/v1/contacts/contacts';
const ID = '00000000-0000-4000-8000-000000000001';
const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8' };
const GOOD_CONTACT = { firstName: 'Ada', channels: [{ type: 'SMS', channelId: '+61491570156' }] };

function wheres(method: string, path: string, body?: unknown, query = ''): readonly string[] {
  const text = body === undefined ? '' : JSON.stringify(body);
  return validateRequest(method, path, new URLSearchParams(query), JSON_HEADERS, text).map(({ where }) => where);
}

describe('validateRequest', () => {
  it.each([
    ['a create', 'POST', CONTACTS, GOOD_CONTACT, ''],
    [
      'a create with everything',
      'POST',
      CONTACTS,
      { ...GOOD_CONTACT, dateOfBirth: '1990-02-28', lists: [{ id: ID }] },
      '',
    ],
    ['an update that clears a text', 'PATCH', `${CONTACTS}/${ID}`, { note: '' }, ''],
    ['a read without filters', 'GET', CONTACTS, undefined, ''],
    [
      'repeated filters',
      'GET',
      CONTACTS,
      undefined,
      `pageSize=1000&contactIds=${ID}&contactIds=${ID}&channelTypes=SMS`,
    ],
    ['an encoded number', 'GET', CONTACTS, undefined, 'channelIds=%2B61491570156'],
    ['a membership change', 'PATCH', `/api/v1/contacts/lists/${ID}/contacts`, { contactsToAddIds: [ID] }, ''],
    [
      'several numbers in the path',
      'GET',
      '/v1/number_authorisation/is_authorised/%2B61491570156,%2B61491570157',
      undefined,
      '',
    ],
    ['the page that next_uri carries', 'GET', '/v1/number_authorisation/mt/blacklist', undefined, 'page=abc'],
  ])('accepts %s', (_, method, path, body, query) => {
    expect(wheres(method, path, body, query)).toEqual([]);
  });

  it.each([
    ['an unknown path', 'GET', '/api/v1/contacts/people', undefined, '', 'path'],
    ['an unknown method', 'PUT', `${CONTACTS}/${ID}`, GOOD_CONTACT, '', 'path'],
    ['an empty path parameter', 'GET', `${CONTACTS}/`, undefined, '', 'path'],
    ['an undecodable path', 'GET', `${CONTACTS}/%zz`, undefined, '', 'path'],
    ['an id that is no UUID', 'GET', `${CONTACTS}/42`, undefined, '', 'path/contactId'],
    ['an unknown query parameter', 'GET', CONTACTS, undefined, 'modifiedSince=2026-01-01', 'query'],
    ['query parameters where none are documented', 'DELETE', `${CONTACTS}/${ID}`, undefined, 'force=true', 'query'],
    ['a page size above 1000', 'GET', CONTACTS, undefined, 'pageSize=1001', 'query/pageSize'],
    ['a page size that is no number', 'GET', CONTACTS, undefined, 'pageSize=many', 'query/pageSize'],
    ['a repeated parameter that is no array', 'GET', CONTACTS, undefined, 'pageSize=1&pageSize=2', 'query/pageSize'],
    ['joined ids', 'GET', CONTACTS, undefined, `listIds=${ID},${ID}`, 'query/listIds/0'],
    ['joined numbers', 'GET', CONTACTS, undefined, 'channelIds=%2B61491570156,%2B61491570157', 'query/channelIds'],
    ['a plus sign that is not encoded', 'GET', CONTACTS, undefined, 'channelIds=+61491570156', 'query/channelIds'],
    ['an unknown channel type in a filter', 'GET', CONTACTS, undefined, 'channelTypes=FAX', 'query/channelTypes/0'],
    ['a missing body', 'POST', CONTACTS, undefined, '', 'body'],
    ['a body where none is documented', 'DELETE', `${CONTACTS}/${ID}`, {}, '', 'body'],
    ['an unknown property', 'POST', CONTACTS, { ...GOOD_CONTACT, email: 'ada@example.com' }, '', 'body'],
    [
      'an unknown nested property',
      'POST',
      CONTACTS,
      { channels: [{ ...GOOD_CONTACT.channels[0], x: 1 }] },
      '',
      'body/channels/0',
    ],
    ['a missing property', 'POST', CONTACTS, { firstName: 'Ada' }, '', 'body'],
    ['null', 'PATCH', `${CONTACTS}/${ID}`, { note: null }, '', 'body/note'],
    [
      'a channel type that cannot be written',
      'POST',
      CONTACTS,
      { channels: [{ type: 'EMAIL', channelId: 'x' }] },
      '',
      'body/channels/0/type',
    ],
    ['an empty date', 'PATCH', `${CONTACTS}/${ID}`, { dateOfBirth: '' }, '', 'body/dateOfBirth'],
    ['a day that does not exist', 'PATCH', `${CONTACTS}/${ID}`, { dateOfBirth: '2026-02-30' }, '', 'body/dateOfBirth'],
    [
      'more than 1000 additions',
      'PATCH',
      `/api/v1/contacts/lists/${ID}/contacts`,
      { contactsToAddIds: Array<string>(1001).fill(ID) },
      '',
      'body/contactsToAddIds',
    ],
  ])('names %s', (_, method, path, body, query, where) => {
    expect(wheres(method, path, body, query)).toEqual([where]);
  });

  it('names a wrong content type', () => {
    const body = JSON.stringify(GOOD_CONTACT);

    const problems = validateRequest('POST', CONTACTS, new URLSearchParams(), { 'content-type': 'text/plain' }, body);

    expect(problems).toEqual([{ where: 'headers/content-type', what: 'must be application/json' }]);
  });

  it('names a body that is not JSON', () => {
    const problems = validateRequest('POST', CONTACTS, new URLSearchParams(), JSON_HEADERS, '{"channels":');

    expect(problems).toEqual([{ where: 'body', what: 'is not JSON' }]);
  });

  it('names a header that is required', () => {
    const body = { digest: 'SHA256', cipher: 'RSA' };

    expect(wheres('POST', '/v1/iam/signature_keys', body)).toEqual(['headers']);
  });

  it('names every problem at once, without repeating a value', () => {
    const body = JSON.stringify({
      channels: [{ type: 'FAX', channelId: '+61491570156' }],
      note: 7,
      dateOfBirth: 'soon',
    });

    const problems = validateRequest('POST', CONTACTS, new URLSearchParams(), JSON_HEADERS, body);

    expect(problems.map(({ where }) => where).toSorted()).toEqual([
      'body/channels/0/type',
      'body/dateOfBirth',
      'body/note',
    ]);
    expect(JSON.stringify(problems)).not.toMatch(/61491570156|soon|FAX/);
  });
});

describe('validateResponse', () => {
  it('prefers a literal path to one with a parameter', () => {
    const problems = validateResponse('DELETE', '/v1/iam/signature_keys/enabled', 204, undefined);

    expect(problems).toEqual([]);
  });

  const list = {
    id: ID,
    accountId: 'A',
    vendorId: 'V',
    name: 'Sales',
    alias: '',
    createdDate: '2026-01-01T00:00:00.000Z',
    lastModifiedDate: '2026-01-01T00:00:00.000Z',
  };

  it.each([
    ['a documented body', 'GET', `/api/v1/contacts/lists/${ID}`, 200, list],
    ['a page', 'GET', '/api/v1/contacts/lists', 200, { content: [list], totalElements: 1 }],
    ['no body where none is documented', 'DELETE', `/api/v1/contacts/lists/${ID}`, 204, undefined],
    ['a refusal without a body', 'GET', CONTACTS, 401, undefined],
    ['an error', 'GET', CONTACTS, 409, { uuid: ID, type: 'conflict', title: 't', detail: 'd' }],
  ])('accepts %s', (_, method, path, status, body) => {
    expect(validateResponse(method, path, status, body)).toEqual([]);
  });

  it.each([
    ['an undocumented path', 'GET', '/nowhere', 200, {}, 'path'],
    ['an undocumented status', 'GET', CONTACTS, 429, undefined, 'status'],
    ['a status that another call has', 'PATCH', `/api/v1/contacts/lists/${ID}/contacts`, 404, undefined, 'status'],
    ['a body where none is documented', 'GET', CONTACTS, 401, { message: 'no' }, 'body'],
    ['a missing body', 'GET', `/api/v1/contacts/lists/${ID}`, 200, undefined, 'body'],
    ['an undocumented property', 'GET', `/api/v1/contacts/lists/${ID}`, 200, { ...list, members: [] }, 'body'],
    [
      'a date that is none',
      'GET',
      `/api/v1/contacts/lists/${ID}`,
      200,
      { ...list, createdDate: 'today' },
      'body/createdDate',
    ],
    ['a code that is unknown', 'GET', CONTACTS, 409, { uuid: ID, type: 'oops', title: 't', detail: 'd' }, 'body/type'],
  ])('names %s', (_, method, path, status, body, where) => {
    expect(validateResponse(method, path, status, body).map((problem) => problem.where)).toEqual([where]);
  });
});
