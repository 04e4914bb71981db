import { graphTime } from './object-type.ts';
import type { ObjectType } from './object-type.ts';

const DEFAULT_PROPERTIES = [
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

/** Everybody who can sign in, directory extensions included. */
export const USER: ObjectType = {
  noun: 'user',
  name: 'microsoft.graph.user',
  defaultProperties: DEFAULT_PROPERTIES,
  isTracked: (property) => trackedNames.has(property) || DIRECTORY_EXTENSION.test(property),
  isOutsideMainStore: (property) => untrackedNames.has(property),
  relations: ['manager'],
  unsetValue: (property) => (collectionNames.has(property) ? [] : null),
  creationDefaults: (nowMs) => ({
    accountEnabled: true,
    userType: 'Member',
    businessPhones: [],
    createdDateTime: graphTime(nowMs),
  }),
};
