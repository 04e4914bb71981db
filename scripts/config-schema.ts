import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { configSchemaText } from '../src/core/config/json-schema.ts';

const FILE = 'schema/sync.schema.json';

/** Writes the JSON Schema of the sync configuration, or with --check fails when the written one is out of date. */
async function main(): Promise<void> {
  const wanted = await format(configSchemaText(), { ...(await resolveConfig(FILE)), filepath: FILE });
  if (!process.argv.includes('--check')) {
    writeFileSync(FILE, wanted);
    process.stdout.write(`${FILE} written.\n`);
  } else if (readFileSync(FILE, 'utf8') !== wanted) {
    process.stderr.write(`${FILE} is out of date: run npm run config:schema.\n`);
    process.exitCode = 1;
  }
}

await main();
