import type { Context } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { Refusal } from './refusal.ts';

/** The option of every command that asks before it acts. */
export const YES_OPTION = { flags: '--yes', description: 'do it without asking; needed where nobody can be asked' };

/** Asks before something that cannot be taken back. Throws when the answer is no, or when nobody is there to give one. */
export async function confirm({ given, dialogue }: Context, question: string): Promise<void> {
  if (given.flag('yes')) return;
  if (!dialogue.isAnswered) {
    throw new Refusal(EXIT.usage, 'not-confirmed', 'Nothing was done: there is nobody to ask.', {
      hints: ['Look at what is shown, then add --yes.'],
    });
  }
  const answer = await dialogue.ask(`${question} [y/N] `);
  if (/^y(es)?$/i.test(answer.trim())) return;
  throw new Refusal(EXIT.usage, 'not-confirmed', 'Nothing was done.');
}
