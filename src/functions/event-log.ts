import type { InvocationContext } from '@azure/functions';
import type { Log, LogLevel } from '../core/ports.ts';

const WHICH_WORK = names(
  'function correlationId messageId dequeueCount queue runId activeRunId generation mode trigger dryRun state change phase',
  'wave waves lane lanes cursor batch batches batchCount chain page pages attempt attempts slot due',
);
const HOW_MANY = names(
  'read inScope created adopted updated moved removed restored pulled unchanged skipped held rejected failed',
  'superseded pending people entries operations rows messages count limit graphCalls messagemediaCalls purged',
);
const HOW_LONG = names('durationMs waitMs delayMs retryAfterMs latencyMs ageMs until next concurrency');
const WHOM = names('personId contactId listId fieldId operation outcome reason cause rule rules planHash fingerprint');
const WHAT_FAILED = names(
  'code error message at retryable audience neighbour failure access status requestId neighbourCode secret',
  'setting source path line column found expected nearest',
);

/**
 * The only fields that may stand in a log: ids, codes, counts, times and words of our own.
 * A name that is not here is left out, so that a new field is a decision and never an accident.
 */
const LOG_FIELDS: ReadonlySet<string> = new Set([WHICH_WORK, HOW_MANY, HOW_LONG, WHOM, WHAT_FAILED].flat());

const MAX_VALUE_CHARACTERS = 200;
const MAIL = /[^\s@"'<>]+@[^\s@"'<>]+/g;
const E164_NUMBER = /\+\d{6,15}/g;

type FieldValue = string | number | boolean;

/**
 * Writes each event as one JSON line through the invocation's own log: the host drops lines that belong to no invocation.
 * Names outside LOG_FIELDS are listed in `droppedFields`, their values are lost.
 */
export function createEventLog(context: InvocationContext): Log {
  return {
    event(level, event, fields = {}) {
      const entries = Object.entries(fields).filter((entry): entry is [string, FieldValue] => entry[1] !== undefined);
      const allowed = entries.filter(([name]) => LOG_FIELDS.has(name)).map(([name, value]) => [name, safeValue(value)]);
      const dropped = entries.filter(([name]) => !LOG_FIELDS.has(name)).map(([name]) => name);
      const line = JSON.stringify({
        event,
        level,
        ...Object.fromEntries(allowed),
        ...(dropped.length > 0 && { droppedFields: dropped.join(',') }),
      });
      write(context, level, line);
    },
  };
}

/** Never more than 200 characters, and no mail address or E.164 number even where somebody else's words carry one. */
function safeValue(value: FieldValue): FieldValue {
  if (typeof value !== 'string') return value;
  return value.replace(MAIL, '(address)').replace(E164_NUMBER, '(number)').slice(0, MAX_VALUE_CHARACTERS);
}

function write(context: InvocationContext, level: LogLevel, line: string): void {
  if (level === 'error') context.error(line);
  else if (level === 'warn') context.warn(line);
  else if (level === 'debug') context.debug(line);
  else context.info(line);
}

function names(...lines: readonly string[]): string[] {
  return lines.flatMap((line) => line.split(' '));
}
