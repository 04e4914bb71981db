import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { BICEP_VERSION, findBicep } from '../../scripts/infra/find-bicep.ts';
import { bareEnvironment, emptyPath, runScript, standIn, type StandIn } from './run-script.ts';

describe('findBicep', () => {
  const standIns: StandIn[] = [];
  let cache: string;

  beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), 'bicep-cache-'));
  });

  afterEach(() => {
    rmSync(cache, { recursive: true });
    standIns.splice(0).forEach((one) => one.remove());
  });

  const withProgram = (program: string, answers: Readonly<Record<string, string>>): StandIn => {
    const made = standIn(program, answers);
    standIns.push(made);
    return made;
  };
  const restored = () => {
    const platform = { linux: 'linux', darwin: 'osx', win32: 'win' }[process.platform as 'linux'];
    return join(cache, `azure.bicep.commandline.${platform}-${process.arch}`, BICEP_VERSION, 'tools', 'bicep');
  };

  it('takes the compiler on the PATH when it has the version of the snapshots', () => {
    const bicep = withProgram('bicep', { '--version': `Bicep CLI version ${BICEP_VERSION} (0123abc)` });

    expect(findBicep(cache, bareEnvironment(bicep.path))).toBe('bicep');
  });

  it('takes the restored one when the one on the PATH is another version', () => {
    const bicep = withProgram('bicep', { '--version': 'Bicep CLI version 0.12.1 (0123abc)' });
    mkdirSync(dirname(restored()), { recursive: true });
    writeFileSync(restored(), '');

    expect(findBicep(cache, bareEnvironment(bicep.path))).toBe(restored());
  });

  it('asks dotnet for the package of this platform, in exactly this version', () => {
    const dotnet = withProgram('dotnet', { restore: 'Restored.' });

    // The stand-in restores nothing, so the file it should have made is missing.
    expect(() => findBicep(cache, bareEnvironment(dotnet.path))).toThrow('ENOENT');

    expect(dotnet.calls()).toEqual([`restore ${join(cache, 'bicep.csproj')} --packages ${cache}`]);
    expect(readFileSync(join(cache, 'bicep.csproj'), 'utf8')).toMatch(
      new RegExp(`Azure\\.Bicep\\.CommandLine\\.\\w+-\\w+" Version="\\[${BICEP_VERSION}\\]"`),
    );
  });

  it('tells what dotnet said, and the cure, when it cannot restore', () => {
    const dotnet = withProgram('dotnet', {});

    expect(() => findBicep(cache, bareEnvironment(dotnet.path))).toThrow(/refused: restore[\s\S]*\.NET SDK 8/);
  });

  it('names the cure where there is neither bicep nor dotnet', () => {
    const nothing = emptyPath();
    standIns.push(nothing);

    expect(() => findBicep(cache, bareEnvironment(nothing.path))).toThrow(
      /no dotnet on the PATH[\s\S]*az bicep install/,
    );
  });

  it('makes npm run infra:check fail with the cure', async () => {
    const nothing = emptyPath();
    standIns.push(nothing);

    const { code, stderr } = await runScript(
      'scripts/infra-check.ts',
      ['--cache', cache],
      bareEnvironment(nothing.path),
    );

    expect(code).toBe(1);
    expect(stderr).toContain(`Put bicep ${BICEP_VERSION} on the PATH`);
    expect(existsSync(restored())).toBe(false);
  });
});
