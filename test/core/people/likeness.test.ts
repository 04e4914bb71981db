import { traitsOfContact, traitsOfPerson } from '../../../src/core/people/likeness.ts';
import { aConfig, aPerson } from '../../support/people.ts';

const NOTHING = {
  id: 'c',
  accountId: 'a',
  firstName: '',
  lastName: '',
  alias: '',
  country: '',
  state: '',
  location: '',
  note: '',
};

describe('traitsOfContact', () => {
  it('are the name, the mails and the numbers, without case and blanks', () => {
    const contact = {
      ...NOTHING,
      firstName: 'Ada ',
      lastName: ' Example',
      channels: [{ type: 'SMS', channelId: '+61491570156' }],
      customFields: [
        { id: '1', mergeTag: 'work_mail', value: ' Ada@Example.com ' },
        { id: '2', mergeTag: 'shoe_size', value: '44' },
      ],
      lists: [],
    };

    expect(traitsOfContact(contact)).toEqual(['name ada example', 'mail ada@example.com', 'phone +61491570156']);
  });

  it('are none of a contact without anything', () => {
    expect(traitsOfContact({ ...NOTHING, channels: [], customFields: [], lists: [] })).toEqual([]);
  });
});

describe('traitsOfPerson', () => {
  it('are every name, mail and number that the directory has', () => {
    const { attributes } = aPerson({
      displayName: 'Ada E.',
      otherMails: ['a@example.org'],
      businessPhones: ['0491 570 157', 'reception'],
    });

    expect(traitsOfPerson(attributes, aConfig())).toEqual([
      'name ada e.',
      'name ada example',
      'mail ada@example.com',
      'mail a@example.org',
      'phone +61491570156',
      'phone +61491570157',
    ]);
  });

  it('are what is left of somebody without a name', () => {
    expect(traitsOfPerson({ mail: 'ada@example.com' }, aConfig())).toEqual(['mail ada@example.com']);
  });
});
