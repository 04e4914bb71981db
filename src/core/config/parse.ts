import { readDocument, type Document } from './document.ts';
import { customFindings } from './custom-rules.ts';
import { excludeFindings } from './exclude-rules.ts';
import { filterFindings } from './filter-rules.ts';
import { isObject, pathText, type Finding } from './finding.ts';
import { listFindings } from './list-rules.ts';
import { mappingFindings } from './mapping-rules.ts';
import { toSyncConfig } from './normalise.ts';
import { findingsOf } from './schema-findings.ts';
import { SyncDocument } from './schema.ts';
import { twoWayFindings } from './two-way-rules.ts';
import type { SyncConfig } from './sync-config.ts';

/** One thing that is wrong with the configuration, and where. Lines and columns count from 1. */
export interface ConfigProblem {
  readonly source: string;
  readonly line: number;
  readonly column: number;
  /** For example `sync.mapping[2].to`; empty for the document itself. */
  readonly path: string;
  readonly found?: string;
  readonly expected: string;
  readonly nearest?: string;
}

export type ConfigReading =
  | { readonly ok: true; readonly config: SyncConfig }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** Reads a sync configuration (JSONC), or answers every problem of it at once, in the order of the text. */
export function parseSyncConfig(text: string, source: string): ConfigReading {
  const document = readDocument(text);
  const reading = SyncDocument.safeParse(document.value, { reportInput: true });
  const findings = [
    ...document.repeatedKeys,
    ...(reading.success ? [] : findingsOf(reading.error.issues)),
    ...rulesOf(document.value),
  ];
  const problems = problemsOf(document, findings, source);
  if (reading.success && problems.length === 0) return { ok: true, config: toSyncConfig(reading.data.sync) };
  return { ok: false, problems };
}

/** A problem in one line, for a terminal or a log: `sync.config.json:4:21 sync.timeZone: found …, expected …`. */
export function describeConfigProblem(problem: ConfigProblem): string {
  const { source, line, column, path, found, expected, nearest } = problem;
  const where = path === '' ? `${source}:${line}:${column}:` : `${source}:${line}:${column} ${path}:`;
  const what = found === undefined ? `expected ${expected}` : `found ${found}, expected ${expected}`;
  return nearest === undefined ? `${where} ${what}` : `${where} ${what} (did you mean "${nearest}"?)`;
}

function rulesOf(value: unknown): readonly Finding[] {
  const sync = isObject(value) ? value['sync'] : undefined;
  if (!isObject(sync)) return [];
  return [
    ...mappingFindings(sync['mapping']),
    ...filterFindings(sync['filters'], ['sync', 'filters']),
    ...listFindings(sync['lists']),
    ...customFindings(sync['custom'], sync['mapping']),
    ...excludeFindings(sync['exclude'], sync['phone']),
    ...twoWayFindings(sync),
  ];
}

function problemsOf(document: Document, findings: readonly Finding[], source: string): readonly ConfigProblem[] {
  const syntax = document.syntaxErrors.map((error) => ({ source, path: '', ...error }));
  // In a broken text, what seems to be missing is mostly just behind the break.
  const told = syntax.length === 0 ? findings : findings.filter(({ found }) => found !== undefined);
  const problems = told.map((finding) => {
    const { atKey: _atKey, offset: _offset, ...what } = finding;
    return { source, ...document.placeOf(finding), ...what, path: pathText(finding.path) };
  });
  return [...syntax, ...problems].toSorted((left, right) => left.line - right.line || left.column - right.column);
}
