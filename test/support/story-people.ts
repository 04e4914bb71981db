import type { EntraGraph } from '../../local/entra-graph/entra-graph.ts';

/** Ids that sort as their numbers do. */
export function userId(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
}

/** Invented mobile number of user `n`, in E.164: the block 0450 xxx xxx, as in the sample directory. */
export function mobile(n: number): string {
  return `+61450${String(n).padStart(6, '0')}`;
}

const DEPARTMENTS = ['Sales', 'Support'];

export type StoryUser = Readonly<Record<string, unknown>> & { readonly id: string };

/** An invented, enabled member of Sales with a number of their own; only what a story is about needs to be named. */
export function aUser(n: number, attributes: Readonly<Record<string, unknown>> = {}): StoryUser {
  return {
    id: userId(n),
    displayName: `Person ${n}`,
    givenName: 'Person',
    surname: String(n),
    userPrincipalName: `person.${n}@example.com`,
    mail: `person.${n}@example.com`,
    mobilePhone: mobile(n),
    department: 'Sales',
    usageLocation: 'AU',
    ...attributes,
  };
}

/** Users 1 to `count`, in Sales and Support by turns. */
export function users(count: number, attributes: Readonly<Record<string, unknown>> = {}): StoryUser[] {
  return Array.from({ length: count }, (_, index) =>
    aUser(index + 1, { department: DEPARTMENTS[index % DEPARTMENTS.length], ...attributes }),
  );
}

/** Users `from` to `to` change in the directory. */
export function changeUsers(
  graph: EntraGraph,
  from: number,
  to: number,
  changeOf: (n: number) => Readonly<Record<string, unknown>>,
): void {
  for (let n = from; n <= to; n += 1) graph.admin.updateUser(userId(n), changeOf(n));
}
