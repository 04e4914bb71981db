import { dirname, join, posix } from 'node:path';
import { anchorsOf, blocksOf, DOCUMENTS, exists, readText, withoutBlocks } from './markdown.ts';

/** Targets of links and pictures, outside code. */
function linksOf(text: string): readonly string[] {
  return [
    ...withoutBlocks(text)
      .replace(/`[^`]*`/g, '')
      .matchAll(/\]\(([^)\s]+)\)/g),
  ].map((match) => match[1]!);
}

/** What is wrong with a link of the document at `path`; undefined when it leads somewhere. */
function problemOf(path: string, link: string): string | undefined {
  if (link.startsWith('https://')) return undefined;
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? path : posix.normalize(join(dirname(path), file));
  if (target.startsWith('..') || !exists(target)) return `${link}: there is no ${target}`;
  if (anchor === undefined) return undefined;
  return anchorsOf(readText(target)).has(anchor) ? undefined : `${link}: ${target} has no such heading`;
}

// Folders at the root of a machine, drives of Windows, and hosts of package registries: none of them is the reader's.
const FOREIGN = [
  /(?<![\w.~<>/-])\/(?:home|root|work|Users|tmp|var|opt|mnt|usr|srv)\//,
  /\b[A-Za-z]:\\/,
  /\bregistry\.[a-z0-9-]+\.[a-z]+/i,
  /\bfile:\/\//,
];

describe('problemOf', () => {
  it.each([
    ['README.md', 'docs/nothing.md'],
    ['README.md', 'docs/operations.md#nothing'],
    ['docs/operations.md', '../../outside.md'],
  ])('finds what leads nowhere: %s %s', (path, link) => {
    expect(problemOf(path, link)).toContain(link);
  });
});

describe('documents', () => {
  it('are all there', () => {
    expect(DOCUMENTS).toEqual(
      expect.arrayContaining([
        'CHANGELOG.md',
        'CONTRIBUTING.md',
        'README.md',
        'SECURITY.md',
        'docs/adr/README.md',
        'docs/architecture.md',
        'docs/configuration.md',
        'docs/operations.md',
        'docs/performance.md',
        'docs/security.md',
      ]),
    );
    expect(readText('LICENSE')).toMatch(/^MIT License/);
  });

  it.each(DOCUMENTS.map((path) => [path]))('link to what exists: %s', (path) => {
    const problems = linksOf(readText(path)).map((link) => problemOf(path, link));

    expect(problems.filter((problem) => problem !== undefined)).toEqual([]);
  });

  it.each(DOCUMENTS.map((path) => [path]))('name no place of one machine and no registry: %s', (path) => {
    const lines = readText(path)
      .split('\n')
      .filter((line) => FOREIGN.some((pattern) => pattern.test(line)));

    expect(lines).toEqual([]);
  });

  it.each(DOCUMENTS.map((path) => [path]))('close their blocks and draw known diagrams: %s', (path) => {
    const text = readText(path);
    const diagrams = blocksOf(text).filter(({ language }) => language === 'mermaid');

    expect([...text.matchAll(/^ *```/gm)].length % 2).toBe(0);
    expect(
      diagrams.filter(({ body }) => !/^(?:flowchart (?:LR|TB|TD)|stateDiagram-v2|sequenceDiagram)\n/.test(body)),
    ).toEqual([]);
  });

  it.each(['README.md', 'docs/architecture.md', 'docs/security.md'])(
    'draw what is easier seen than read: %s',
    (path) => {
      expect(blocksOf(readText(path)).some(({ language }) => language === 'mermaid')).toBe(true);
    },
  );
});

describe('source files that the documents name', () => {
  it.each(DOCUMENTS.map((path) => [path]))('exist: %s', (path) => {
    const named = [...readText(path).matchAll(/`((?:src|local|test|scripts|schema|docs)\/[\w./-]+)`/g)].map(
      (match) => match[1]!,
    );

    expect(named.filter((file) => !exists(file))).toEqual([]);
  });
});
