import { spawn } from 'node:child_process';

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a program under runCommand in a process of its own; `signal` is sent when it says that it is ready. */
function run(program: string, signal?: NodeJS.Signals): Promise<Ended> {
  const script = `
    const { runCommand } = await import('./local/stack/command.ts');
    await runCommand(async (onEnd) => {
      onEnd(async () => console.log('first clean-up'));
      onEnd(async () => console.log('second clean-up'));
      ${program}
    });`;
  const child = spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', script]);
  let output = '';
  const collect = (chunk: Buffer): void => {
    output += String(chunk);
    if (signal !== undefined && output.includes('ready')) child.kill(signal);
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
}

describe('runCommand', () => {
  it('exits with the code of the program, after the clean-ups, the newest first', async () => {
    expect(await run('return 3;')).toEqual({ code: 3, output: 'second clean-up\nfirst clean-up\n' });
  });

  it('makes an error a message without a stack, and exits with 1', async () => {
    const { code, output } = await run(`throw new Error('No such luck.');`);

    expect(code).toBe(1);
    expect(output).toContain('No such luck.');
    expect(output).toContain('first clean-up');
    expect(output).not.toContain('    at ');
  });

  it('shows every part of an error that has several', async () => {
    const { output } = await run(`throw new AggregateError([new Error('one'), new Error('two')], 'Both failed.');`);

    expect(output).toMatch(/Both failed\.\s+one\s+two/);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('cleans up on %s, and exits with 130', async (signal) => {
    const { code, output } = await run(
      `console.log('ready'); return new Promise(() => setInterval(() => {}, 1000));`,
      signal,
    );

    expect(code).toBe(130);
    expect(output).toContain('first clean-up');
  });

  it('exits with 1 when a clean-up fails, and still does the others', async () => {
    const { code, output } = await run(`onEnd(async () => { throw new Error('stuck'); }); return 0;`);

    expect(code).toBe(1);
    expect(output).toContain('stuck');
    expect(output).toContain('first clean-up');
  });
});
