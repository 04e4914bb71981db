import { NeighbourError } from '../../core/errors.ts';

/**
 * Throws unless the link leads where the call it came from went: same origin, encrypted, with no credentials in it, and
 * a path that is accepted. Links are chosen by whoever answered, and they are followed with our token.
 */
export function checkLink(link: string, origin: string, isOwnPath: (pathname: string) => boolean, name: string): void {
  const url = URL.canParse(link) ? new URL(link) : undefined;
  const hasCredentials = url !== undefined && (url.username !== '' || url.password !== '');
  if (url?.protocol === 'https:' && url.origin === origin && !hasCredentials && isOwnPath(url.pathname)) return;
  throw unexpectedAnswer(`A link of ${name} leads somewhere else; it was not followed and no token was sent.`);
}

/** Throws when a next link was followed before: pages that go in circles have no end. */
export function checkProgress(next: string, followed: ReadonlySet<string>, name: string): void {
  if (followed.has(next)) throw unexpectedAnswer(`The pages of ${name} go in circles: a next link was repeated.`);
}

/** The parts of a path, decoded; keys are written `/users/{key}` or `/users('{key}')`. */
export function segmentsOf(pathname: string): string[] {
  const plain = pathname.replaceAll(/\('([^']+)'\)/g, '/$1');
  return plain.split('/').slice(1).map(decoded);
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // Not an encoding at all: it can be no key of ours.
    return segment;
  }
}

function unexpectedAnswer(message: string): NeighbourError {
  return new NeighbourError('graph', 'unexpected-answer', message);
}
