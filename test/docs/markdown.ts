import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every Markdown document of the project, by its path from the root. */
export const DOCUMENTS: readonly string[] = [
  ...globSync('*.md', { cwd: process.cwd() }),
  ...globSync('docs/**/*.md', { cwd: process.cwd() }),
].toSorted();

export function readText(path: string): string {
  return readFileSync(join(process.cwd(), path), 'utf8');
}

export function exists(path: string): boolean {
  return existsSync(join(process.cwd(), path));
}

/** What stands below a heading, up to the next one of its level or above. Throws when there is no such heading. */
export function sectionOf(text: string, heading: string): string {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, '') === heading);
  if (start < 0) throw new Error(`There is no heading "${heading}".`);
  const level = /^#+/.exec(lines[start]!)![0].length;
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => new RegExp(`^#{1,${level}} `).test(line));
  return (end < 0 ? rest : rest.slice(0, end)).join('\n');
}

/** The rows of all tables of a text, without heads and rulers, as trimmed cells. */
export function tableRows(text: string): readonly (readonly string[])[] {
  const lines = text.split('\n').map((line) => line.trim());
  const isRow = (line: string | undefined): boolean => line?.startsWith('|') === true;
  const isRuler = (line: string | undefined): boolean => /^\|(?:\s*:?-+:?\s*\|)+$/.test(line ?? '');
  return lines
    .filter((line, index) => isRow(line) && !isRuler(line) && !isRuler(lines[index + 1]))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
}

/** The texts between backticks. */
export function codesIn(text: string | undefined): readonly string[] {
  return [...(text ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1]!);
}

/** The rows of a section's tables by the code in their first cell; further codes there count, too. */
export function rowsByCode(text: string, heading: string): ReadonlyMap<string, readonly string[]> {
  const rows = tableRows(sectionOf(text, heading));
  return new Map(rows.flatMap((row) => codesIn(row[0]).map((code) => [code, row] as const)));
}

/** Fenced blocks with their language. */
export function blocksOf(text: string): readonly { readonly language: string; readonly body: string }[] {
  return [...text.matchAll(/^ *```(\w*)\n([\s\S]*?)^ *```$/gm)].map((match) => ({
    language: match[1]!,
    body: match[2]!,
  }));
}

export function withoutBlocks(text: string): string {
  return text.replace(/^ *```[\s\S]*?^ *```$/gm, '');
}

/** The anchors that a document's headings have on GitHub. */
export function anchorsOf(text: string): ReadonlySet<string> {
  const headings = [...withoutBlocks(text).matchAll(/^#+ (.*)$/gm)].map((match) => match[1]!);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replace(/\s/g, '-'),
    ),
  );
}
