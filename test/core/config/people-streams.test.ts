import { streamsOf } from '../../../src/core/config/people-streams.ts';
import { aConfig } from './configuration.ts';

describe('streamsOf', () => {
  it('reads users, and organisational and mailbox contacts where the configuration asks for them', () => {
    const folders = [
      { mailbox: 'a@example.com', folder: 'Contacts' },
      { mailbox: 'b@example.com', folder: 'Suppliers' },
    ];

    expect(streamsOf(aConfig())).toEqual([{ name: 'users', stream: 'users' }]);
    expect(streamsOf(aConfig({ people: { orgContacts: {}, mailboxContacts: folders } }))).toEqual([
      { name: 'users', stream: 'users' },
      { name: 'orgContacts', stream: 'orgContacts' },
      { name: 'mailbox-0', stream: folders[0] },
      { name: 'mailbox-1', stream: folders[1] },
    ]);
  });
});
