import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

/** Bundles a program into one file. Any esbuild warning is a failure: in a bundle, a warning at build time is an error at run time. */
async function bundle(entry: string, outfile: string, quiet: boolean): Promise<void> {
  const startedAt = performance.now();
  const { warnings } = await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node22',
    // An ESM bundle fails at run time ("Dynamic require is not supported"): the Azure SDKs use require.
    format: 'cjs',
    // The Functions worker makes this module up while it runs; no registry has it.
    external: ['@azure/functions-core'],
    // For packages without an exports map the ES build comes first: some CommonJS ones (UMD) hide their requires from bundlers.
    mainFields: ['module', 'main'],
    sourcemap: 'linked',
    sourcesContent: false,
    // Names stay: they stand in stack traces and in the errors' own names.
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  if (warnings.length > 0) {
    process.exitCode = 1;
    return;
  }
  if (quiet) return;
  const kilobytes = Math.round(statSync(outfile).size / 1024);
  console.log(`${outfile}: ${kilobytes} kB in ${Math.round(performance.now() - startedAt)} ms`);
}

/** The function app, whose bundle package.json names as `main`, and the command line. */
const BUNDLES = [
  { entry: 'src/functions/index.ts', outfile: 'dist/main.js' },
  { entry: 'src/cli/main.ts', outfile: 'dist/sync.js' },
] as const;

const { values } = parseArgs({
  options: {
    entry: { type: 'string' },
    outfile: { type: 'string' },
    // Says nothing when all is well: the output of the command that follows is read by programs.
    quiet: { type: 'boolean', default: false },
  },
});
const { entry, outfile, quiet } = values;
const [app] = BUNDLES;
// One bundle when one is named, the app's unless another is; both otherwise.
const isOne = entry !== undefined || outfile !== undefined;
const bundles = isOne ? [{ entry: entry ?? app.entry, outfile: outfile ?? app.outfile }] : BUNDLES;
await Promise.all(bundles.map((one) => bundle(one.entry, one.outfile, quiet))).catch(() => {
  // esbuild has printed what is wrong; a stack trace of the build script would only bury it.
  process.exitCode = 1;
});
