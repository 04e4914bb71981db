import type { Command } from '../command.ts';
import { confirm, YES_OPTION } from '../confirm.ts';
import { EXIT } from '../exit-codes.ts';
import { isActive } from '../follow-run.ts';
import { wrapped } from '../screen/look.ts';
import { timeText } from '../screen/times.ts';
import { counted } from '../screen/words.ts';

export const cancelCommand: Command = {
  name: 'cancel',
  arguments: [{ name: '<run>', description: 'id of the run' }],
  summary: 'end a run early; what was applied is kept',
  async run({ api, given, look, typed }) {
    const runId = given.argument(0)!;
    const accepted = await api().cancel(runId);
    const words = isActive(accepted)
      ? `Run ${runId} ends within a batch.`
      : `Run ${runId} has ended already: it is ${accepted.state}.`;
    return {
      exit: EXIT.ok,
      json: accepted,
      lines: [`${look.paint.green('✔')} ${words}`, `  Follow it:  ${typed(`status ${runId} --watch`)}`],
    };
  },
};

export const pauseCommand: Command = {
  name: 'pause',
  summary: 'start nothing by itself any more, and end the run under way',
  async run({ api, look, typed }) {
    const pause = await api().pause();
    const since = pause.since === undefined ? '' : ` since ${timeText(pause.since, look)}`;
    return {
      exit: EXIT.ok,
      json: pause,
      lines: [
        `${look.paint.green('✔')} Paused${since}. What you start by hand still runs.`,
        `  Go on:  ${typed('resume')}`,
      ],
    };
  },
};

export const resumeCommand: Command = {
  name: 'resume',
  summary: 'go on after a pause; what became due meanwhile gives one run',
  async run({ api, look }) {
    const pause = await api().resume();
    return { exit: EXIT.ok, json: pause, lines: [`${look.paint.green('✔')} The schedule goes on.`] };
  },
};

const ERASE_WORDS =
  'The contact in MessageMedia stays, and so does the evidence of an opt-out. Somebody who is still in scope comes back with the next full run.';

export const eraseCommand: Command = {
  name: 'erase',
  arguments: [{ name: '<object-id>', description: 'object id of the person in the directory' }],
  summary: 'forget a person in the tables of the app',
  options: [YES_OPTION],
  async run(context) {
    const { api, given, dialogue, look } = context;
    const personId = given.argument(0)!;
    dialogue.say(wrapped(`Everything that the app has stored of ${personId} is deleted. ${ERASE_WORDS}`, look, 0));
    await confirm(context, 'Erase this person?');
    const erasure = await api().erase(personId);
    const kept = erasure.kept.length === 0 ? '' : ` Kept: ${erasure.kept.join(', ')}.`;
    return {
      exit: EXIT.ok,
      json: erasure,
      lines: [`${look.paint.green('✔')} Erased: ${counted(erasure.rows, 'row')}.${kept}`],
    };
  },
};
