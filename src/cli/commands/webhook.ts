import type { Webhook } from '../api/answers.ts';
import type { Command, Context, Report } from '../command.ts';
import { WEBHOOK_SECTION, webhookCure } from '../doctor/webhook-cures.ts';
import { EXIT } from '../exit-codes.ts';
import { Refusal } from '../refusal.ts';

/** It works, but should be looked at. */
const WARNINGS: readonly string[] = ['weak-key'];

export const webhookCommand: Command = {
  name: 'webhook',
  arguments: [
    { name: '<what>', description: '`install`: set it up at MessageMedia; `verify`: look whether it stands' },
  ],
  summary: 'have MessageMedia tell the app of opt-outs',
  options: [
    { flags: '--replace-key', description: 'replace a signing key that this app does not know' },
    { flags: '--public-key <base64>', description: 'public half of the signing key that is enabled already' },
  ],
  async run(context) {
    const { api, given } = context;
    const what = given.argument(0)!;
    if (what === 'verify') return reportOf(await api().verifyWebhook(), context);
    if (what !== 'install') throw unknown(what);
    const publicKey = given.text('public-key');
    const replaceKey = given.flag('replace-key');
    const asked = { replaceKey, ...(publicKey === undefined ? {} : { publicKey }) };
    return reportOf(await api().installWebhook(asked), context);
  },
};

function unknown(what: string): Refusal {
  return new Refusal(EXIT.usage, 'usage', `There is no "webhook ${what}".`, { hints: ['`install` or `verify`'] });
}

function reportOf(webhook: Webhook, { look }: Context): Report {
  const { url, signing, problems } = webhook;
  const isWorking = problems.every((problem) => WARNINGS.includes(problem));
  const mark = isWorking ? look.paint.green('✔') : look.paint.red('✖');
  return {
    exit: isWorking ? EXIT.ok : EXIT.usage,
    json: webhook,
    lines: [
      `${mark} ${isWorking ? 'MessageMedia tells the app of opt-outs' : 'Opt-outs do not reach the app'}: ${url}`,
      `  ${signingWords(webhook)}`,
      ...problems.flatMap((problem) => [`${look.paint.yellow('▲')} ${problem}`, `  → ${webhookCure(problem)}`]),
      ...(problems.length === 0 ? [] : [look.paint.dim(`docs/operations.md#${WEBHOOK_SECTION}`)]),
    ],
  };

  function signingWords({ keyBits }: Webhook): string {
    if (signing === 'not-available') return 'Not signed: this account does not have the option. The secret decides.';
    if (signing === 'off') return 'Not signed: no signing key is enabled.';
    return keyBits === undefined ? 'Signed with a key that this app does not know.' : `Signed, ${keyBits} bits.`;
  }
}
