export interface Route {
  /** The parameters of a path that fits, undefined for one that does not. */
  match(path: string): Readonly<Record<string, string>> | undefined;
}

interface Segment {
  readonly kind: 'literal' | 'parameter' | 'optional' | 'rest';
  readonly name: string;
}

/** Parses a route template: `{id}`, `{id?}`, `{*rest}`; constraints as in `{id:int}` are dropped. Text is compared without case. */
export function parseRoute(template: string): Route {
  const segments = split(template).map(parseSegment);
  return { match: (path) => matchSegments(segments, split(path)) };
}

function parseSegment(text: string): Segment {
  const parameter = /^\{(\*{0,2})([^:?}]+)(?::[^}]*?)?(\??)\}$/.exec(text);
  if (parameter === null) return { kind: 'literal', name: text.toLowerCase() };
  const [, stars, name = '', optional] = parameter;
  if (stars !== '') return { kind: 'rest', name };
  return { kind: optional === '?' ? 'optional' : 'parameter', name };
}

function matchSegments(segments: readonly Segment[], parts: readonly string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, { kind, name }] of segments.entries()) {
    const part = parts[index];
    if (kind === 'rest') {
      const rest = parts.slice(index);
      return rest.length === 0 ? parameters : { ...parameters, [name]: rest.map(decode).join('/') };
    }
    if (part === undefined) {
      if (kind === 'optional') continue;
      return undefined;
    }
    if (kind !== 'literal') parameters[name] = decode(part);
    else if (decode(part).toLowerCase() !== name) return undefined;
  }
  return parts.length > segments.length ? undefined : parameters;
}

function split(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A stray percent sign is legal in a path; it stands for itself.
    return part;
  }
}
