/** Application roles that open a call: the one to ask for, and what also does. */
export const ROLES = {
  users: ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All'],
  groups: ['GroupMember.Read.All', 'Group.Read.All', 'Directory.Read.All'],
  orgContacts: ['OrgContact.Read.All', 'Directory.Read.All'],
  mailboxes: ['Contacts.Read', 'Contacts.ReadWrite'],
  hiddenMembers: ['Member.Read.Hidden'],
} as const;

/** Everything there is to read here. */
export const READING_ROLES: readonly string[] = Object.values(ROLES).map(([least]) => least);
