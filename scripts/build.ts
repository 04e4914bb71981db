import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

/**
 * Bundles the function app into the one file that package.json names as `main`.
 * Any esbuild warning is a failure: in a bundle, a warning at build time is an error at run time.
 */
async function bundleApp(entry: string, outfile: string): Promise<void> {
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
  const kilobytes = Math.round(statSync(outfile).size / 1024);
  console.log(`${outfile}: ${kilobytes} kB in ${Math.round(performance.now() - startedAt)} ms`);
}

const { values } = parseArgs({
  options: {
    entry: { type: 'string', default: 'src/functions/index.ts' },
    outfile: { type: 'string', default: 'dist/main.js' },
  },
});
await bundleApp(values.entry, values.outfile).catch(() => {
  // esbuild has printed what is wrong; a stack trace of the build script would only bury it.
  process.exitCode = 1;
});
