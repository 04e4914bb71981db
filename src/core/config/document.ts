import {
  findNodeAtLocation,
  getNodeValue,
  parseTree,
  printParseErrorCode,
  type Node,
  type ParseError,
} from 'jsonc-parser';
import { findingOf, type Finding } from './finding.ts';

export interface Place {
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
}

/** A JSONC text with its syntax tree: comments and trailing commas are allowed. */
export interface Document {
  readonly value: unknown;
  readonly syntaxErrors: readonly (Place & { readonly expected: string })[];
  readonly repeatedKeys: readonly Finding[];
  placeOf(finding: Finding): Place;
}

const SYNTAX_WORDS: Readonly<Record<string, string>> = {
  ValueExpected: 'a value',
  PropertyNameExpected: 'a key in double quotes',
  ColonExpected: 'a colon',
  CommaExpected: 'a comma',
  CloseBraceExpected: 'a closing brace }',
  CloseBracketExpected: 'a closing bracket ]',
  EndOfFileExpected: 'the end of the file',
  UnexpectedEndOfString: 'a closing double quote',
  UnexpectedEndOfComment: 'the end of the comment',
};

/** Reads a text to its end, however broken; `value` is what could be made of it. A byte order mark is ignored. */
export function readDocument(source: string): Document {
  const text = source.replace(/^\uFEFF/, '');
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true, disallowComments: false });
  return {
    value: tree === undefined ? undefined : getNodeValue(tree),
    syntaxErrors: errors.map((error) => ({ ...placeAt(text, error.offset), expected: syntaxWords(error) })),
    repeatedKeys: tree === undefined ? [] : repeatedKeys(tree, []),
    // Without a tree there is a syntax error and nothing else to find a place for.
    placeOf: (finding) => placeAt(text, finding.offset ?? offsetOf(tree as Node, finding)),
  };
}

function syntaxWords(error: ParseError): string {
  return SYNTAX_WORDS[printParseErrorCode(error.error)] ?? 'valid JSON';
}

// JSON readers keep the last of two equal keys without a word, so half of a mapping could vanish.
function repeatedKeys(node: Node, path: readonly PropertyKey[]): readonly Finding[] {
  const children = node.children ?? [];
  if (node.type === 'array') return children.flatMap((child, index) => repeatedKeys(child, [...path, index]));
  const seen = new Set<string>();
  return children.flatMap((property) => {
    const [key, value] = property.children as [Node, Node?];
    const name = key.value as string;
    const here = [...path, name];
    const repeated = seen.has(name) ? [{ ...findingOf(here, name, 'each key once'), offset: key.offset }] : [];
    seen.add(name);
    return value === undefined ? repeated : [...repeated, ...repeatedKeys(value, here)];
  });
}

function offsetOf(tree: Node, { path, atKey }: Finding): number {
  for (let length = path.length; length > 0; length--) {
    const node = findNodeAtLocation(tree, path.slice(0, length) as (string | number)[]);
    if (node === undefined) continue;
    return (atKey === true && length === path.length ? (node.parent as Node) : node).offset;
  }
  return tree.offset;
}

function placeAt(text: string, offset: number): Place {
  const lines = text.slice(0, offset).split('\n');
  return { line: lines.length, column: (lines.at(-1) as string).length + 1 };
}
