import type { HttpHandler } from '@azure/functions';
import type { Pause } from '../core/run/pause-sync.ts';
import { NoFieldsBody } from './request-schemas.ts';
import type { PauseView } from './api-schemas.ts';
import { parseBody } from './parse-request.ts';
import { answering } from './problem.ts';
import { isoTime } from './run-view.ts';
import type { Services } from './services.ts';

/** POST /pause: nothing starts by itself until it is resumed. */
export function createPauseSync(services: Services): HttpHandler {
  return answering(services, 'pause-sync', async (request, log) => {
    await parseBody(request, NoFieldsBody);
    return { jsonBody: viewPause(await services.useCases.pauseSync(await services.engine(log))) };
  });
}

/** POST /resume: the timer starts runs again. */
export function createResumeSync(services: Services): HttpHandler {
  return answering(services, 'resume-sync', async (request, log) => {
    await parseBody(request, NoFieldsBody);
    return { jsonBody: viewPause(await services.useCases.resumeSync(await services.engine(log))) };
  });
}

function viewPause({ paused, since }: Pause): PauseView {
  return { paused, ...(since !== undefined && { since: isoTime(since) }) };
}
