import type { Command, Context, Report } from '../command.ts';
import { checkApp } from '../doctor/check-app.ts';
import { checkLines } from '../doctor/check-lines.ts';
import { checkOnePerson } from '../doctor/check-person.ts';
import { checkStanding } from '../doctor/check-standing.ts';
import { checkWebhook } from '../doctor/check-webhook.ts';
import type { Check } from '../doctor/check.ts';
import { EXIT } from '../exit-codes.ts';
import { counted } from '../screen/words.ts';

/** Neighbours without whom nobody can be read. */
const DIRECTORY: readonly string[] = ['entra', 'graph'];

export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'try every neighbour and permission by a real call, and say what to do',
  run: async (context) => reportOf(await diagnose(context), context),
};

/** Everything that can be tried from here, in the order in which it has to work. */
async function diagnose(context: Context): Promise<readonly Check[]> {
  const { api, url, dialogue } = context;
  dialogue.progress('asks the app and its neighbours');
  const { checks, status } = await checkApp(api(), url());
  dialogue.progress('');
  if (status === undefined) return checks;
  const canAsk = status.neighbours.every(({ neighbour, ok }) => ok || neighbour !== 'messagemedia');
  const canRead = status.neighbours.every(({ neighbour, ok }) => ok || !DIRECTORY.includes(neighbour));
  return [
    ...checks,
    ...checkStanding(status, context.look),
    ...(canAsk ? await checkWebhook(api()) : []),
    ...(canRead ? [await checkOnePerson(context)] : []),
  ];
}

function reportOf(checks: readonly Check[], { look }: Context): Report {
  const failed = checks.filter(({ state }) => state === 'failed');
  const warnings = checks.filter(({ state }) => state === 'warning').length;
  const lines = checkLines(checks, look);
  const verdict =
    failed.length > 0
      ? `${look.paint.red('✖')} ${counted(failed.length, 'check')} failed.`
      : `${look.paint.green('✔')} All is well${warnings > 0 ? `, but look at ${counted(warnings, 'warning')}` : ''}.`;
  return {
    exit: failed[0]?.exit ?? EXIT.ok,
    json: { ok: failed.length === 0, checks },
    lines: [...lines, '', verdict],
  };
}
