import type { Webhook } from '../api/answers.ts';
import type { Api } from '../api/api.ts';
import { EXIT } from '../exit-codes.ts';
import { attempt, refused } from './check-app.ts';
import { fine } from './check.ts';
import type { Check } from './check.ts';
import { WEBHOOK_SECTION, webhookCure } from './webhook-cures.ts';

const NAME = 'webhook';

/** Whether opt-outs can reach the app; an app without a public address does without, and is told so. */
export async function checkWebhook(api: Api): Promise<readonly Check[]> {
  const { value, refusal } = await attempt(() => api.verifyWebhook());
  if (value !== undefined) return [judged(value)];
  if (refusal!.code === 'configuration-invalid') {
    return [fine(NAME, 'not tried: without PUBLIC_BASE_URL, opt-outs are found in the account alone', 'untried')];
  }
  // An app of an older version does not know the call.
  if (refusal!.code === 'call-unknown') return [];
  return [refused(NAME, refusal!)];
}

function judged({ url, signing, problems }: Webhook): Check {
  if (problems.length === 0) return fine(NAME, `opt-outs come to ${url}, ${signed(signing)}`);
  return {
    name: NAME,
    state: 'warning',
    words: problems.join(', '),
    cures: problems.map(webhookCure),
    section: WEBHOOK_SECTION,
    exit: EXIT.ok,
  };
}

function signed(signing: string): string {
  return signing === 'on' ? 'signed' : 'with the secret alone';
}
