import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { templateChecks, writeTemplates } from './infra/check-templates.ts';
import { findBicep } from './infra/find-bicep.ts';
import { runCommand, saidBy } from './infra/run-command.ts';

/**
 * Proves the templates without Azure: what the compiler says of them, then the tests of what they make. With `--write`
 * it formats them and writes the snapshots anew. Exits 1 when anything is wrong.
 */
function main(): void {
  const { values } = parseArgs({
    options: {
      folder: { type: 'string', default: 'infra' },
      cache: { type: 'string', default: join('.local', 'bicep') },
      write: { type: 'boolean', default: false },
    },
  });
  const bicep = findBicep(values.cache);
  const results = values.write
    ? [report('written', writeTemplates(bicep, values.folder))]
    : [...check(bicep, values.folder), testsPass()];
  if (results.includes(false)) process.exitCode = 1;
}

/** Each check is run even when one before it failed: one run tells everything. */
function check(bicep: string, folder: string): readonly boolean[] {
  return templateChecks(bicep, folder).map(({ name, problems }) => report(name, problems()));
}

function report(name: string, problems: readonly string[]): boolean {
  process.stdout.write(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${name}\n`);
  for (const problem of problems) process.stdout.write(`     ${problem}\n`);
  return problems.length === 0;
}

function testsPass(): boolean {
  const ran = runCommand(process.execPath, [join('node_modules', 'jest', 'bin', 'jest.js'), 'test/infra']);
  process.stdout.write(`${saidBy(ran)}\n`);
  return ran.status === 0;
}

try {
  main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
