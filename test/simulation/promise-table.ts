import type { Invariant } from './history.ts';
import type { Tally } from './tally.ts';

interface Guarantee {
  readonly id: Invariant;
  readonly promise: string;
  readonly shownBy: string;
}

/** The promises that the simulation holds the engine to, and what it looks at. */
export const PROMISES: readonly Guarantee[] = [
  {
    id: 'I1',
    promise: 'it settles',
    shownBy: 'when the faults are over, an oracle of its own; then one more delta and full run, without a change',
  },
  {
    id: 'I2',
    promise: 'one contact a person, one person a number',
    shownBy: 'all contacts of the account, at rest',
  },
  {
    id: 'I3',
    promise: 'hands off what people made',
    shownBy: 'contacts, lists, fields and notes made by hand, after every call that writes',
  },
  {
    id: 'I4',
    promise: 'nothing old over anything new',
    shownBy: 'claim, lease and clock at the start of every call; the generation of every row written',
  },
  {
    id: 'I5',
    promise: 'nothing is forgotten',
    shownBy: 'everybody the directory showed so far, each time the token moves',
  },
  {
    id: 'I6',
    promise: 'nobody is removed by accident',
    shownBy: 'the account before and after each run, against directory, limits and approvals',
  },
  {
    id: 'I7',
    promise: 'STOP means stop',
    shownBy: 'the preferences of numbers that opted out, after every call that writes',
  },
  {
    id: 'I8',
    promise: 'calls are bounded',
    shownBy: 'calls of each run against its plan and what went wrong; length of every wait',
  },
  {
    id: 'I9',
    promise: 'personal data stays where it belongs',
    shownBy: 'names, mails, numbers and secrets looked for in events, messages, row keys and errors',
  },
  {
    id: 'I10',
    promise: 'a preview changes nothing, and an approval means what was shown',
    shownBy: 'every call of a dry run; every operation that goes ahead as approved, against what was shown',
  },
  {
    id: 'I11',
    promise: 'both sides settle, and no write comes back as a change',
    shownBy: 'a last edit in a contact that the directory shows late and after the old value: it stands on both sides',
  },
  {
    id: 'defect',
    promise: 'no error that nobody foresaw',
    shownBy: 'whatever a handler throws or notes as its own failure',
  },
];

export interface Shown {
  readonly fixed: Tally;
  readonly freshSeeds: number;
  readonly kept: Tally;
  readonly faults: number;
}

const BEGIN = '<!-- simulation: written by test/simulation/simulation.test.ts -->';
const END = '<!-- end of simulation -->';

/** The document with the table between its two marks written anew. Throws when a mark is missing. */
export function withPromiseTable(text: string, promises: readonly Guarantee[], shown: Shown): string {
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error('The marks of the table are missing.');
  return `${text.slice(0, from)}${BEGIN}\n\n${render(promises, shown)}\n\n${text.slice(to)}`;
}

function render(promises: readonly Guarantee[], { fixed, freshSeeds, kept, faults }: Shown): string {
  const count = (number: number): string => number.toLocaleString('en-US');
  const rows = promises.map(({ id, promise, shownBy }) => {
    const broken = fixed.broken.get(id)! + kept.broken.get(id)!;
    const result = broken === 0 ? 'kept in all' : `broken in ${count(broken)}`;
    return [id, promise, shownBy, count(fixed.histories + kept.histories), result];
  });
  const head = ['', 'promise', 'looked at', 'histories', 'last result'];
  const fired = [...fixed.fired.values()].filter((times) => times > 0).length;
  return [
    table([head, ...rows]),
    '',
    `${count(fixed.histories)} fixed seeds and ${kept.histories} kept histories, and ${count(freshSeeds)} fresh seeds each time. ` +
      `${fired} of ${faults} faults fired.`,
  ].join('\n');
}

/** Padded as Prettier pads it. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(3, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at]!)).join(' | ')} |`;
  const [head, ...body] = rows;
  return [line(head!), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}
