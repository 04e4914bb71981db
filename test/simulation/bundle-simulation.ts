import path from 'node:path';
import { build } from 'esbuild';

/** The simulation as the text of one program, to be run in threads: compiled once, whatever the number of histories. */
export async function bundleSimulation(root: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path.join(root, 'test/simulation/simulation-thread.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    mainFields: ['module', 'main'],
    logLevel: 'error',
  });
  return outputFiles[0]!.text;
}
