import { globSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { MutantCoverage } from '@stryker-mutator/api/core';
import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';
import { DryRunStatus, MutantRunStatus, TestStatus } from '@stryker-mutator/api/test-runner';
import type {
  DryRunOptions,
  DryRunResult,
  MutantRunOptions,
  MutantRunResult,
  TestResult,
  TestRunner,
} from '@stryker-mutator/api/test-runner';
import { expect } from 'expect';
import fc from 'fast-check';
import { bind } from 'jest-each';

/** The tests of pure code: they need no hooks, no mocks and no clock, only these four. */
const TEST_FILES = 'test/core/{people,plan}/**/*.test.ts';
/** Chosen once, so that a repeat finds the same. */
const SEED = 20_261_126;
const SEPARATOR = ' › ';

type TestBody = () => unknown;

interface CollectedTest {
  readonly id: string;
  readonly body: TestBody;
}

/** What the instrumented code looks at and counts in; Stryker calls it by this name. */
interface Instrumentation {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  mutantCoverage?: MutantCoverage;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
}

const world = globalThis as typeof globalThis & Record<string, unknown> & { __stryker__?: Instrumentation };
const instrumentation = (world.__stryker__ ??= {});

/** What was collected of each file that is loaded. */
const loaded = new Map<string, readonly CollectedTest[]>();

/**
 * Loads each file of tests once and repeats its tests in this process. Jest starts afresh for every mutant, which takes a
 * second where the tests of pure code take milliseconds.
 */
const runner: TestRunner = {
  // What was imported stays: a mutant of code that runs while it loads gets a process of its own.
  capabilities: () => ({ reloadEnvironment: false }),
  init: setUp,
  dryRun: async (options) => runAll(options),
  mutantRun: async (options) => runMutant(options),
};

export const strykerPlugins = [declareValuePlugin(PluginKind.TestRunner, 'in-process', runner)];

let collected: CollectedTest[] = [];
let path: string[] = [];

function collectGroup(name: string, body: () => void): void {
  path.push(name);
  body();
  path.pop();
}

function collectTest(name: string, body: TestBody): void {
  collected.push({ id: [...path, name].join(SEPARATOR), body });
}

async function setUp(): Promise<void> {
  // What is said in UTC has to be so in any other zone.
  process.env['TZ'] = 'Australia/Sydney';
  fc.configureGlobal({ seed: SEED, endOnFailure: true });
  Object.assign(world, {
    expect,
    describe: Object.assign(collectGroup, { each: bind(collectGroup as never) }),
    it: Object.assign(collectTest, { each: bind(collectTest as never) }),
  });
}

function findFiles(): readonly string[] {
  return globSync(TEST_FILES).toSorted();
}

async function testsOf(file: string): Promise<readonly CollectedTest[]> {
  const known = loaded.get(file);
  if (known !== undefined) return known;
  collected = [];
  path = [file];
  await import(pathToFileURL(resolve(file)).href);
  loaded.set(file, collected);
  return collected;
}

/** What the code keeps from the first call to the next is made by the code as it is, and not by a mutant for all after it. */
async function warmUp(file: string): Promise<void> {
  if (loaded.has(file)) return;
  const { activeMutant, hitCount, hitLimit } = instrumentation;
  Object.assign(instrumentation, { activeMutant: undefined, hitCount: undefined, hitLimit: undefined });
  for (const test of await testsOf(file)) await runTest(test);
  Object.assign(instrumentation, { activeMutant, hitCount, hitLimit });
}

async function runTest({ id, body }: CollectedTest): Promise<TestResult> {
  const startedAt = performance.now();
  const about = () => ({ id, name: id, timeSpentMs: performance.now() - startedAt });
  instrumentation.currentTestId = id;
  try {
    await body();
    return { ...about(), status: TestStatus.Success };
  } catch (error) {
    return { ...about(), status: TestStatus.Failed, failureMessage: messageOf(error) };
  } finally {
    instrumentation.currentTestId = undefined;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function runAll({ coverageAnalysis }: DryRunOptions): Promise<DryRunResult> {
  if (coverageAnalysis !== 'off') instrumentation.mutantCoverage = { static: {}, perTest: {} };
  const tests: TestResult[] = [];
  for (const file of findFiles()) {
    for (const test of await testsOf(file)) tests.push(await runTwice(test));
  }
  const { mutantCoverage } = instrumentation;
  return { status: DryRunStatus.Complete, tests, ...(mutantCoverage !== undefined && { mutantCoverage }) };
}

/** What is done in the first run only is kept from then on, as what is done while loading: no repeat would notice it. */
async function runTwice(test: CollectedTest): Promise<TestResult> {
  const result = await runTest(test);
  const { mutantCoverage } = instrumentation;
  const reached = mutantCoverage?.perTest[test.id];
  if (mutantCoverage === undefined || reached === undefined) return result;
  const once = { ...reached };
  await runTest(test);
  for (const [id, hits] of Object.entries(once)) if (reached[id] === hits) mutantCoverage.static[id] = hits;
  return result;
}

async function runMutant(options: MutantRunOptions): Promise<MutantRunResult> {
  const { activeMutant, testFilter, hitLimit, mutantActivation } = options;
  const limit = hitLimit === undefined ? { hitCount: undefined } : { hitCount: 0 };
  Object.assign(instrumentation, { ...limit, hitLimit, activeMutant: activeMutant.id });
  try {
    const files = nearestFirst(findFiles(), activeMutant.fileName);
    return await firstFailure(files, testFilter, mutantActivation === 'runtime' ? warmUp : undefined);
  } catch (error) {
    // The code does not even load with this mutant in it.
    return killed('(loading)', messageOf(error), 0);
  } finally {
    instrumentation.activeMutant = undefined;
  }
}

/** Whose tests noticed the mutant before this one: it was most likely in the same file. */
let lastKiller: string | undefined;

/** The tests of the mutated file itself are the most likely to notice, then those of its kind: `transform-…`, `map-…`. */
function nearestFirst(files: readonly string[], mutated: string): readonly string[] {
  const name = basename(mutated, '.ts');
  const kind = name.replace(/-.*$/, '').replace(/s$/, '');
  const distance = (file: string): number => {
    const tested = basename(file, '.test.ts');
    if (tested === name) return 0;
    if (file === lastKiller) return 1;
    return tested.startsWith(kind) ? 2 : 3;
  };
  return files.toSorted((a, b) => distance(a) - distance(b));
}

async function firstFailure(
  files: readonly string[],
  filter: readonly string[] | undefined,
  prepare: ((file: string) => Promise<void>) | undefined,
): Promise<MutantRunResult> {
  const wanted = filter === undefined ? undefined : new Set(filter);
  let nrOfTests = 0;
  for (const file of files) {
    if (filter?.some((id) => id.startsWith(file + SEPARATOR)) === false) continue;
    await prepare?.(file);
    for (const test of await testsOf(file)) {
      if (wanted?.has(test.id) === false) continue;
      nrOfTests += 1;
      const result = await runTest(test);
      const { hitCount = 0, hitLimit = Number.POSITIVE_INFINITY } = instrumentation;
      if (hitCount > hitLimit) return { status: MutantRunStatus.Timeout, reason: 'It goes round and round.' };
      if (result.status !== TestStatus.Failed) continue;
      lastKiller = file;
      return killed(test.id, result.failureMessage, nrOfTests);
    }
  }
  return { status: MutantRunStatus.Survived, nrOfTests };
}

function killed(by: string, failureMessage: string, nrOfTests: number): MutantRunResult {
  return { status: MutantRunStatus.Killed, killedBy: [by], failureMessage, nrOfTests };
}
