import type { Status } from '../api/answers.ts';
import { EXIT } from '../exit-codes.ts';
import type { Look } from '../screen/look.ts';
import { timeText } from '../screen/times.ts';
import { counted } from '../screen/words.ts';
import { fine } from './check.ts';
import type { Check } from './check.ts';
import { ALERTS_SECTION } from './cures.ts';

/** Time to have a new secret approved and put into the vault: the app's own alert begins then, too. */
const SOON_DAYS = 30;

/** Every claim on a number is stored under it: another value would lose them all. */
const PSEUDONYM_KEY = 'pseudonym-key';
const KEEP_VALUE = 'Give it a later date and keep its value: this key is not rotated.';

/** What the status says that needs somebody soon, or now: credentials, the schedule, alerts. */
export function checkStanding(status: Status, look: Look): readonly Check[] {
  return [...credentialChecks(status, look), scheduleCheck(status), ...alertChecks(status, look)];
}

function credentialChecks({ credentials }: Status, look: Look): readonly Check[] {
  return credentials.map(({ name, expiresAt, daysLeft }): Check => {
    if (daysLeft > SOON_DAYS) return fine(name, `expires in ${counted(daysLeft, 'day')}`);
    const words = daysLeft < 0 ? `expired ${timeText(expiresAt, look)}` : `expires in ${counted(daysLeft, 'day')}`;
    const cures = [name === PSEUDONYM_KEY ? KEEP_VALUE : 'Rotate it, and give the new version its date.'];
    const isOver = daysLeft < 0;
    return {
      name,
      state: isOver ? 'failed' : 'warning',
      words,
      cures,
      section: 'rotate-secrets',
      exit: isOver ? EXIT.access : EXIT.ok,
    };
  });
}

function scheduleCheck({ paused, schedule }: Status): Check {
  if (!paused) return fine('schedule', schedule.words);
  return {
    name: 'schedule',
    state: 'warning',
    words: 'the sync is paused: nothing starts by itself',
    cures: ['`resume` goes on.'],
    section: 'cancel-pause-resume',
    exit: EXIT.ok,
  };
}

function alertChecks({ alerts }: Status, look: Look): readonly Check[] {
  return alerts.map(({ name, since }) => ({
    name: 'alert',
    state: 'warning',
    words: `${name}, since ${timeText(since, look)}`,
    cures: [],
    section: ALERTS_SECTION,
    exit: EXIT.ok,
  }));
}
