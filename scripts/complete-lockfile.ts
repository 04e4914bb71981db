import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Adds to package-lock.json the optional packages of other platforms that npm left out, because it could not see them
 * when it wrote the file (a registry mirror without them). `npm ci` refuses a lock file in which they are missing.
 * Run it after `npm install` on such a machine: `npm run lockfile`.
 */
interface LockedPackage {
  readonly version?: string;
  readonly optional?: boolean;
  readonly dev?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface Lockfile {
  readonly packages: Record<string, LockedPackage>;
}

const LOCKFILE = 'package-lock.json';
const SYSTEMS = ['darwin', 'win32', 'linux', 'freebsd', 'android', 'openharmony'];
const PROCESSORS = ['x64', 'arm64', 'arm', 'ia32', 'ppc64', 'riscv64', 's390x', 'loong64'];
const LIBRARIES: Readonly<Record<string, string>> = {
  gnu: 'glibc',
  gnueabihf: 'glibc',
  musl: 'musl',
  musleabihf: 'musl',
};

/** What a package for one platform says of it, read from its name: `@swc/core-linux-x64-musl`. */
function platformOf(name: string): Pick<LockedPackage, 'os' | 'cpu' | 'libc'> | undefined {
  const words = name.split(/[/-]/);
  const os = words.find((word) => SYSTEMS.includes(word));
  const cpu = words.find((word) => PROCESSORS.includes(word));
  if (os === undefined || cpu === undefined) return undefined;
  const library = words.map((word) => LIBRARIES[word]).find((one) => one !== undefined);
  return { os: [os], cpu: [cpu], ...(os === 'linux' && library !== undefined ? { libc: [library] } : {}) };
}

function missingPackages({ packages }: Lockfile): Map<string, LockedPackage> {
  const missing = new Map<string, LockedPackage>();
  for (const [path, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      const isThere = `node_modules/${name}` in packages || `${path}/node_modules/${name}` in packages;
      const platform = platformOf(name);
      if (isThere || platform === undefined || !/^\d/.test(version)) continue;
      missing.set(`node_modules/${name}`, { version, ...platform, ...(dev === true ? { dev } : {}), optional: true });
    }
  }
  return missing;
}

const lockfile = JSON.parse(readFileSync(LOCKFILE, 'utf8')) as Lockfile;
const missing = missingPackages(lockfile);
const packages = Object.fromEntries(
  [...Object.entries(lockfile.packages), ...missing].toSorted(([a], [b]) => (a < b ? -1 : 1)),
);
writeFileSync(LOCKFILE, `${JSON.stringify({ ...lockfile, packages }, undefined, 2)}\n`);
process.stdout.write(`${missing.size} packages of other platforms added to ${LOCKFILE}.\n`);
