import { isPhone } from '../../core/config/writable-attributes.ts';

/** Permissions to write users, the least one first. Source: "Update user" of Microsoft Graph v1.0, July 2026. */
const OTHERS = ['User.ReadUpdate.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All'] as const;
const PHONES = ['User-Phone.ReadWrite.All', ...OTHERS] as const;

/** The least permissions that a token lacks for writing these attributes. */
export function missingToWrite(permissions: readonly string[], attributes: readonly string[]): readonly string[] {
  const needs = [
    attributes.some((name) => isPhone(name)) ? PHONES : undefined,
    attributes.some((name) => !isPhone(name)) ? OTHERS : undefined,
  ];
  return needs.flatMap((accepted) => {
    if (accepted === undefined || accepted.some((permission) => permissions.includes(permission))) return [];
    return [accepted[0]];
  });
}
