import { createDirectoryStore } from '../../../local/entra-graph/directory-store.ts';
import type { DirectoryStore } from '../../../local/entra-graph/directory-store.ts';

describe('createDirectoryStore', () => {
  let store: DirectoryStore;

  beforeEach(() => {
    store = createDirectoryStore(() => Date.UTC(2026, 0, 2, 3, 4, 5));
  });

  it('fills in what Entra sets by itself', () => {
    const id = store.create({ displayName: 'newcomer' });

    expect(store.live()).toEqual([
      {
        id,
        displayName: 'newcomer',
        accountEnabled: true,
        userType: 'Member',
        businessPhones: [],
        createdDateTime: '2026-01-02T03:04:05Z',
      },
    ]);
  });

  it('writes no history for a call that changes nothing', () => {
    const id = store.create({ displayName: 'same', businessPhones: ['(02) 5550 1234'] });

    store.update(id, { displayName: 'same', businessPhones: ['(02) 5550 1234'], mobilePhone: null });

    expect(store.head()).toBe(1);
  });

  it('frees the user principal name of a leaver and takes it back on return', () => {
    const first = store.create({ userPrincipalName: 'jo@example.com' });
    store.softDelete(first);
    const second = store.create({ userPrincipalName: 'JO@example.com' });

    expect(store.findLive('jo@example.com')?.id).toBe(second);
    expect(() => store.restore(first)).toThrow('in use');

    store.update(second, { userPrincipalName: 'joanne@example.com' });
    store.restore(first);

    expect(store.findLive('jo@example.com')?.id).toBe(first);
    expect(store.findLive('joanne@example.com')?.id).toBe(second);
  });

  it.each<[string, (id: string) => void, string]>([
    ['a misspelt property', (id) => store.update(id, { mobilphone: '1' }), 'no property "mobilphone"'],
    ['another id', (id) => store.update(id, { id: 'x' }), 'cannot be changed'],
    ['an id twice', (id) => store.create({ id }), 'exists already'],
    ['a name that is taken', () => store.create({ userPrincipalName: 'JO@example.com' }), 'in use'],
    ['an unknown id', () => store.softDelete('nobody'), 'has no user nobody'],
    ['the return of somebody present', (id) => store.restore(id), 'not in the recycle bin'],
    ['a change to a leaver', (id) => (store.softDelete(id), store.update(id, { city: 'Leeds' })), 'is deleted'],
    ['removing for good twice', (id) => (store.hardDelete(id), store.hardDelete(id)), 'gone already'],
  ])('refuses %s', (_case, act, message) => {
    const id = store.create({ userPrincipalName: 'jo@example.com' });

    expect(() => act(id)).toThrow(message);
  });
});
