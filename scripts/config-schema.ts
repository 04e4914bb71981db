import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { configSchemaText } from '../src/core/config/json-schema.ts';
import { operatorTable, transformTable } from '../src/core/config/reference-tables.ts';
import type { Table } from '../src/core/config/reference-tables.ts';

const SCHEMA = 'schema/sync.schema.json';
const DOCUMENT = 'docs/configuration.md';

/** The document with a table between the two marks of its name. */
function withTable(text: string, name: string, [head = [], ...rows]: Table): string {
  const [begin, end] = [`<!-- ${name}: written by npm run config:schema -->`, `<!-- ${name}: end -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${DOCUMENT} has no place for the table of ${name}.`);
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `${text.slice(0, from + begin.length)}\n\n${lines.join('\n')}\n\n${text.slice(to)}`;
}

function documentText(): string {
  const text = readFileSync(DOCUMENT, 'utf8');
  return withTable(withTable(text, 'operators', operatorTable()), 'transforms', transformTable());
}

/** Writes a file, or with --check fails when the written one is out of date. */
async function put(file: string, text: string): Promise<void> {
  const wanted = await format(text, { ...(await resolveConfig(file)), filepath: file });
  if (!process.argv.includes('--check')) {
    writeFileSync(file, wanted);
    process.stdout.write(`${file} written.\n`);
  } else if (readFileSync(file, 'utf8') !== wanted) {
    process.stderr.write(`${file} is out of date: run npm run config:schema.\n`);
    process.exitCode = 1;
  }
}

/** Writes what is made of the schemas: the JSON Schema of the configuration, and the reference tables of its document. */
async function main(): Promise<void> {
  await put(SCHEMA, configSchemaText());
  await put(DOCUMENT, documentText());
}

await main();
