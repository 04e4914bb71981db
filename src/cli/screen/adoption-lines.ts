import type { PersonRecord, Run } from '../api/answers.ts';
import type { Context } from '../command.ts';
import { marked, wrapped } from './look.ts';
import type { Look } from './look.ts';
import { counted, grouped } from './words.ts';

/** What is found in an account that was there before, in the order in which it is looked at. */
export const ADOPTION_KINDS = ['linkable', 'ambiguous', 'unmanaged', 'orphaned'] as const;
type AdoptionKind = (typeof ADOPTION_KINDS)[number];

interface Section {
  readonly heading: (count: number) => string;
  /** What to do, as docs/operations.md has it. */
  readonly advice: string;
  readonly rows: (records: readonly PersonRecord[], look: Look) => readonly string[];
}

/** More than a screen full is for `records`, --csv and --json. */
const SHOWN = 20;
const MOST_WORDINGS = 8;

const people = (count: number): string => counted(count, 'person', 'people');
const contacts = (count: number): string => counted(count, 'contact');

const SECTIONS: Readonly<Record<AdoptionKind, Section>> = {
  linkable: {
    heading: (count) => `Linkable: ${people(count)} whose contact was found`,
    advice: 'Look at the fields that change.',
    rows: wordingRows,
  },
  ambiguous: {
    heading: (count) => `Ambiguous: ${people(count)} for whom nobody can tell which contact is meant`,
    advice: 'Merge the contacts in MessageMedia, or take the wrong number or marker off one. Then run again.',
    rows: pairRows,
  },
  unmanaged: {
    heading: (count) => `Unmanaged: ${contacts(count)} that nobody in scope wants`,
    advice: 'Nothing to do: they are not touched.',
    rows: () => [],
  },
  orphaned: {
    heading: (count) => `Orphaned: ${contacts(count)} with the id of somebody whom this sync does not know`,
    advice: 'Delete them in MessageMedia, or take the marker entra_object_id off. They are not touched.',
    rows: pairRows,
  },
};

/** What was found of each kind, with the people and contacts that somebody has to look at. */
export function adoptionLines(
  { runId }: Run,
  records: readonly PersonRecord[],
  look: Look,
  typed: Context['typed'],
): readonly string[] {
  return ADOPTION_KINDS.flatMap((kind) => {
    const some = records.filter(({ adoption }) => adoption === kind);
    if (some.length === 0) return [];
    const { heading, advice, rows } = SECTIONS[kind];
    const seeAll = `See them:  ${typed(`records ${runId} --adoption ${kind}`)}`;
    return [
      '',
      look.paint.bold(heading(some.length)),
      ...rows(some, look),
      ...wrapped(advice, look, 2).map((line) => look.paint.dim(line)),
      ...wrapped(seeAll, look, 2),
    ];
  });
}

/** People to whom the same happens are told together, most of them first. */
function wordingRows(records: readonly PersonRecord[], look: Look): readonly string[] {
  const groups = [...Map.groupBy(records, ({ words }) => words)].toSorted((a, b) => b[1].length - a[1].length);
  const width = grouped(groups[0]![1].length).length;
  const rows = groups.slice(0, MOST_WORDINGS).flatMap(([words, some]) => {
    const count = grouped(some.length).padStart(width);
    return marked(`  ${look.paint.green('+')} ${count} `, words, look, width + 6);
  });
  const more = groups.length - MOST_WORDINGS;
  return more > 0 ? [...rows, `  … and ${counted(more, 'kind of change', 'kinds of change')} more`] : rows;
}

function pairRows(records: readonly PersonRecord[]): readonly string[] {
  const rows = records.slice(0, SHOWN).flatMap(bothSides);
  const more = records.length - SHOWN;
  return more > 0 ? [...rows, `  … and ${grouped(more)} more`] : rows;
}

/** The person, or the id that is carried, and below the contacts of which each may be meant: two ids fill a line. */
function bothSides({ personId, department, contactIds = [] }: PersonRecord): readonly string[] {
  return [`  ${personId}  ${department}`.trimEnd(), ...contactIds.map((id) => `    ↔ contact ${id}`)];
}
