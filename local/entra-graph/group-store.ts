import { randomUUID } from 'node:crypto';

export type MemberType = 'user' | 'orgContact' | 'group' | 'device' | 'servicePrincipal';

export interface GroupMember {
  readonly id: string;
  readonly type: MemberType;
  /** In a group that hides its members, or reached through one. */
  readonly hidden: boolean;
}

export interface Group {
  readonly id: string;
  readonly displayName: string;
  readonly visibility: string | null;
}

export interface GroupStore {
  /** Answers the id: the given one, or a fresh one. */
  create(group?: { readonly id?: string; readonly displayName?: string; readonly visibility?: string }): string;
  /** For good, with all memberships. */
  remove(groupId: string): void;
  /** Users, contacts and groups are known by their ids; devices and service principals have to be named as such. */
  addMember(groupId: string, memberId: string, type?: 'device' | 'servicePrincipal'): void;
  removeMember(groupId: string, memberId: string): void;
  get(groupId: string): Group | undefined;
  /** Members who are not deleted, each once; `transitive` with those of nested groups, however they are nested. */
  members(groupId: string, transitive: boolean): GroupMember[];
}

const HIDDEN = 'HiddenMembership';

/** Groups in memory. `typeOf` knows who of the directory is there at the moment. */
export function createGroupStore(typeOf: (id: string) => 'user' | 'orgContact' | undefined): GroupStore {
  const groups = new Map<string, Group>();
  const edges = new Map<string, Map<string, 'device' | 'servicePrincipal' | undefined>>();

  const membersOf = (groupId: string): Map<string, 'device' | 'servicePrincipal' | undefined> => {
    const members = edges.get(groupId);
    if (members === undefined) throw new Error(`The simulated directory has no group ${groupId}.`);
    return members;
  };
  const liveTypeOf = (id: string): MemberType | undefined => (groups.has(id) ? 'group' : typeOf(id));
  const direct = (groupId: string, isReachedHidden: boolean): GroupMember[] => {
    const hidden = isReachedHidden || groups.get(groupId)?.visibility === HIDDEN;
    return [...membersOf(groupId)].flatMap(([id, named]) => {
      const type = named ?? liveTypeOf(id);
      return type === undefined ? [] : [{ id, type, hidden }];
    });
  };

  return {
    create({ id = randomUUID(), displayName = 'A group', visibility } = {}) {
      if (groups.has(id)) throw new Error(`The group ${id} exists already.`);
      groups.set(id, { id, displayName, visibility: visibility ?? null });
      edges.set(id, new Map());
      return id;
    },
    remove(groupId) {
      membersOf(groupId);
      groups.delete(groupId);
      edges.delete(groupId);
      for (const members of edges.values()) members.delete(groupId);
    },
    addMember(groupId, memberId, type) {
      if (type === undefined && liveTypeOf(memberId) === undefined) throw new Error(`There is no ${memberId} to add.`);
      membersOf(groupId).set(memberId, type);
    },
    removeMember(groupId, memberId) {
      if (!membersOf(groupId).delete(memberId)) throw new Error(`${memberId} is not in the group ${groupId}.`);
    },
    get: (groupId) => groups.get(groupId),
    members(groupId, transitive) {
      const found = new Map(direct(groupId, false).map((member) => [member.id, member]));
      // A map that grows while it is gone through shows what was added: nested groups are opened as they are met.
      const openAll = (isOpened: (group: GroupMember) => boolean): void => {
        for (const member of found.values()) {
          if (member.type !== 'group' || !isOpened(member)) continue;
          for (const inner of direct(member.id, member.hidden)) if (!found.has(inner.id)) found.set(inner.id, inner);
        }
      };
      if (!transitive) return [...found.values()];
      // Whoever can be reached without passing through a hiding group is not hidden.
      openAll(({ id, hidden }) => !hidden && groups.get(id)?.visibility !== HIDDEN);
      openAll(() => true);
      return [...found.values()];
    },
  };
}
