import type { UserAttributes } from '../entra-graph/directory-store.ts';

// As in the sample directory: a block counted up, so that everybody has a number of their own.
const FIRST_SUBSCRIBER = 450_000_000;

/** People who all are in scope and can be reached, dealt out to the departments in turn: what is measured is the work, not its exceptions. */
export function benchDirectory(size: number, departments: number): UserAttributes[] {
  return Array.from({ length: size }, (_, index) => ({
    id: `00000000-0000-4000-a000-${String(index).padStart(12, '0')}`,
    displayName: `Given${index} Surname${index}`,
    givenName: `Given${index}`,
    surname: `Surname${index}`,
    userPrincipalName: `person.${index}@example.com`,
    mail: `person.${index}@example.com`,
    mobilePhone: `+61${FIRST_SUBSCRIBER + index}`,
    department: `Department ${index % departments}`,
    usageLocation: 'AU',
    accountEnabled: true,
    userType: 'Member',
  }));
}

/** The published sample's mapping, for everybody who is enabled. */
export const BENCH_SYNC = {
  direction: 'one-way',
  source: 'entra-id',
  target: 'messagemedia',
  schedule: '0 6 * * *',
  mapping: { displayName: 'contact_name', mobilePhone: 'phone_number', mail: 'email', department: 'group' },
  filters: { accountEnabled: true },
} as const;
