import { readBlocked } from '../../../src/adapters/messagemedia/blocked-pages.ts';
import { mobile } from '../../support/story-people.ts';

describe('readBlocked', () => {
  const page = (pagination?: unknown): unknown => ({ uri: '/v1', numbers: [mobile(1)], pagination });

  it.each([
    [
      'the query of the next address',
      { page: '1', next_uri: '/v1/number_authorisation/mt/blacklist?token=9' },
      'token=9',
    ],
    [
      'the query alone, whatever host the address names',
      { next_uri: 'https://elsewhere.example.com/?page=9' },
      'page=9',
    ],
    ['the page where there is no address', { page: 'a b' }, 'page=a%20b'],
  ])('goes on with %s', (_what, pagination, nextPageToken) => {
    expect(readBlocked(page(pagination))).toEqual({ numbers: [mobile(1)], nextPageToken });
  });

  it.each([[undefined], [{}], [{ page: '', next_uri: '' }], [{ next_uri: '/v1/list' }], [{ next_uri: '/v1/list?' }]])(
    'ends with %j',
    (pagination) => {
      expect(readBlocked(page(pagination))).toEqual({ numbers: [mobile(1)] });
    },
  );

  it('writes numbers with their plus sign, and leaves the names of senders out', () => {
    const numbers = [mobile(1).slice(1), 61_450_000_002, 'SENDER', mobile(3)];

    expect(readBlocked({ numbers })).toEqual({ numbers: [mobile(1), mobile(2), mobile(3)] });
  });

  it.each([[undefined], [[]], [{}], [{ numbers: 'none' }]])('does not understand %j', (json) => {
    expect(readBlocked(json)).toBeUndefined();
  });
});
