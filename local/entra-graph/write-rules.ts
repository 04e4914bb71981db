/** What the service takes for a property of a user. */
export interface PropertyRule {
  readonly maxLength?: number;
  readonly required?: true;
  /** Synchronised people have it from the cloud all the same. */
  readonly cloud?: true;
}

/** They have a permission of their own, and are guarded for people with administrator roles. */
export const PHONE_PROPERTIES: readonly string[] = ['businessPhones', 'mobilePhone'];

/** No app may write these on its own. */
export const APP_ONLY_FORBIDDEN: readonly string[] = [
  'aboutMe',
  'birthday',
  'employeeHireDate',
  'interests',
  'mySite',
  'pastProjects',
  'responsibilities',
  'schools',
  'skills',
];

const PROPERTY_RULES: Readonly<Record<string, PropertyRule>> = {
  businessPhones: { maxLength: 64 },
  city: { maxLength: 128 },
  companyName: { maxLength: 64 },
  country: { maxLength: 128 },
  department: { maxLength: 64 },
  displayName: { maxLength: 256, required: true },
  employeeId: { maxLength: 16 },
  employeeOrgData: {},
  employeeType: {},
  faxNumber: {},
  givenName: { maxLength: 64 },
  jobTitle: { maxLength: 128 },
  mail: { required: true },
  mobilePhone: { maxLength: 64 },
  officeLocation: {},
  onPremisesExtensionAttributes: { maxLength: 1024 },
  postalCode: { maxLength: 40 },
  preferredLanguage: {},
  state: { maxLength: 128 },
  streetAddress: { maxLength: 1024 },
  surname: { maxLength: 64 },
  usageLocation: { maxLength: 2, required: true, cloud: true },
};

/** The rule for a property, undefined when nothing here may be written under that name. */
export function ruleOf(property: string): PropertyRule | undefined {
  if (/^extension_[0-9a-f]{32}_\w+$/.test(property)) return { maxLength: 256, cloud: true };
  return Object.hasOwn(PROPERTY_RULES, property) ? PROPERTY_RULES[property] : undefined;
}
