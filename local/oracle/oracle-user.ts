/** A user as the directory holds it. */
export type OracleUser = Readonly<Record<string, unknown>> & { readonly id: string };

/** What a person hangs on besides their own record. */
export interface OracleWorld {
  readonly now: number;
  readonly isMember: (personId: string, groupId: string, transitive: boolean) => boolean;
  readonly managerOf: (personId: string) => OracleUser | undefined;
}

/** Where nobody is in a group and nobody has a manager. */
export const PLAIN_WORLD: OracleWorld = { now: 0, isMember: () => false, managerOf: () => undefined };

/** What two ways to write a list's or department's name have in common. */
export function foldName(name: string): string {
  return name.normalize('NFC').trim().replace(/\s+/g, ' ').toLowerCase().normalize('NFC');
}

/** The texts at `mail`, `businessPhones[0]`, `employeeOrgData.costCenter` or `manager.mail`, as they stand; blank ones are none. */
export function textsAt(user: OracleUser, path: string, world: OracleWorld): readonly string[] {
  if (path.startsWith('manager.')) {
    const manager = world.managerOf(user.id);
    return manager === undefined ? [] : textsAt(manager, path.slice('manager.'.length), PLAIN_WORLD);
  }
  const steps = path.replaceAll(/\[(\d+)\]/g, '.$1').split('.');
  const value = steps.reduce<unknown>(
    (held, step) => (typeof held === 'object' && held !== null ? (held as Record<string, unknown>)[step] : undefined),
    user,
  );
  return [value].flat(Infinity).flatMap((one) => (isScalar(one) && String(one).trim() !== '' ? [String(one)] : []));
}

/** The first of these texts, composed and trimmed; `''` when there is none. */
export function textAt(user: OracleUser, path: string, world: OracleWorld): string {
  return (textsAt(user, path, world)[0] ?? '').normalize('NFC').trim();
}

function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
