import type { TimerHandler } from '@azure/functions';
import { hostSafe, logError } from './error-report.ts';
import { createEventLog } from './event-log.ts';
import type { Services } from './services.ts';

/** The timer's tick: starts what is due and wakes what is stuck. A failed tick shows as a failed invocation; the next one is the retry. */
export function createScheduleSync(services: Services): TimerHandler {
  return async (_timer, context) => {
    const log = createEventLog(context);
    try {
      await services.useCases.tick(await services.engine(log));
    } catch (error) {
      logError(log, 'tick.failed', error);
      throw hostSafe(error);
    } finally {
      services.tellTraffic(log);
    }
  };
}
