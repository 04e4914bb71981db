import { globSync, readFileSync } from 'node:fs';
import nodeModule, { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

interface PackageJson {
  readonly main?: string;
  readonly type?: string;
}

/**
 * Loads the entry files that the app's package.json names in `main` (a glob is allowed), the way the Node worker does:
 * `require('@azure/functions-core')` answers `coreApi` from here on. A missing or throwing entry is an error.
 * Answers a function that undoes it: the require is restored and what was loaded is forgotten.
 */
export async function loadApp(appFolder: string, coreApi: object): Promise<() => void> {
  const packageJson = JSON.parse(readFileSync(join(appFolder, 'package.json'), 'utf8')) as PackageJson;
  const { main } = packageJson;
  if (main === undefined) throw new Error(`package.json in ${appFolder} names no "main": there is nothing to load.`);
  const files = globSync(main, { cwd: appFolder }).toSorted();
  if (files.length === 0) throw new Error(`Found zero files matching "${main}", the "main" of the app. Was it built?`);

  const restoreRequire = interceptRequire(coreApi);
  const requireFromApp = createRequire(join(appFolder, 'package.json'));
  const cachedBefore = new Set(Object.keys(requireFromApp.cache));
  const unload = (): void => {
    restoreRequire();
    for (const file of Object.keys(requireFromApp.cache))
      if (!cachedBefore.has(file)) delete requireFromApp.cache[file];
  };
  try {
    for (const file of files) await loadEntry(join(appFolder, file), packageJson, requireFromApp);
  } catch (error) {
    unload();
    throw new Error(`The app's entry could not be loaded: ${String(error)}`, { cause: error });
  }
  return unload;
}

async function loadEntry(path: string, packageJson: PackageJson, requireFromApp: NodeJS.Require): Promise<void> {
  const isEsModule = path.endsWith('.mjs') || (packageJson.type === 'module' && !path.endsWith('.cjs'));
  if (isEsModule) await import(pathToFileURL(path).href);
  else requireFromApp(path);
}

// The module is on no registry; the worker conjures it up in the same way.
function interceptRequire(coreApi: object): () => void {
  const { prototype } = nodeModule.Module;
  // oxlint-disable-next-line typescript/unbound-method -- the proxy hands on whatever `this` it is called with
  const original = prototype.require;
  prototype.require = new Proxy(original, {
    apply: (target, thisArgument, args: [string]): unknown =>
      args[0] === '@azure/functions-core' ? coreApi : Reflect.apply(target, thisArgument, args),
  });
  return () => {
    prototype.require = original;
  };
}
