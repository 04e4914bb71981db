import { SyncError } from '../errors.ts';
import { explainField } from '../people/explain-field.ts';
import type { FieldExplanation } from '../people/explain-field.ts';
import { explainLists } from '../people/explain-lists.ts';
import type { ListExplanation } from '../people/explain-lists.ts';
import { explainPhone } from '../people/explain-phone.ts';
import type { PhoneExplanation } from '../people/explain-phone.ts';
import { explainScope } from '../people/explain-scope.ts';
import type { ScopeExplanation } from '../people/explain-scope.ts';
import { listKey } from '../people/list-names.ts';
import type { Person } from '../people/person.ts';
import type { Engine } from './engine.ts';
import { lastChanges } from './explain-history.ts';
import type { PastChange } from './explain-history.ts';
import { explainOptOuts } from './explain-opt-outs.ts';
import type { OptOutExplanation } from './explain-opt-outs.ts';
import { explainMatch, readStanding } from './explain-match.ts';
import type { ContactStanding, MatchExplanation } from './explain-match.ts';
import { rehearse } from './explain-rehearsal.ts';
import type { Rehearsal } from './explain-rehearsal.ts';
import { explainWaiting } from './explain-waiting.ts';
import type { Waiting } from './explain-waiting.ts';
import { countingScope, knownAmong, readNow } from './find-people.ts';
import { memberOf } from './memberships.ts';
import { toRecord } from './read-runs.ts';
import type { RunRecord } from './run-row.ts';

/** Why one person is where they are, from the directory to the next run. Numbers and names as they are. */
export interface PersonExplanation {
  readonly person: Person;
  /** Who knows the person: the directory as it was asked now, and our tables. */
  readonly found: { readonly directory: boolean; readonly stored: boolean };
  readonly scope: ScopeExplanation;
  readonly mapping: readonly FieldExplanation[];
  readonly phone: PhoneExplanation;
  readonly match: MatchExplanation;
  readonly lists: readonly (ListExplanation & { readonly joined: boolean })[];
  /** Absent where there is no contact to ask about. */
  readonly contact?: ContactStanding;
  /** The person's numbers that opted out, as our ledger has it. */
  readonly optOuts: readonly OptOutExplanation[];
  /** Absent where nothing waits. */
  readonly pending?: Waiting;
  readonly lastChanges: readonly PastChange[];
  /** What a run for this person alone would do now. */
  readonly next: RunRecord;
}

/**
 * Explains one person, whoever it is: in scope or not, disabled, deleted, or seen for the first time. Reads only. The
 * directory is asked now, and the next run is rehearsed. Throws `person-not-found` when nobody knows the id.
 */
export async function explainPerson(engine: Engine, personId: string): Promise<PersonExplanation> {
  const read = await readNow(engine, [personId], countingScope());
  const stored = (await knownAmong(engine, [personId])).has(personId);
  const directory = read.found.length > 0;
  if (!directory && !stored) throw personNotFound();
  const rehearsal = await rehearse(engine, personId, read);
  const { member, judged } = rehearsal;
  const { link, pending } = member;
  const match = explainMatch(link, judged.operation, judged.final);
  const { contactId } = match;
  const decisions = explainDecisions(engine, rehearsal);
  const contact =
    contactId === undefined ? undefined : await readStanding(engine.contactBook, contactId, countingScope());
  const numbers = [decisions.phone.e164, link?.phone, ...(contact?.numbers ?? []).map(({ number }) => number)];
  return {
    person: member.person,
    found: { directory, stored },
    ...decisions,
    match,
    ...(contact === undefined ? {} : { contact }),
    optOuts: await explainOptOuts(engine, numbers),
    ...(pending === undefined ? {} : { pending: await explainWaiting(engine, pending) }),
    lastChanges: await lastChanges(engine, personId),
    next: toRecord(judged),
  };
}

export function personNotFound(contactIds: readonly string[] = []): SyncError {
  const detail = contactIds.length === 0 ? '' : ' A contact has the number, but nobody knows whose it is.';
  const extras = contactIds.length === 0 ? {} : { contactIds };
  return new SyncError('person-not-found', `Neither the directory nor this sync knows this person.${detail}`, extras);
}

function explainDecisions(
  { config, digest }: Engine,
  { run, member }: Rehearsal,
): Pick<PersonExplanation, 'scope' | 'mapping' | 'phone' | 'lists'> {
  const { person, groups = [], link } = member;
  const context = { now: run.createdAt, isMember: memberOf(groups, config), digest };
  return {
    scope: explainScope(person, config, context),
    mapping: config.mapping.map((rule) => explainField(rule, person, config, context)),
    phone: explainPhone(person, config, context),
    lists: explainLists(person, config, context).map((list) => ({
      ...list,
      joined: link?.lists[listKey(list.name)] !== undefined,
    })),
  };
}
