import type { Simulator } from '../simulator/server.ts';
import type { Stack } from '../stack.ts';

/** Requests that reached the simulators. */
export interface Traffic {
  /** Graph itself; tokens apart. */
  readonly graph: number;
  readonly messageMedia: number;
  /** Of these, the ones that change the account. */
  readonly writes: number;
  /** Of these, the ones that create or change a contact. */
  readonly contactWrites: number;
  /** Token endpoint and vault. */
  readonly tokensAndVault: number;
}

// One contact or a new one; not the members of a list.
const CONTACT_PATH = /\/contacts\/contacts(\/[^/]+)?$/;

/** Counts from now on: each call answers what has arrived since. */
export function countTraffic({ entra, messageMedia, keyVault }: Stack): () => Traffic {
  const [entraStart, bookStart, vaultStart] = [entra, messageMedia, keyVault].map(seen) as [number, number, number];
  return () => {
    const directory = entra.requests.slice(entraStart);
    const book = messageMedia.requests.slice(bookStart);
    const graph = directory.filter(({ path }) => path.startsWith('/v1.0/')).length;
    const writes = book.filter(({ method }) => method !== 'GET');
    return {
      graph,
      messageMedia: book.length,
      writes: writes.length,
      contactWrites: writes.filter(({ path }) => CONTACT_PATH.test(path)).length,
      tokensAndVault: directory.length - graph + seen(keyVault) - vaultStart,
    };
  };
}

function seen({ requests }: Simulator): number {
  return requests.length;
}
