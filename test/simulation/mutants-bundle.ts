import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import type { Plugin } from 'esbuild';
import type { Mutant } from './mutants.ts';

const ROOT = path.join(__dirname, '../..');

export function sourceOf({ file }: Mutant): Promise<string> {
  return readFile(path.join(ROOT, file), 'utf8');
}

/** The simulation around an engine, the mutant's or the one that there is, as the text of one program. */
export async function bundleHunt(mutant?: Mutant): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path.join(ROOT, 'test/simulation/mutants-thread.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    packages: 'external',
    logLevel: 'error',
    plugins: mutant === undefined ? [] : [mutation(mutant)],
  });
  return outputFiles[0]!.text;
}

function mutation(mutant: Mutant): Plugin {
  const target = path.join(ROOT, mutant.file);
  return {
    name: 'mutation',
    setup(bundling) {
      bundling.onLoad({ filter: /\.ts$/ }, async (args) => {
        if (args.path !== target) return undefined;
        const source = await sourceOf(mutant);
        // A function: in a text as replacement `$` has meanings of its own.
        return { contents: source.replace(mutant.find, () => mutant.replace), loader: 'ts' };
      });
    },
  };
}
