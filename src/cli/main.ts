import { EXIT } from './exit-codes.ts';
import { runProgram } from './run-program.ts';

const { env, argv, stdin, stdout, stderr } = process;

// `npm run sync -- records … | head` closes the pipe early: that is no error, and nothing is left to print to.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.ok);
});

// Set, not called: what is still being written to a pipe comes through.
void runProgram(argv.slice(2), { env, stdin, stdout, stderr }).then((code) => {
  process.exitCode = code;
});
