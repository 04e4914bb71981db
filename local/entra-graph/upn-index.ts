import type { UserAttributes } from './directory-store.ts';

/** Whose user principal name is whose, letter case apart. */
export interface UpnIndex {
  /** Throws when the name belongs to somebody else. */
  claim(id: string, attributes: UserAttributes): void;
  release(id: string, attributes: UserAttributes): void;
  /** After a change: the new name is theirs, the old one free. */
  move(id: string, from: UserAttributes, to: UserAttributes): void;
  ownerOf(upn: string): string | undefined;
}

export function createUpnIndex(): UpnIndex {
  const ids = new Map<string, string>();
  const claim = (id: string, attributes: UserAttributes): void => {
    const upn = upnOf(attributes);
    if (upn === undefined) return;
    const owner = ids.get(upn);
    if (owner !== undefined && owner !== id) throw new Error(`The user principal name of ${id} is in use.`);
    ids.set(upn, id);
  };
  const release = (id: string, attributes: UserAttributes): void => {
    const upn = upnOf(attributes);
    if (upn !== undefined && ids.get(upn) === id) ids.delete(upn);
  };
  return {
    claim,
    release,
    move(id, from, to) {
      claim(id, to);
      if (upnOf(from) !== upnOf(to)) release(id, from);
    },
    ownerOf: (upn) => ids.get(upn.toLowerCase()),
  };
}

function upnOf(attributes: UserAttributes): string | undefined {
  const upn = attributes['userPrincipalName'];
  return typeof upn === 'string' ? upn.toLowerCase() : undefined;
}
