import { EXIT, exitOfCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { Refusal } from '../refusal.ts';
import type { Problem } from '../refusal.ts';

/** An answer that is no 2xx. */
interface RefusedAnswer {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly text: string;
}

/** What an answer means that is no 2xx: the app's own problem, or what the host or something before it says without words. */
export function refusalOf({ method, path, status, text }: RefusedAnswer): Refusal {
  const problem = readProblem(text);
  const call = `${method} ${path.replace(/\?.*$/, '')}`;
  return problem === undefined ? withoutWords(call, status) : told(problem, status);
}

function told(problem: Problem, status: number): Refusal {
  const { code, detail, runId, problems = [] } = problem;
  const hints = [
    ...problems.map(problemLine),
    ...(code === 'run-active' && runId !== undefined ? [`The active run is ${runId}.`] : []),
    ...(status >= 500 && problem.correlationId !== undefined ? [`Correlation id: ${problem.correlationId}`] : []),
  ];
  return new Refusal(exitOfCode(code, status), code, detail ?? `The app answered ${status} (${code}).`, {
    hints,
    problem,
  });
}

/** `GRAPH_BASE_URL: found "http://…", expected …`, whatever the app knows of it. */
function problemLine(problem: Readonly<Record<string, unknown>>): string {
  const { name, path, source, line, column, found, expected, nearest, message } = texts(problem);
  const place = [source, line, column].filter((part) => part !== undefined).join(':');
  const where = [place, name ?? path].filter((part) => part !== undefined && part !== '').join(' ');
  const what = [
    found === undefined ? undefined : `found ${found}`,
    expected === undefined ? message : `expected ${expected}`,
  ];
  const words = what.filter((part) => part !== undefined).join(', ');
  return `${where}: ${words}${nearest === undefined ? '' : ` (did you mean "${nearest}"?)`}`;
}

function texts(problem: Readonly<Record<string, unknown>>): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(problem)
      .filter(([, value]) => typeof value === 'string' || typeof value === 'number')
      .map(([key, value]) => [key, String(value)]),
  );
}

interface Meaning {
  readonly exit: ExitCode;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

function withoutWords(call: string, status: number): Refusal {
  const { exit, code, message, hint } = meaningOf(call, status);
  return new Refusal(exit, code, message, { hints: [hint] });
}

function meaningOf(call: string, status: number): Meaning {
  if (status === 401) {
    const hint = 'Set ENTRA_SYNC_KEY (or --key) to a key of the function or of the app: in the portal under App keys.';
    return { exit: EXIT.access, code: 'key-refused', message: 'The app refuses the function key.', hint };
  }
  if (status === 403) {
    const hint = 'Look at the access restrictions and the authentication of the function app.';
    return { exit: EXIT.access, code: 'forbidden', message: 'Something before the app refuses this caller.', hint };
  }
  if (status === 404) {
    const hint = 'It may be older than this command line, or the address is not that of the API: it ends with /api.';
    return { exit: EXIT.usage, code: 'call-unknown', message: `The app does not know ${call}.`, hint };
  }
  if (status >= 300 && status < 400) {
    const hint = 'Check the address. Redirects are not followed, since the function key would go with them.';
    return { exit: EXIT.usage, code: 'redirected', message: `${call} was redirected elsewhere.`, hint };
  }
  const message = `${call} was answered with ${status}, without a word.`;
  if (status === 429 || status >= 500) {
    const hint = 'The app is starting, overloaded or stopped. Try again in a minute.';
    return { exit: EXIT.neighbourDown, code: 'app-unavailable', message, hint };
  }
  return { exit: EXIT.unexpected, code: 'unexpected', message, hint: 'Check the address of the app.' };
}

function readProblem(text: string): Problem | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isProblem = typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string';
    return isProblem ? (value as Problem) : undefined;
  } catch {
    // Not ours: a page of a gateway, or no body at all.
    return undefined;
  }
}
