import { NeighbourError } from '../../core/errors.ts';
import type { Pace } from '../../core/pace.ts';
import type { DirectoryEntry } from '../../core/people/person.ts';
import type { CallScope, Directory, DirectoryPage, MailboxFolder, PeopleStream } from '../../core/ports.ts';
import { checkDelta, outdated, readDeltaPages } from './delta-pages.ts';
import { readDepartmentMembers } from './department-members.ts';
import { findPersonByUpn } from './find-person.ts';
import type { GraphCalls } from './graph-calls.ts';
import { readGroupMembers } from './group-members.ts';
import { mailboxContacts } from './mailbox-contacts.ts';
import { createMailboxFolders } from './mailbox-folders.ts';
import { createMailboxGates } from './mailbox-gate.ts';
import { isMailboxPerson, isOfFolder } from './mailbox-ids.ts';
import { ORG_CONTACTS } from './org-contacts.ts';
import type { PeopleSource } from './people-source.ts';
import { readPeopleOf } from './read-people.ts';
import { checkWriting, updatePerson } from './update-person.ts';
import { USERS } from './users.ts';

const SOURCES: Readonly<Record<Exclude<PeopleStream, MailboxFolder>, PeopleSource>> = {
  users: USERS,
  orgContacts: ORG_CONTACTS,
};

interface Wanted {
  readonly ids: readonly string[];
  readonly select: readonly string[];
}

/** Everything that is read of a tenant and written to its users, over calls to Graph at this origin. */
export function createGraphDirectory(graph: GraphCalls, origin: string, writes: Pace): Directory {
  const gateOf = createMailboxGates();
  const folders = createMailboxFolders(graph, origin, gateOf);

  async function* folderPages(
    stream: MailboxFolder,
    from: { readonly link?: string; readonly select: readonly string[] },
    scope: CallScope,
  ): AsyncGenerator<DirectoryPage> {
    const folder = await folders.find(stream, scope);
    const source = mailboxContacts(folder, gateOf(stream.mailbox));
    try {
      yield* readDeltaPages(graph, origin, source, from, scope);
    } catch (error) {
      if (!(error instanceof NeighbourError) || error.failure !== 'not-found') throw error;
      // The folder that is remembered may be gone, and another one may have been made in its name.
      const { id } = await folders.findAnew(stream, scope);
      throw id === folder.id ? error : outdated(source);
    }
  }

  const readFolder = async (stream: MailboxFolder, wanted: Wanted, scope: CallScope) => {
    const folder = await folders.find(stream, scope);
    const source = mailboxContacts(folder, gateOf(stream.mailbox));
    const ids = wanted.ids.filter((id) => isOfFolder(id, folder.id));
    const people = await readPeopleOf(graph, origin, source, { ...wanted, ids }, scope);
    // A folder that was deleted answers for its contacts as if only they were gone.
    if (people.size < ids.length) await folders.findAnew(stream, scope);
    return people;
  };

  async function readPeople(...[ids, select, scope, streams = ['users']]: Parameters<Directory['readPeople']>) {
    const open = new Set(ids);
    const people = new Map<string, DirectoryEntry>();
    for (const stream of streams) {
      const isFolder = typeof stream === 'object';
      const wanted = { ids: [...open].filter((id) => isMailboxPerson(id) === isFolder), select };
      // Not even a folder is looked up when nobody could be in it.
      if (wanted.ids.length === 0) continue;
      const found = isFolder
        ? await readFolder(stream, wanted, scope)
        : await readPeopleOf(graph, origin, SOURCES[stream], wanted, scope);
      for (const [id, person] of found) {
        people.set(id, person);
        open.delete(id);
      }
    }
    return people;
  }

  return {
    deltaPages: ({ stream = 'users', ...from }, scope) =>
      typeof stream === 'object'
        ? folderPages(stream, from, scope)
        : readDeltaPages(graph, origin, SOURCES[stream], from, scope),
    readPeople,
    findPerson: (upn, scope) => findPersonByUpn(graph, origin, upn, scope),
    departmentMembers: (department, scope) => readDepartmentMembers(graph, origin, department, scope),
    groupMembers: (group, scope) => readGroupMembers(graph, origin, group, scope),
    updatePerson: (id, changes, scope) => updatePerson(graph, origin, writes, { id, changes }, scope),
    checkWriting: (attributes) => checkWriting(graph, attributes),
    async check(scope, stream = 'users') {
      if (typeof stream === 'object') await folders.findAnew(stream, scope);
      else await checkDelta(graph, origin, SOURCES[stream], scope);
    },
  };
}
