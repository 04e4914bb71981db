import type { Command, OptionSpec } from './command.ts';
import { adoptCommand } from './commands/adopt.ts';
import { approveCommand, rejectCommand } from './commands/decide.ts';
import { doctorCommand } from './commands/doctor.ts';
import { explainCommand } from './commands/explain.ts';
import { initCommand } from './commands/init.ts';
import { planCommand } from './commands/plan.ts';
import { recordsCommand } from './commands/records.ts';
import { runCommand } from './commands/run.ts';
import { statusCommand } from './commands/status.ts';
import { cancelCommand, eraseCommand, pauseCommand, resumeCommand } from './commands/steer.ts';
import { validateCommand } from './commands/validate.ts';
import { webhookCommand } from './commands/webhook.ts';
import { LOCAL_URL } from './connection.ts';

/** Every command, in the order of the help: first steps, every day, approvals, now and then. */
export const COMMANDS: readonly Command[] = [
  initCommand,
  validateCommand,
  doctorCommand,
  planCommand,
  runCommand,
  statusCommand,
  recordsCommand,
  explainCommand,
  approveCommand,
  rejectCommand,
  cancelCommand,
  pauseCommand,
  resumeCommand,
  adoptCommand,
  eraseCommand,
  webhookCommand,
];

/** Options that every command has. */
export const GLOBAL_OPTIONS: readonly OptionSpec[] = [
  { flags: '--url <url>', description: `address of the app, or ENTRA_SYNC_URL (${LOCAL_URL})` },
  {
    flags: '--key <key>',
    description: 'function key; better ENTRA_SYNC_KEY, which other users of the computer do not see',
  },
  { flags: '--json', description: 'one JSON value and nothing else' },
  { flags: '--no-color', description: 'no colours' },
];
