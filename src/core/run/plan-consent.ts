import { readAttribute } from '../config/attributes.ts';
import { isMasteredElsewhere } from '../config/writable-attributes.ts';
import type { Person } from '../people/person.ts';
import { textOf } from '../people/text.ts';
import { createContactFor, skipPerson } from '../plan/diff-person.ts';
import { OPT_OUT_FIELD } from '../plan/operation.ts';
import type { Draft, FieldChange } from '../plan/operation.ts';
import type { Surroundings, Wish } from './look-around.ts';
import type { RunRow } from './run-row.ts';

/** What the directory says of people whose number opted out. */
const OPTED_OUT = 'opted-out';

/** The contact of somebody new: none, where the configuration wants none for a number that opted out. */
export function createFor(
  { config }: RunRow,
  { wanted, invalid }: Wish,
  { consents }: Surroundings,
): ReturnType<typeof createContactFor> {
  if (config.optedOut === 'skip' && consents.has(wanted.phoneKey)) {
    return skipPerson('opted-out', { phoneKey: wanted.phoneKey });
  }
  return createContactFor(wanted, invalid);
}

/** Whoever gets a number that opted out gets it unsubscribed, and the directory is told where the configuration names an attribute. */
export function withConsent(run: RunRow, wish: Wish, { consents }: Surroundings, draft: Draft): Draft {
  const { member, wanted } = wish;
  if (!consents.has(wanted.phoneKey)) return draft;
  const optedOut: Draft = { ...draft, optedOut: true };
  const path = run.config.optOutAttribute;
  if (path === undefined || draft.kind === 'skip' || saysSo(member.person, path)) return optedOut;
  // Told once there is a contact: what is written with a new one would be lost with its answer.
  if (member.link === undefined) return { ...optedOut, echoUntil: run.createdAt };
  return { ...optedOut, ...tellDirectory(member.person, path, draft) };
}

function tellDirectory({ attributes }: Person, path: string, draft: Draft): Partial<Draft> {
  const before = readAttribute(attributes, path) ?? undefined;
  if (isMasteredElsewhere(path, attributes)) return { elsewhere: [...(draft.elsewhere ?? []), OPT_OUT_FIELD] };
  const change: FieldChange = {
    field: OPT_OUT_FIELD,
    ...(before === undefined ? {} : { before: textOf(before) }),
    after: OPTED_OUT,
    to: 'directory',
  };
  return {
    ...(draft.kind === 'none' ? { kind: 'pull' as const } : {}),
    fields: [...draft.fields, change],
    writes: [...(draft.writes ?? []), { path, value: OPTED_OUT, fields: [OPT_OUT_FIELD] }],
  };
}

/** Only users are written; and nothing is written twice. */
function saysSo({ kind = 'user', attributes }: Person, path: string): boolean {
  return kind !== 'user' || readAttribute(attributes, path) === OPTED_OUT;
}
