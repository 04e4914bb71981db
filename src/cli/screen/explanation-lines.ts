import type { Clause, Explanation } from '../api/answers.ts';
import { mappingLines, numberLines } from './explained-mapping.ts';
import { tableLines, wrapped } from './look.ts';
import type { Column, Look } from './look.ts';
import { timeText } from './times.ts';
import { shown } from './words.ts';

const KNOWN: readonly string[] = [
  'person',
  'found',
  'scope',
  'mapping',
  'phone',
  'match',
  'lists',
  'consent',
  'optOuts',
  'pending',
].concat(['lastChanges', 'next']);

/** Why one person is where they are, from the directory to the next run, in the order in which it is decided. */
export function explanationLines(explanation: Explanation, look: Look): readonly string[] {
  const { scope, mapping, phone, lastChanges, next } = explanation;
  return [
    ...personLines(explanation, look),
    ...scopeLines(scope, look),
    ...section('Number', numberLines(phone), look),
    ...mappingLines(mapping, look),
    ...section('Match', matchTexts(explanation), look),
    ...listLines(explanation, look),
    ...consentLines(explanation, look),
    ...optOutLines(explanation, look),
    ...waitingLines(explanation, look),
    ...(lastChanges.length === 0 ? [] : changeLines(lastChanges, look)),
    ...otherLines(explanation, look),
    ...section('The next run', [`${next.operation}, ${next.outcome}: ${next.words}`], look),
  ];
}

function section(title: string, texts: readonly string[], look: Look): readonly string[] {
  return ['', look.paint.bold(title), ...texts.flatMap((text) => wrapped(text, look, 2))];
}

const PAIRS: readonly Column[] = [{ title: '' }, { title: '', fills: true }];

function personLines({ person, found }: Explanation, look: Look): readonly string[] {
  const { id, kind, presence, attributes, manager = {} } = person;
  const rows = [
    ...Object.entries(attributes).filter(([name]) => name !== 'id'),
    ...Object.entries(manager).map(([name, value]) => [`manager.${name}`, value] as const),
  ].filter(([, value]) => value !== null && value !== undefined);
  return [
    `${look.paint.bold(id)}  ${kind}, ${presence}`,
    ...(found.directory
      ? []
      : wrapped('The directory does not answer for this person; this is how it was last seen.', look, 2)),
    ...(rows.length === 0
      ? []
      : tableLines(
          PAIRS,
          rows.map(([name, value]) => [name, shown(value)]),
          look,
        )),
  ];
}

const CLAUSE_COLUMNS: readonly Column[] = [
  { title: '' },
  { title: 'Clause' },
  { title: 'Expected', fills: true },
  { title: 'Found' },
];

function scopeLines({ inScope, cause, reason, clauses }: Explanation['scope'], look: Look): readonly string[] {
  const why = [cause, reason].filter((part) => part !== undefined).join(', ');
  const verdict = inScope ? look.paint.green('in scope') : look.paint.yellow('out of scope');
  const rows = clauses.map((clause) => clauseRow(clause, look));
  return [
    '',
    `${look.paint.bold('Scope')}  ${verdict}${why === '' ? '' : ` (${why})`}`,
    ...(rows.length === 0 ? [] : tableLines(CLAUSE_COLUMNS, rows, look)),
  ];
}

function clauseRow({ path, expected, value, state, holds }: Clause, { paint }: Look): readonly string[] {
  const mark = holds === 'unknown' ? paint.yellow('?') : holds ? paint.green('✔') : paint.red('✖');
  return [mark, path, expected, value === undefined ? (state ?? '–') : shown(value)];
}

function matchTexts({ match }: Explanation): readonly string[] {
  const { how, words, contactId, contactIds = [], holder } = match;
  return [
    `${how}: ${words}`,
    ...(contactId === undefined ? [] : [`Contact ${contactId}`]),
    ...contactIds.map((id) => `Contact ${id}`),
    ...(holder === undefined ? [] : [`Person ${holder}`]),
  ];
}

function listLines({ lists }: Explanation, look: Look): readonly string[] {
  if (lists.length === 0) return section('Lists', ['none'], look);
  const rows = lists.map(({ name, because, joined }) => [name, `${because}${joined ? '' : ' (not joined yet)'}`]);
  return ['', look.paint.bold('Lists'), ...tableLines(PAIRS, rows, look)];
}

function consentLines({ consent }: Explanation, look: Look): readonly string[] {
  if (consent === undefined) return [];
  if (!consent.exists) return section('Contact in MessageMedia', ['It was deleted there.'], look);
  const numbers = consent.numbers.map(({ number, type, state }) => `${number}  ${type}, ${state}`);
  const lists = consent.lists.length === 0 ? 'on no list' : `on ${consent.lists.join(', ')}`;
  return section('Contact in MessageMedia', [...numbers, lists], look);
}

const OPT_OUT_SOURCES: Readonly<Record<string, string>> = {
  webhook: 'its owner replied STOP',
  contact: 'a contact said so',
  'blocked-list': 'it is blocked in MessageMedia',
};

function optOutLines({ optOuts = [] }: Explanation, look: Look): readonly string[] {
  if (optOuts.length === 0) return [];
  const texts = optOuts.map(
    ({ number, source, since }) =>
      `${number} ${OPT_OUT_SOURCES[source] ?? source}, known since ${timeText(since, look)}`,
  );
  return section('Opted out', texts, look);
}

function waitingLines({ pending }: Explanation, look: Look): readonly string[] {
  if (pending === undefined) return [];
  const { outcome, reason, words, since, until, runbook } = pending;
  const end = until === undefined ? '' : ` until ${timeText(until, look)}`;
  const times = `${outcome}, ${reason}, since ${timeText(since, look)}${end}`;
  return section('Waiting', [words, times, `docs/${runbook}`], look);
}

function changeLines(changes: Explanation['lastChanges'], look: Look): readonly string[] {
  const rows = changes.map(({ at, operation, outcome, words }) => [
    timeText(at, look),
    `${operation}, ${outcome}: ${words}`,
  ]);
  return ['', look.paint.bold('Last changes'), ...tableLines(PAIRS, rows, look)];
}

/** What a newer app says besides, as it stands. */
function otherLines(explanation: Explanation, look: Look): readonly string[] {
  const others = Object.entries(explanation).filter(([name]) => !KNOWN.includes(name));
  return others.flatMap(([name, value]) => section(name, [shown(value)], look));
}
