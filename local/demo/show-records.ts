import pc from 'picocolors';
import { maskDigits } from '../oracle/difference.ts';
import type { ApiRecord } from '../stack/api-client.ts';
import { print } from './screen.ts';

// As wide as the longest name of a field.
const FIELD_WIDTH = 12;

/** What a run did to each person, field by field: before → after. Numbers are masked. */
export function printRecords(records: readonly ApiRecord[], nameOf: (personId: string) => string): void {
  for (const { operation, personId, outcome, words, fields, lists } of records) {
    print(`  ${pc.cyan(operation.padEnd(8))}${pc.bold(nameOf(personId))}  ${outcome}`);
    print(`          ${pc.dim(words)}`);
    for (const { field, before, after } of fields) {
      const shown = [before, after].map((value) => (value === undefined ? undefined : valueOf(field, value)));
      printChange(field, shown[0], shown[1] ?? '');
    }
    for (let at = 0; at < Math.max(lists.remove.length, lists.add.length); at += 1) {
      printChange('list', lists.remove[at], lists.add[at] ?? '–');
    }
  }
}

function printChange(what: string, before: string | undefined, after: string): void {
  const left = before === undefined || before === '' ? pc.dim('–') : pc.red(before);
  print(`          ${what.padEnd(FIELD_WIDTH)}${left} → ${after === '–' ? pc.dim(after) : pc.green(after)}`);
}

function valueOf(field: string, value: string): string {
  return field === 'phone_number' ? maskDigits(value) : value;
}
