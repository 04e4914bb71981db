import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand, saidBy } from './run-command.ts';

/** The compiler that the snapshots were made with: another one may word them differently. */
export const BICEP_VERSION = '0.49.2';

const PACKAGE = 'Azure.Bicep.CommandLine';
const SYSTEMS: Readonly<Partial<Record<NodeJS.Platform, string>>> = { linux: 'linux', darwin: 'osx', win32: 'win' };

/**
 * Answers the path of the Bicep compiler in exactly the wanted version: `bicep` on the PATH, else the NuGet package,
 * which dotnet restores into `cacheFolder` once. Throws with the cure when neither can be had.
 */
export function findBicep(cacheFolder: string, env: NodeJS.ProcessEnv = process.env): string {
  if (isWanted('bicep', env)) return 'bicep';
  const runtime = `${SYSTEMS[process.platform] ?? process.platform}-${process.arch}`;
  const name = process.platform === 'win32' ? 'bicep.exe' : 'bicep';
  const restored = join(cacheFolder, `${PACKAGE}.${runtime}`.toLowerCase(), BICEP_VERSION, 'tools', name);
  if (!existsSync(restored)) restore(`${PACKAGE}.${runtime}`, cacheFolder, env);
  // NuGet unpacks it without the right to run it for anybody but its owner.
  chmodSync(restored, 0o755);
  return restored;
}

function isWanted(program: string, env: NodeJS.ProcessEnv): boolean {
  const { status, stdout } = runCommand(program, ['--version'], { env });
  return status === 0 && stdout.includes(` ${BICEP_VERSION} `);
}

function restore(packageName: string, cacheFolder: string, env: NodeJS.ProcessEnv): void {
  mkdirSync(cacheFolder, { recursive: true });
  const project = join(cacheFolder, 'bicep.csproj');
  writeFileSync(project, projectFor(packageName));
  const ran = runCommand('dotnet', ['restore', project, '--packages', cacheFolder], { env });
  if (ran.status === undefined)
    throw new Error(`There is no bicep ${BICEP_VERSION} and no dotnet on the PATH. ${CURE}`);
  if (ran.status !== 0) throw new Error(`dotnet could not restore ${packageName}:\n${saidBy(ran)}\n${CURE}`);
}

const CURE =
  `Put bicep ${BICEP_VERSION} on the PATH (az bicep install --version v${BICEP_VERSION}, then ~/.azure/bin), ` +
  'or install the .NET SDK 8 or later, by which this command fetches it.';

/** A project that needs nothing but the package: PackageDownload takes it as it is, without its dependencies. */
function projectFor(packageName: string): string {
  return `<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net$(BundledNETCoreAppTargetFrameworkVersion)</TargetFramework>
    <DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences>
  </PropertyGroup>
  <ItemGroup>
    <PackageDownload Include="${packageName}" Version="[${BICEP_VERSION}]" />
  </ItemGroup>
</Project>
`;
}
