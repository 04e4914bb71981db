/**
 * What a directory attribute holds. `open`: only the tenant knows, extensions hold numbers, dates and booleans too.
 * Source: the `user` resource of Microsoft Graph v1.0.
 */
export type AttributeKind = 'text' | 'boolean' | 'date' | 'open';

/** Single-valued user properties that users/delta can select and tracks. */
export const PLAIN_ATTRIBUTES: Readonly<Record<string, AttributeKind>> = {
  accountEnabled: 'boolean',
  ageGroup: 'text',
  city: 'text',
  companyName: 'text',
  consentProvidedForMinor: 'text',
  country: 'text',
  createdDateTime: 'date',
  creationType: 'text',
  department: 'text',
  displayName: 'text',
  employeeHireDate: 'date',
  employeeId: 'text',
  employeeLeaveDateTime: 'date',
  employeeType: 'text',
  externalUserState: 'text',
  externalUserStateChangeDateTime: 'date',
  faxNumber: 'text',
  givenName: 'text',
  isManagementRestricted: 'boolean',
  isResourceAccount: 'boolean',
  jobTitle: 'text',
  lastPasswordChangeDateTime: 'date',
  legalAgeGroupClassification: 'text',
  mail: 'text',
  mailNickname: 'text',
  mobilePhone: 'text',
  officeLocation: 'text',
  onPremisesDistinguishedName: 'text',
  onPremisesDomainName: 'text',
  onPremisesImmutableId: 'text',
  onPremisesLastSyncDateTime: 'date',
  onPremisesSamAccountName: 'text',
  onPremisesSecurityIdentifier: 'text',
  onPremisesSyncEnabled: 'boolean',
  onPremisesUserPrincipalName: 'text',
  passwordPolicies: 'text',
  postalCode: 'text',
  preferredDataLocation: 'text',
  preferredLanguage: 'text',
  securityIdentifier: 'text',
  showInAddressList: 'boolean',
  signInSessionsValidFromDateTime: 'date',
  state: 'text',
  streetAddress: 'text',
  surname: 'text',
  usageLocation: 'text',
  userPrincipalName: 'text',
  userType: 'text',
};

/** Collections of text. `name[0]` is one entry; the bare name means the first one, and in a filter any of them. */
export const COLLECTION_ATTRIBUTES: readonly string[] = [
  'businessPhones',
  'imAddresses',
  'otherMails',
  'proxyAddresses',
];

/** Objects of which only the whole can be selected; the configuration names their parts. */
export const OBJECT_ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  employeeOrgData: ['costCenter', 'division'],
  onPremisesExtensionAttributes: Array.from({ length: 15 }, (_, index) => `extensionAttribute${index + 1}`),
};

/** `extension_<application id without dashes>_<name>`: a directory extension at the top level of the user. */
export const EXTENSION_ATTRIBUTE = /^extension_[0-9a-f]{32}_[A-Za-z0-9_]+$/;

// Kept outside the main directory store: users/delta answers 400 when they are selected, or never reports their changes.
const UNTRACKED = [
  'aboutMe',
  'birthday',
  'cloudLicensing',
  'deviceEnrollmentLimit',
  'hireDate',
  'interests',
  'licenseAssignmentStates',
  'mailboxSettings',
  'mySite',
  'pastProjects',
  'preferredName',
  'print',
  'responsibilities',
  'schools',
  'signInActivity',
  'skills',
];

const STRUCTURED = [
  'assignedLicenses',
  'assignedPlans',
  'authorizationInfo',
  'customSecurityAttributes',
  'identities',
  'onPremisesProvisioningErrors',
  'passwordProfile',
  'provisionedPlans',
  'serviceProvisioningErrors',
];

/** Names that exist in the directory and cannot be used, each with the reason. */
export const REFUSED_ATTRIBUTES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    UNTRACKED.map((name) => [
      name,
      `an attribute whose changes the directory reports: ${name} is not tracked by users/delta`,
    ]),
  ),
  ...Object.fromEntries(STRUCTURED.map((name) => [name, `an attribute with one value: ${name} holds structured data`])),
  id: 'an attribute: id is the key of the person, it is kept on every contact already',
  deletedDateTime: 'an attribute of people who exist: deletedDateTime is only set on deleted ones',
};
