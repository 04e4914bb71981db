import type { HttpHandler } from '@azure/functions';
import type { WebhookStanding } from '../core/run/install-webhook.ts';
import type { WebhookView } from './api-schemas.ts';
import { parseBody } from './parse-request.ts';
import { answering } from './problem.ts';
import { WebhookBody } from './request-schemas.ts';
import type { Services } from './services.ts';

/** POST /webhook: sets the webhook for opt-outs up at MessageMedia. Repeating it changes nothing more. */
export function createInstallWebhook(services: Services): HttpHandler {
  return answering(services, 'install-webhook', async (request, log) => {
    const { publicKey, replaceKey } = await parseBody(request, WebhookBody);
    const asked = { replaceKey, ...(publicKey === undefined ? {} : { publicKey }) };
    return answerOf(await services.useCases.installWebhook(await services.engine(log), asked));
  });
}

/** GET /webhook: whether the webhook stands as it should. Changes nothing. */
export function createVerifyWebhook(services: Services): HttpHandler {
  return answering(services, 'verify-webhook', async (_request, log) =>
    answerOf(await services.useCases.verifyWebhook(await services.engine(log))),
  );
}

function answerOf({ problems, ...standing }: WebhookStanding) {
  return { jsonBody: { ...standing, problems: [...problems] } satisfies WebhookView };
}
