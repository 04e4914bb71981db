/** What Graph answers for a user when nothing is selected. */
export const DEFAULT_PROPERTIES = [
  'businessPhones',
  'displayName',
  'givenName',
  'id',
  'jobTitle',
  'mail',
  'mobilePhone',
  'officeLocation',
  'preferredLanguage',
  'surname',
  'userPrincipalName',
] as const;

const TRACKED = [
  ...DEFAULT_PROPERTIES,
  'accountEnabled',
  'ageGroup',
  'assignedLicenses',
  'assignedPlans',
  'city',
  'companyName',
  'consentProvidedForMinor',
  'country',
  'createdDateTime',
  'creationType',
  'deletedDateTime',
  'department',
  'employeeHireDate',
  'employeeId',
  'employeeLeaveDateTime',
  'employeeOrgData',
  'employeeType',
  'externalUserState',
  'externalUserStateChangeDateTime',
  'faxNumber',
  'identities',
  'imAddresses',
  'isResourceAccount',
  'lastPasswordChangeDateTime',
  'legalAgeGroupClassification',
  'mailNickname',
  'onPremisesDistinguishedName',
  'onPremisesDomainName',
  'onPremisesExtensionAttributes',
  'onPremisesImmutableId',
  'onPremisesLastSyncDateTime',
  'onPremisesProvisioningErrors',
  'onPremisesSamAccountName',
  'onPremisesSecurityIdentifier',
  'onPremisesSyncEnabled',
  'onPremisesUserPrincipalName',
  'otherMails',
  'passwordPolicies',
  'passwordProfile',
  'postalCode',
  'preferredDataLocation',
  'provisionedPlans',
  'proxyAddresses',
  'securityIdentifier',
  'serviceProvisioningErrors',
  'showInAddressList',
  'signInSessionsValidFromDateTime',
  'state',
  'streetAddress',
  'usageLocation',
  'userType',
] as const;

// Kept outside Entra's main store: a delta query refuses to select them.
const UNTRACKED = [
  'aboutMe',
  'birthday',
  'cloudLicensing',
  'deviceEnrollmentLimit',
  'hireDate',
  'interests',
  'mailboxSettings',
  'mySite',
  'pastProjects',
  'preferredName',
  'print',
  'responsibilities',
  'schools',
  'signInActivity',
  'skills',
] as const;

const COLLECTIONS = ['businessPhones', 'imAddresses', 'otherMails', 'proxyAddresses'] as const;

const trackedNames = new Set<string>(TRACKED);
const untrackedNames = new Set<string>(UNTRACKED);
const collectionNames = new Set<string>(COLLECTIONS);
const DIRECTORY_EXTENSION = /^extension_[0-9a-f]{32}_\w+$/;

/** True for a property that users/delta can select and track, directory extensions included. */
export function isTracked(name: string): boolean {
  return trackedNames.has(name) || DIRECTORY_EXTENSION.test(name);
}

/** True for a property of the user type that lives outside the main store. */
export function isOutsideMainStore(name: string): boolean {
  return untrackedNames.has(name);
}

/** How a plain read shows a property that was never set. */
export function unsetValue(name: string): null | readonly [] {
  return collectionNames.has(name) ? [] : null;
}
