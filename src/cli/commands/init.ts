import { describeSchedule } from '../../core/config/schedule.ts';
import type { SyncConfig } from '../../core/config/sync-config.ts';
import type { Command, Context, Report } from '../command.ts';
import { YES_OPTION } from '../confirm.ts';
import { attempt, checkApp } from '../doctor/check-app.ts';
import { checkLines } from '../doctor/check-lines.ts';
import type { Check } from '../doctor/check.ts';
import { EXIT, exitOfRun } from '../exit-codes.ts';
import { draftConfig, readDraft } from '../init/draft-config.ts';
import type { Choices } from '../init/draft-config.ts';
import { askFor, choicesOf, MAP_QUESTIONS, SCHEDULE_QUESTIONS } from '../init/questions.ts';
import { sampleLines, samplePeople } from '../init/sample-people.ts';
import type { Sample } from '../init/sample-people.ts';
import { permitWriting, writeConfig } from '../init/write-config.ts';
import { Refusal } from '../refusal.ts';
import { wrapped } from '../screen/look.ts';
import type { Look } from '../screen/look.ts';
import { timeText } from '../screen/times.ts';
import { DEFAULT_FILE, nextRuns } from './validate.ts';

export const initCommand: Command = {
  name: 'init',
  summary: 'connect, map and schedule: write a first configuration',
  options: [
    { flags: '--file <path>', description: `where to write it (${DEFAULT_FILE})` },
    { flags: '--number <attribute>', description: 'attribute with the mobile number (mobilePhone)' },
    { flags: '--name <attribute>', description: 'attribute with the name (displayName), or none' },
    { flags: '--mail <attribute>', description: 'attribute with the mail address (mail), or none' },
    { flags: '--list <attribute>', description: 'attribute that makes the lists (department), or none' },
    { flags: '--departments <names>', description: 'only these departments, separated by commas' },
    { flags: '--country <code>', description: 'country of numbers without a country code, such as AU' },
    { flags: '--schedule <cron>', description: 'when it runs (0 6 * * *)' },
    { flags: '--time-zone <zone>', description: 'time zone of the schedule (that of this computer)' },
    { flags: '--offline', description: 'write the file without trying anything with the app' },
    { flags: '--reveal', description: 'show values instead of masks in the sample' },
    { flags: '--overwrite', description: 'with --yes: replace a file that is there' },
    YES_OPTION,
  ],
  async run(context) {
    const { given, dialogue, look } = context;
    const file = given.text('file') ?? DEFAULT_FILE;
    const isAsked = !given.flag('yes');
    if (isAsked && !dialogue.isAnswered) throw nobodyToAsk();
    // What can be refused without the app is refused before it is asked.
    const chosen = choicesOf(context, file);
    if (!isAsked) await permitWriting(context, file);
    const connected = given.flag('offline') ? undefined : await connect(context);
    const choices = await choose(context, chosen, file, isAsked);
    const config = configOf(choices, file);
    dialogue.say([...scheduleLines(config, context), ...fileLines(choices, file, look)]);
    if (isAsked) await permitWriting(context, file);
    await writeConfig(file, draftConfig(choices));
    dialogue.say([`${look.paint.green('✔')} ${file} is written.`, '']);
    const tried = connected === undefined ? undefined : await tryOut(context, connected.isConfigured, isAsked);
    return reportOf(context, { file, config, checks: connected?.checks ?? [], tried });
  },
};

async function choose(context: Context, chosen: Choices, file: string, isAsked: boolean): Promise<Choices> {
  if (!isAsked) return chosen;
  const { dialogue, look } = context;
  dialogue.say(['', look.paint.bold('2 Map')]);
  const mapped = await askFor(MAP_QUESTIONS, chosen, context, file);
  dialogue.say(['', look.paint.bold('3 Schedule')]);
  return askFor(SCHEDULE_QUESTIONS, mapped, context, file);
}

/** Every choice was tried when it was made. */
function configOf(choices: Choices, file: string): SyncConfig {
  const reading = readDraft(choices, file);
  if (!reading.ok) throw new Error('A configuration of valid choices is not valid.');
  return reading.config;
}

function fileLines(choices: Choices, file: string, { paint }: Look): readonly string[] {
  const lines = draftConfig(choices).trimEnd().split('\n');
  return ['', paint.bold(file), ...lines.map((line) => `  ${line}`), ''];
}

interface Connected {
  readonly checks: readonly Check[];
  /** The app has a configuration already, and reads no other until it restarts. */
  readonly isConfigured: boolean;
}

/** The app has to be there and take the key; that it has no configuration yet is why we are here. */
async function connect(context: Context): Promise<Connected> {
  const { api, url, dialogue, look } = context;
  dialogue.say([look.paint.bold('1 Connect')]);
  const { checks, status } = await checkApp(api(), url());
  const shown = checks.map((check): Check => (check.name === 'configuration' ? softened(check) : check));
  dialogue.say(checkLines(shown, look));
  const broken = checks.find(({ name, state }) => ['app', 'key'].includes(name) && state === 'failed');
  if (broken === undefined) return { checks, isConfigured: status !== undefined };
  throw new Refusal(broken.exit, 'not-connected', broken.words, {
    hints: [...broken.cures, '--offline writes the file without the app.'],
  });
}

function softened(check: Check): Check {
  return check.state === 'failed' ? { ...check, state: 'warning' } : check;
}

const FORMER_CONFIGURATION =
  'This is by the configuration that the app had before: it reads the new one when it restarts.';

type Tried = { readonly sample: Sample } | { readonly refusal: Refusal };

/** Shows real people, mapped by what the app has read. */
async function tryOut(context: Context, isConfigured: boolean, isAsked: boolean): Promise<Tried> {
  const { dialogue } = context;
  if (isConfigured && isAsked) await dialogue.ask('Restart the app so that it reads the file, then press Enter. ');
  const { value: sample, refusal } = await attempt(() => samplePeople(context));
  if (refusal !== undefined) return { refusal };
  dialogue.say(sampleLines(sample!, context));
  if (isConfigured && !isAsked) dialogue.say(wrapped(FORMER_CONFIGURATION, context.look, 2));
  return { sample: sample! };
}

function scheduleLines(config: SyncConfig, { look, now }: Context): readonly string[] {
  const words = describeSchedule(config.schedule, config.timeZone);
  return [
    '',
    ...wrapped(`Runs ${words}. The next five:`, look, 2),
    ...nextRuns(config, now()).map((at) => `    ${timeText(at, config)}`),
  ];
}

interface Written {
  readonly file: string;
  readonly config: SyncConfig;
  readonly checks: readonly Check[];
  readonly tried: Tried | undefined;
}

function reportOf({ typed, now, look }: Context, { file, config, checks, tried }: Written): Report {
  const next = nextRuns(config, now()).map((at) => new Date(at).toISOString());
  const json = { file, next, checks };
  if (tried !== undefined && 'refusal' in tried) {
    const { exit, code, message, hints } = tried.refusal;
    const lines = [
      `${look.paint.yellow('▲')} The app cannot try it yet: ${message}`,
      ...hints.map((hint) => `  ${hint}`),
    ];
    return { exit, json: { ...json, error: { code, message, hints } }, lines };
  }
  const lines = ['', 'What would a run do?', `  ${typed('plan --full')}`];
  if (tried === undefined) return { exit: EXIT.ok, json, lines };
  // What that plan would hold is for `plan`: the configuration is written, and the app reads it.
  const { run } = tried.sample;
  return { exit: run.state === 'completed' ? EXIT.ok : exitOfRun(run), json: { ...json, sample: tried.sample }, lines };
}

function nobodyToAsk(): Refusal {
  return new Refusal(EXIT.usage, 'usage', 'There is nobody to ask here.', {
    hints: ['Answer by options, and add --yes: what no option says has the value in its description.'],
  });
}
