import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand, saidBy } from './run-command.ts';

/** One thing that has to hold, and what is wrong with it now; no problem, no lines. */
export interface Check {
  readonly name: string;
  readonly problems: () => readonly string[];
}

/** What is deployed: a template, and each set of parameters with the variables that its snapshot is made with. */
const TEMPLATE = 'main.bicep';
const PARAMETERS: Readonly<Record<string, NodeJS.ProcessEnv>> = {
  'main.bicepparam': {},
  'private.bicepparam': { EASY_AUTH_CLIENT_ID: 'bbbbbbbb-0000-4000-8000-000000000003' },
};
const PARAMETER_FILES = Object.keys(PARAMETERS);

// A snapshot is made for an invented place, so that it is the same on every machine.
const PLACE = {
  'subscription-id': '00000000-0000-4000-8000-000000000000',
  'tenant-id': '11111111-2222-4333-8444-555555555555',
  'resource-group': 'rg-entra-sync',
  location: 'australiaeast',
  'deployment-name': 'main',
};
const ENVIRONMENT = {
  AZURE_ENV_NAME: 'production',
  AZURE_PRINCIPAL_ID: 'aaaaaaaa-0000-4000-8000-000000000001',
  AZURE_PRINCIPAL_TYPE: 'User',
  ALERT_MAIL: 'operations@contoso.example',
};

/** Everything the compiler can say of the templates in `folder`: they compile, lint, are formatted, and make what the snapshots say. */
export function templateChecks(bicep: string, folder: string): readonly Check[] {
  return [
    { name: 'compiles', problems: () => said(bicep, ['build', join(folder, TEMPLATE), '--outfile', nowhere()]) },
    ...[TEMPLATE, ...PARAMETER_FILES].map((file) => ({
      name: `lints: ${file}`,
      problems: () => said(bicep, ['lint', join(folder, file)]),
    })),
    { name: 'is formatted', problems: () => unformatted(bicep, folder) },
    ...PARAMETER_FILES.map((file) => ({
      name: `makes what its snapshot says: ${file}`,
      problems: () => snapshot(bicep, folder, file, 'validate'),
    })),
  ];
}

/** Formats the templates and writes the snapshots anew. Answers what went wrong. */
export function writeTemplates(bicep: string, folder: string): readonly string[] {
  return [
    ...format(bicep, folder),
    ...PARAMETER_FILES.flatMap((file) => snapshot(bicep, folder, file, 'overwrite')),
    ...PARAMETER_FILES.flatMap((file) => sortOutputs(join(folder, file.replace(/bicepparam$/, 'snapshot.json')))),
  ];
}

/** The compiler writes the outputs in another order each time; sorted, a review shows only what has changed. */
function sortOutputs(file: string): readonly string[] {
  if (!existsSync(file)) return [`${file} was not written`];
  const snapshotted = JSON.parse(readFileSync(file, 'utf8')) as { readonly outputs: object };
  const outputs = Object.fromEntries(Object.entries(snapshotted.outputs).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(file, `${JSON.stringify({ ...snapshotted, outputs }, undefined, 2)}\n`);
  return [];
}

/** Lines of a command that should have had nothing to say: to the compiler, even a wrong type is a warning. */
function said(bicep: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): readonly string[] {
  const ran = runCommand(bicep, args, { env });
  const lines = saidBy(ran).split('\n').filter(Boolean);
  return ran.status === 0 || lines.length > 0 ? lines : [`${args.join(' ')} ended with ${ran.status}`];
}

function snapshot(bicep: string, folder: string, file: string, mode: string): readonly string[] {
  const place = Object.entries(PLACE).flatMap(([name, value]) => [`--${name}`, value]);
  // Only these variables: one that happens to be set on this machine must not change the outcome.
  const { PATH, HOME, TMPDIR } = process.env;
  const env = { PATH, HOME, TMPDIR, ...ENVIRONMENT, ...PARAMETERS[file] };
  return said(bicep, ['snapshot', join(folder, file), '--mode', mode, ...place], env);
}

function templatesIn(folder: string): readonly string[] {
  return globSync('**/*.{bicep,bicepparam}', { cwd: folder }).toSorted();
}

function format(bicep: string, folder: string): readonly string[] {
  return ['bicep', 'bicepparam'].flatMap((kind) =>
    said(bicep, ['format', '--pattern', join(folder, '**', `*.${kind}`)]),
  );
}

/** The formatter cannot be asked whether a file is formatted; so it formats a copy. */
function unformatted(bicep: string, folder: string): readonly string[] {
  const copy = mkdtempSync(join(tmpdir(), 'infra-format-'));
  try {
    cpSync(folder, copy, { recursive: true });
    const problems = format(bicep, copy);
    const changed = templatesIn(folder).filter((file) => textOf(folder, file) !== textOf(copy, file));
    return [...problems, ...changed.map((file) => `${file} is not formatted: npm run infra:check -- --write`)];
  } finally {
    rmSync(copy, { recursive: true });
  }
}

function textOf(folder: string, file: string): string {
  return readFileSync(join(folder, file), 'utf8');
}

function nowhere(): string {
  return process.platform === 'win32' ? 'NUL' : '/dev/null';
}
