import type { InvocationContext } from '@azure/functions';
import { EVENTS, levelOf } from '../core/events.ts';
import type { LogLevel } from '../core/events.ts';
import type { Log } from '../core/ports.ts';

const MAX_VALUE_CHARACTERS = 200;
const MAIL = /[^\s@"'<>]+@[^\s@"'<>]+/g;
const E164_NUMBER = /\+\d{6,15}/g;

/**
 * Writes each event as one JSON line through the invocation's own log: the host drops lines that belong to no invocation.
 * Fields that the catalogue does not give the event are listed in `droppedFields`, their values are lost.
 */
export function createEventLog(context: InvocationContext): Log {
  return {
    event(name, fields) {
      const level = levelOf(name, fields);
      const { shape } = EVENTS[name].fields;
      const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
      const allowed = entries.filter(([field]) => field in shape).map(([field, value]) => [field, safeValue(value)]);
      const dropped = entries.filter(([field]) => !(field in shape)).map(([field]) => field);
      const line = JSON.stringify({
        event: name,
        level,
        ...Object.fromEntries(allowed),
        ...(dropped.length > 0 && { droppedFields: dropped.join(',') }),
      });
      write(context, level, line);
    },
  };
}

/** Never more than 200 characters, and no mail address or E.164 number even where somebody else's words carry one. */
function safeValue(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return value.replace(MAIL, '(address)').replace(E164_NUMBER, '(number)').slice(0, MAX_VALUE_CHARACTERS);
}

function write(context: InvocationContext, level: LogLevel, line: string): void {
  if (level === 'error') context.error(line);
  else if (level === 'warn') context.warn(line);
  else if (level === 'debug') context.debug(line);
  else context.info(line);
}
