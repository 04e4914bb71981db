import Table from 'cli-table3';
import pc from 'picocolors';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

export function print(line = ''): void {
  process.stdout.write(`${line}\n`);
}

export function printTitle(title: string): void {
  print(`\n${pc.bold(pc.cyan(title))}`);
}

export function printDone(words: string): void {
  print(`  ${pc.green('✔')} ${words}`);
}

export function printWarning(words: string): void {
  print(`  ${pc.yellow('▲')} ${words}`);
}

export function printProblem(words: string): void {
  print(`  ${pc.red('✖')} ${words}`);
}

/** A table, two columns in; a row of one cell only spans them all. */
export function printTable(columns: readonly Column[], rows: readonly (readonly (string | number)[])[]): void {
  const table = new Table({
    head: columns.map(({ title }) => pc.bold(title)),
    colAligns: columns.map(({ align }) => align ?? 'left'),
    // Colours come from picocolors alone: it knows when nobody sees them.
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) table.push(row.map(String));
  for (const line of table.toString().split('\n')) print(`  ${line}`);
}

/** `1 person`, `3 people`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
