import { EVENTS, levelOf } from '../../src/core/events.ts';
import type { EventName, LogLevel } from '../../src/core/events.ts';
import type { Log } from '../../src/core/ports.ts';

export interface LoggedEvent {
  readonly name: EventName;
  readonly level: LogLevel;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A log that takes nothing but what the catalogue says: whoever logs a wrong event fails. */
export function checkedLog(record: (event: LoggedEvent) => void = () => undefined): Log {
  return {
    event(name, fields) {
      const { success, error } = EVENTS[name].fields.safeParse(fields);
      if (!success) throw new Error(`The event ${name} is not as the catalogue has it: ${error.message}`);
      record({ name, level: levelOf(name, fields), fields });
    },
  };
}
