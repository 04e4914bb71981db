import type { SyncConfig } from '../config/sync-config.ts';

/** What many people share is about nobody: shown and logged as it is. */
export const SHARED_ATTRIBUTES: readonly string[] = [
  'accountEnabled',
  'city',
  'companyName',
  'country',
  'department',
  'employeeType',
  'officeLocation',
  'preferredLanguage',
  'state',
  'usageLocation',
  'userType',
];

/** The attribute that people are cut into batches by: that of the first `group` rule; undefined when they are not. */
export function batchingAttribute({ mapping }: Pick<SyncConfig, 'mapping'>): string | undefined {
  return mapping.find((rule) => rule.to === 'group' && rule.from !== undefined)?.from;
}

/** A batch's department as far as it may be logged: lists by manager or by name are about single people. */
export function sharedDepartment(department: string, config: Pick<SyncConfig, 'mapping'>): string | undefined {
  return SHARED_ATTRIBUTES.includes(batchingAttribute(config) ?? '') ? department : undefined;
}
