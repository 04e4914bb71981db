import type { Context } from '../command.ts';
import { problemLines } from '../commands/validate.ts';
import { EXIT } from '../exit-codes.ts';
import { Refusal } from '../refusal.ts';
import { draftConfig, readDraft } from './draft-config.ts';
import type { Choices } from './draft-config.ts';

interface Question {
  /** Of the option that answers it beforehand. */
  readonly option: string;
  readonly words: string;
  readonly standard: string;
  readonly choose: (choices: Choices, answer: string) => Choices;
}

/** What leaves a part of the configuration out. */
const NONE = 'none';

const optional = (answer: string): string | undefined => (answer.toLowerCase() === NONE ? undefined : answer);

export const MAP_QUESTIONS: readonly Question[] = [
  {
    option: 'number',
    words: 'Attribute with the mobile number?',
    standard: 'mobilePhone',
    choose: (choices, number) => ({ ...choices, number }),
  },
  {
    option: 'name',
    words: 'Attribute with the name of the contact?',
    standard: 'displayName',
    choose: (choices, answer) => ({ ...choices, name: optional(answer) }),
  },
  {
    option: 'mail',
    words: 'Attribute with the mail address?',
    standard: 'mail',
    choose: (choices, answer) => ({ ...choices, mail: optional(answer) }),
  },
  {
    option: 'list',
    words: 'Attribute that makes the contact lists?',
    standard: 'department',
    choose: (choices, answer) => ({ ...choices, list: optional(answer) }),
  },
  {
    option: 'departments',
    words: 'Only these departments, separated by commas?',
    standard: NONE,
    choose: (choices, answer) => ({ ...choices, departments: namesIn(optional(answer)) }),
  },
  {
    option: 'country',
    words: 'Country of numbers without a country code, such as AU?',
    standard: NONE,
    choose: (choices, answer) => ({ ...choices, country: optional(answer) }),
  },
];

export const SCHEDULE_QUESTIONS: readonly Question[] = [
  {
    option: 'schedule',
    words: 'When does it run (cron)?',
    standard: '0 6 * * *',
    choose: (choices, schedule) => ({ ...choices, schedule }),
  },
  {
    option: 'time-zone',
    words: 'In which time zone?',
    standard: new Intl.DateTimeFormat().resolvedOptions().timeZone,
    choose: (choices, timeZone) => ({ ...choices, timeZone }),
  },
];

const QUESTIONS = [...MAP_QUESTIONS, ...SCHEDULE_QUESTIONS];

const STANDARD = QUESTIONS.reduce<Partial<Choices>>(
  (choices, { choose, standard }) => choose(choices as Choices, standard),
  {},
) as Choices;

/** The choices that the options make; the standard answer counts for the others. Throws a Refusal for a wrong one. */
export function choicesOf({ given, look }: Pick<Context, 'given' | 'look'>, file: string): Choices {
  const choices = QUESTIONS.reduce((chosen, { option, choose }) => {
    const answer = given.text(option);
    return answer === undefined ? chosen : choose(chosen, answer.trim());
  }, STANDARD);
  const problems = problemsOf(choices, file, look);
  if (problems.length === 0) return choices;
  throw new Refusal(EXIT.usage, 'configuration-invalid', 'These options make no valid configuration.', {
    hints: problems,
  });
}

/** Asks what no option has answered. Each answer is tried with the parser at once, and asked again with its problem. */
export async function askFor(
  questions: readonly Question[],
  before: Choices,
  context: Context,
  file: string,
): Promise<Choices> {
  let choices = before;
  for (const question of questions) {
    if (context.given.text(question.option) !== undefined) continue;
    choices = await answerOf(question, choices, context, file);
  }
  return choices;
}

async function answerOf(question: Question, choices: Choices, context: Context, file: string): Promise<Choices> {
  const { dialogue, look } = context;
  const { words, standard, choose } = question;
  for (;;) {
    const answer = (await dialogue.ask(`  ${words} ${look.paint.dim(`[${standard}]`)} `)).trim();
    const chosen = choose(choices, answer === '' ? standard : answer);
    const problems = problemsOf(chosen, file, look);
    if (problems.length === 0) return chosen;
    dialogue.say(problems);
  }
}

function problemsOf(choices: Choices, file: string, look: Context['look']): readonly string[] {
  const reading = readDraft(choices, file);
  if (reading.ok) return [];
  const lines = draftConfig(choices).split('\n');
  return reading.problems.flatMap((problem) => problemLines(problem, lines[problem.line - 1]!, look));
}

function namesIn(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
