import type { HttpHandler } from '@azure/functions';
import { NeighbourError, SyncError } from '../core/errors.ts';
import { answering } from './problem.ts';
import type { Services } from './services.ts';
import { viewStatus } from './status-view.ts';

/** GET /status. 503 with every problem of an invalid configuration, or with the neighbours' health when ours cannot be read. */
export function createGetStatus(services: Services): HttpHandler {
  return answering(services, 'get-status', async (_request, log) => {
    const neighbours = await services.neighbours(log);
    try {
      const engine = await services.engine(log);
      const status = await services.useCases.readStatus(engine);
      const credentials = (await engine.credentialExpiries?.()) ?? [];
      return { jsonBody: viewStatus(status, { neighbours, credentials }, engine.clock.now()) };
    } catch (error) {
      if (!(error instanceof NeighbourError)) throw error;
      throw new SyncError('neighbour-unavailable', error.message, { neighbour: error.neighbour, neighbours }, error);
    }
  });
}
