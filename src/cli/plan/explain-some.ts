import type { Api } from '../api/api.ts';
import type { Explanation, PersonRecord } from '../api/answers.ts';
import { Refusal } from '../refusal.ts';

/** Enough to see what people have in common, and still over in a second or two. */
const LOOKED_AT = 40;
const AT_ONCE = 4;

/** What the app knows of some of these people, by id. Nothing from an app that cannot explain anybody yet. */
export async function explainSome(
  api: Api,
  records: readonly PersonRecord[],
): Promise<ReadonlyMap<string, Explanation>> {
  const explained = new Map<string, Explanation>();
  const ids = evenly(records.map(({ personId }) => personId));
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const some = await Promise.all(ids.slice(at, at + AT_ONCE).map((id) => explainOrNot(api, id)));
    if (some.includes('unsupported')) return explained;
    for (const one of some) {
      if (typeof one === 'object') explained.set(one.person.id, one);
    }
  }
  return explained;
}

/** The plan stands without it: whoever cannot be explained just now is left out. */
async function explainOrNot(api: Api, id: string): Promise<Explanation | 'unsupported' | undefined> {
  try {
    return await api.explain(id);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.code === 'call-unknown' ? 'unsupported' : undefined;
  }
}

/** From beginning to end of the plan, since it is in the order of departments. */
function evenly(ids: readonly string[]): readonly string[] {
  if (ids.length <= LOOKED_AT) return ids;
  return Array.from({ length: LOOKED_AT }, (_, at) => ids[Math.floor((at * ids.length) / LOOKED_AT)]!);
}
