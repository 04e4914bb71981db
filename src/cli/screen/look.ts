import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';
import pc from 'picocolors';

type Colours = ReturnType<typeof pc.createColors>;

/** How text is set: in colours or without, and how wide. */
export interface Look {
  readonly paint: Colours;
  /** Columns of the terminal. */
  readonly width: number;
  /** Of the times that are shown; undefined is that of this computer. */
  readonly timeZone: string | undefined;
}

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Takes what the others leave, and breaks between words. One at most. */
  readonly fills?: boolean;
}

const GAP = 2;
const INDENT = 2;
const MIN_FILL = 20;

// Columns are told apart by space alone.
const NO_LINES = Object.fromEntries(
  (
    [
      'top',
      'top-mid',
      'top-left',
      'top-right',
      'bottom',
      'bottom-mid',
      'bottom-left',
      'bottom-right',
      'left',
      'left-mid',
      'mid',
      'mid-mid',
      'right',
      'right-mid',
      'middle',
    ] as const
  ).map((name) => [name, '']),
);

export function createLook(colours: boolean, width: number, timeZone?: string): Look {
  return { paint: pc.createColors(colours), width, timeZone };
}

/** The lines of a table, indented by two. Without a title in any column there is no head. */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { paint, width }: Look,
): readonly string[] {
  const hasHead = columns.some(({ title }) => title !== '');
  const table = new Table({
    ...(hasHead && { head: columns.map(({ title }) => paint.dim(title)) }),
    chars: NO_LINES,
    colAligns: columns.map(({ align = 'left' }) => align),
    colWidths: widthsOf(columns, rows, width - INDENT),
    wordWrap: true,
    style: { 'padding-left': 0, 'padding-right': GAP, head: [], border: [], compact: true },
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => `${' '.repeat(INDENT)}${line}`.trimEnd());
}

/** Only the column that fills is given a width; the others take what they need. */
function widthsOf(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): (number | null)[] {
  const needs = columns.map(
    ({ title }, at) => Math.max(lengthOf(title), ...rows.map((row) => lengthOf(row[at]!))) + GAP,
  );
  const others = needs.filter((_need, at) => columns[at]?.fills !== true).reduce((sum, need) => sum + need, 0);
  return columns.map(({ fills }, at) =>
    fills === true ? Math.min(needs[at]!, Math.max(MIN_FILL, width - others) + GAP) : null,
  );
}

/** Characters without the colours; for the width of a column that only needs to be about right. */
function lengthOf(text: string): number {
  return Math.max(...text.split('\n').map((line) => Array.from(stripVTControlCharacters(line)).length));
}

/** Text broken between words, each line indented by so many columns. */
export function wrapped(text: string, { width }: Pick<Look, 'width'>, indent: number): readonly string[] {
  const room = Math.max(MIN_FILL, width - indent);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && lengthOf(line) + 1 + lengthOf(word) > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].map((one) => `${' '.repeat(indent)}${one}`);
}

/** Wrapped text behind a mark, the following lines indented like the first. */
export function marked(mark: string, text: string, look: Pick<Look, 'width'>, indent = 2): readonly string[] {
  const [first, ...rest] = wrapped(text, look, indent);
  return [`${mark} ${first!.trimStart()}`, ...rest];
}
