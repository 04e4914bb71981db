import type { Explanation } from '../api/answers.ts';
import type { Api, Lookup } from '../api/api.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { Refusal } from '../refusal.ts';
import { explanationLines } from '../screen/explanation-lines.ts';

export const explainCommand: Command = {
  name: 'explain',
  arguments: [{ name: '<who>', description: 'object id, user principal name or number of a person' }],
  summary: 'say why somebody is, or is not, on a list',
  options: [{ flags: '--reveal', description: 'show values instead of masks' }],
  async run({ api, given, look }) {
    const explanation = await explanationOf(api(), given.argument(0)!.trim(), given.flag('reveal'));
    return { exit: EXIT.ok, json: explanation, lines: explanationLines(explanation, look) };
  },
};

async function explanationOf(api: Api, who: string, reveal: boolean): Promise<Explanation> {
  const lookup = lookupOf(who);
  return lookup === undefined ? api.explain(who, reveal) : api.lookUp(lookup, reveal);
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** How somebody is asked for who is not named by an id: in the body of a call, since addresses are logged. */
function lookupOf(who: string): Lookup | undefined {
  if (GUID.test(who)) return undefined;
  if (who.includes('@')) return { upn: who };
  if (/^\+?[\d\s()./-]{5,}$/.test(who)) return { number: who };
  if (/^[\w-]{1,200}$/.test(who)) return undefined;
  throw new Refusal(EXIT.usage, 'usage', 'This is no object id, user principal name or number.', {
    hints: ['A number has its country code: +61 …'],
  });
}
