import type { NeighbourError, NeighbourErrorDetail } from '../../core/errors.ts';
import { accessDenied } from '../access-denied.ts';
import type { AccessCure } from '../access-denied.ts';

const TOKEN_REFUSED: AccessCure = {
  access: 'token-refused',
  cure: 'Set GRAPH_BASE_URL and ENTRA_AUTHORITY_HOST to addresses of the cloud of the tenant, and see that the app is enabled.',
};

/** Refusals with 403 that no permission mends, by Graph's codes. */
const CURES: readonly (AccessCure & { readonly code: string })[] = [
  {
    code: 'insufficient_claims',
    access: 'policy-blocked',
    cure: 'Let an administrator exempt the app from the Conditional Access policy that blocks it.',
  },
  {
    code: 'Authorization_IdentityNotFound',
    access: 'consent-missing',
    cure: 'Let an administrator of the tenant consent to the permissions of the app.',
  },
  {
    // Exchange says the same of a missing permission and of a mailbox that its policies keep from the app.
    code: 'ErrorAccessDenied',
    access: 'policy-blocked',
    cure: 'Give it the permission Contacts.Read, and let its Exchange access policy include the mailbox.',
  },
];

interface Need {
  /** What the app may not do, in words. */
  readonly forbidden: string;
  readonly permission: string;
}

const USERS = 'User.Read.All (User.ReadBasic.All is not enough)';
const GROUPS = 'GroupMember.Read.All';
const ORG_CONTACTS = 'OrgContact.Read.All (Contacts.Read is for mailboxes)';
const MAILBOXES = 'Contacts.Read';
const WRITING_PHONES = 'User-Phone.ReadWrite.All';
const WRITING_USERS = 'User.ReadUpdate.All (User.ReadWrite.All where there is none)';

/** What each call needs, by its name. */
const NEEDS: Readonly<Record<string, Need>> = {
  'users/delta': { forbidden: 'the app may not read the changes of users', permission: USERS },
  'users/{id}': { forbidden: 'the app may not read a user by id', permission: USERS },
  'users/{id} phones': { forbidden: 'the app may not write phone numbers of users', permission: WRITING_PHONES },
  'users/{id} attributes': { forbidden: 'the app may not write users', permission: WRITING_USERS },
  'groups/members': { forbidden: 'the app may not read who is in a group', permission: GROUPS },
  'groups/transitiveMembers': { forbidden: 'the app may not read who is in a group', permission: GROUPS },
  'groups/{id}': { forbidden: 'the app may not read a group', permission: GROUPS },
  'contacts/delta': { forbidden: 'the app may not read organisational contacts', permission: ORG_CONTACTS },
  'contacts/{id}': { forbidden: 'the app may not read organisational contacts', permission: ORG_CONTACTS },
  'mailbox contactFolders': { forbidden: 'the app may not read mailbox contacts', permission: MAILBOXES },
  'mailbox contacts/delta': { forbidden: 'the app may not read mailbox contacts', permission: MAILBOXES },
  'mailbox contacts/{id}': { forbidden: 'the app may not read mailbox contacts', permission: MAILBOXES },
};

/** The refusal of Graph with 401 or 403; `codes` from the most general to the most specific. */
export function graphAccessDenied(
  status: 401 | 403,
  name: string,
  codes: readonly string[],
  detail: NeighbourErrorDetail,
): NeighbourError {
  const answered = `Microsoft Graph answered ${status} to ${name}:`;
  if (status === 401) return accessDenied('graph', `${answered} a new token is refused.`, TOKEN_REFUSED, detail);
  const { forbidden, permission } = NEEDS[name] ?? { forbidden: 'the app may not do that', permission: USERS };
  const cure = CURES.find(({ code }) => codes.includes(code)) ?? permissionMissing(permission);
  return accessDenied('graph', `${answered} ${forbidden}.`, cure, detail);
}

function permissionMissing(permission: string): AccessCure {
  return {
    access: 'permission-missing',
    cure: `Give it the application permission ${permission} and consent to it.`,
  };
}

/** The app's token names no permission for these writes: told before any is tried. */
export function writingDenied(missing: readonly string[]): NeighbourError {
  const wanted = missing.map((permission) => (permission === WRITING_PHONES ? permission : WRITING_USERS));
  const cure = permissionMissing(wanted.join(' and '));
  return accessDenied('graph', 'The app may not write to users what the mapping wants.', cure, {});
}
