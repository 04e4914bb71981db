import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeConfigProblem, parseSyncConfig } from '../src/core/config/parse.ts';
import { zipArchive, type ZippedFile } from './package/zip-archive.ts';

interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
}

const BUNDLE = 'main.js';

/**
 * Makes what is deployed: a folder with the bundle, host.json, a package.json without dependencies and the sync
 * configuration, and the same as a ZIP archive. The same sources give the same bytes.
 */
function main(): void {
  const { values } = parseArgs({
    options: {
      bundle: { type: 'string', default: join('dist', BUNDLE) },
      config: { type: 'string', default: join('infra', 'sync.config.jsonc') },
      folder: { type: 'string', default: join('dist', 'package') },
      zip: { type: 'string', default: join('dist', 'entra-sync.zip') },
    },
  });
  const files = filesOf(values.bundle, values.config);
  writeFolder(values.folder, files);
  const archive = zipArchive(files);
  mkdirSync(dirname(values.zip), { recursive: true });
  writeFileSync(values.zip, archive);
  const bytes = files.reduce((sum, { content }) => sum + content.length, 0);
  process.stdout.write(`${values.folder}: ${files.length} files, ${kilobytes(bytes)}\n`);
  process.stdout.write(`${values.zip}: ${kilobytes(archive.length)}\n`);
}

function filesOf(bundle: string, config: string): readonly ZippedFile[] {
  if (!existsSync(bundle)) throw new Error(`There is no ${bundle}: run npm run build first.`);
  return [
    { name: BUNDLE, content: readFileSync(bundle) },
    // Stack traces name our files and lines by it.
    { name: `${BUNDLE}.map`, content: readFileSync(`${bundle}.map`) },
    { name: 'host.json', content: readFileSync('host.json') },
    { name: 'package.json', content: Buffer.from(packageJson()) },
    { name: 'sync.config.json', content: Buffer.from(configuration(config)) },
  ];
}

/** What the worker reads: the entry. The bundle has everything in it, so nothing is left to install. */
function packageJson(): string {
  const { name, version, license, engines } = JSON.parse(readFileSync('package.json', 'utf8')) as PackageJson;
  return `${JSON.stringify({ name, version, private: true, license, main: BUNDLE, engines }, undefined, 2)}\n`;
}

/** A configuration that the app would refuse is refused here, where somebody is looking. */
function configuration(file: string): string {
  const text = readFileSync(file, 'utf8');
  const reading = parseSyncConfig(text, file);
  if (!reading.ok) throw new Error(reading.problems.map(describeConfigProblem).join('\n'));
  return text;
}

/** Begins anew: what an earlier version had and this one has not must not be deployed. */
function writeFolder(folder: string, files: readonly ZippedFile[]): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { name, content } of files) writeFileSync(join(folder, name), content);
}

function kilobytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024)} kB`;
}

try {
  main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
