const READING = {
  users: ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All'],
  groups: ['GroupMember.Read.All', 'Group.Read.All', 'Directory.Read.All'],
  orgContacts: ['OrgContact.Read.All', 'Directory.Read.All'],
  mailboxes: ['Contacts.Read', 'Contacts.ReadWrite'],
  hiddenMembers: ['Member.Read.Hidden'],
} as const;

const USER_WRITES = ['User.ReadUpdate.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All'] as const;

/** Application roles that open a call: the one to ask for, and what also does. */
export const ROLES = {
  ...READING,
  phoneWrites: ['User-Phone.ReadWrite.All', ...USER_WRITES],
  userWrites: USER_WRITES,
} as const;

/** Everything there is to read here. */
export const READING_ROLES: readonly string[] = Object.values(READING).map(([least]) => least);

/** What it takes to write everything that can be written here. */
export const WRITING_ROLES: readonly string[] = [ROLES.phoneWrites[0], ROLES.userWrites[0]];
