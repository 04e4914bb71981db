import { flowOf } from '../config/sync-config.ts';
import { traitsOfPerson } from '../people/likeness.ts';
import { accountContacts } from './account-read.ts';
import type { AccountContact } from './account-read.ts';
import type { Engine } from './engine.ts';
import { findPart, insertPart } from './parts.ts';
import { readBatch } from './read-outcomes.ts';
import type { JudgedOperation } from './read-outcomes.ts';
import { scanPeople } from './person-rows.ts';
import { readsEverybody } from './run-row.ts';
import type { RunRecord, RunRow } from './run-row.ts';
import { ordinal } from './run-rows.ts';
import type { RunWork } from './run-work.ts';

export const ADOPTION_KINDS = ['linkable', 'ambiguous', 'unmanaged', 'orphaned', 'unmatched'] as const;
export type AdoptionKind = (typeof ADOPTION_KINDS)[number];

/** What a run that read the whole account says of it; `linkable` and `ambiguous` count people, the others contacts. */
export type AdoptionCounts = Readonly<Record<'contacts' | 'managed' | Exclude<AdoptionKind, 'unmatched'>, number>> & {
  /** Where contacts are only read: those that nobody in the directory matches. */
  readonly unmatched?: number;
};

/** A contact that is nobody's. */
interface Leftover {
  readonly contactId: string;
  readonly kind: Extract<AdoptionKind, 'unmanaged' | 'orphaned' | 'unmatched'>;
  readonly marker?: string;
  /** People who have a name, a mail or a number in common with it. */
  readonly likely?: readonly string[];
}
export interface LeftoverPart {
  readonly contacts: readonly Leftover[];
}

/** A number that is everybody's says nothing about anybody. */
const MOST_LIKELY = 10;
/** A cursor counts positions in three digits. */
const LEFTOVERS_A_ROW = 500;

const leftoverKey = (index: number): string => `adoption-${ordinal(index)}`;

/** What the plan makes of a person as far as an account is matched; undefined when it is about no contact that was there. */
export function adoptionOf({
  operation,
  final,
}: JudgedOperation): Extract<AdoptionKind, 'linkable' | 'ambiguous'> | undefined {
  if ((final?.reason ?? operation.reason) === 'contact-conflict') return 'ambiguous';
  const isFound = operation.kind === 'adopt' || operation.unnoted !== undefined;
  return isFound && final?.outcome !== 'skipped' ? 'linkable' : undefined;
}

interface Tally {
  linkable: number;
  ambiguous: number;
  /** Ids of contacts that people of the plan get, or that stand between them. */
  readonly wanted: Set<string>;
  readonly disputed: Set<string>;
  /** Ids of everybody whom this sync knows. */
  readonly known: Set<string>;
}

async function tallyPlan({ engine, run }: RunWork): Promise<Tally> {
  const tally: Tally = { linkable: 0, ambiguous: 0, wanted: new Set(), disputed: new Set(), known: new Set() };
  for (let index = 0; index < run().batchCount; index += 1) {
    const batch = await readBatch(engine, run(), index);
    for (const judged of batch?.operations ?? []) {
      const { personId, contactId, contactIds = [], unnoted } = judged.operation;
      tally.known.add(personId);
      const kind = adoptionOf(judged);
      if (kind !== undefined) tally[kind] += 1;
      if (kind === 'linkable') tally.wanted.add((unnoted?.contactId ?? contactId)!);
      if (kind === 'ambiguous') for (const id of contactIds) tally.disputed.add(id);
    }
  }
  return tally;
}

async function idsOf({ tables, config }: Engine, prefix: 'person:' | 'contact:'): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for await (const rows of tables.people.scan(config.name, prefix, { facetsOnly: true })) {
    for (const { key } of rows) ids.add(key.slice(prefix.length));
  }
  return ids;
}

/** Whether a run says what became of every contact: when an account is matched, and where contacts are only read. */
function reportsContacts(run: RunRow): boolean {
  return run.adopt === true || (flowOf(run.config) === 'pull' && readsEverybody(run));
}

/** Counts what the account holds, and stores the contacts that are nobody's as parts of the run. Undefined for other runs. */
export async function reportAdoption(work: RunWork): Promise<AdoptionCounts | undefined> {
  const { engine, run } = work;
  if (!reportsContacts(run())) return undefined;
  const isPull = flowOf(run().config) === 'pull';
  const { linkable, ambiguous, wanted, disputed, known } = await tallyPlan(work);
  const [claimed, people] = [await idsOf(engine, 'contact:'), await idsOf(engine, 'person:')];
  const leftovers: Leftover[] = [];
  let contacts = 0;
  let managed = 0;
  const others: AccountContact[] = [];
  for await (const contact of accountContacts(engine, run().runId)) {
    const { id: contactId, marker } = contact;
    contacts += 1;
    if (wanted.has(contactId)) continue;
    if (claimed.has(contactId)) managed += 1;
    else if (isPull) others.push(contact);
    else if (!disputed.has(contactId)) {
      const isOrphaned = marker !== undefined && !known.has(marker) && !people.has(marker);
      leftovers.push({ contactId, kind: isOrphaned ? 'orphaned' : 'unmanaged', ...(isOrphaned ? { marker } : {}) });
    }
  }
  leftovers.push(...(await unmatched(work, others)));
  await storeLeftovers(work, leftovers);
  if (isPull) {
    const counts = { contacts, managed, linkable, ambiguous, unmanaged: 0, orphaned: 0 };
    return { ...counts, unmatched: leftovers.length };
  }
  const orphaned = leftovers.filter(({ kind }) => kind === 'orphaned').length;
  return { contacts, managed, linkable, ambiguous, unmanaged: leftovers.length - orphaned, orphaned };
}

/** Contacts that nobody matches, with the people whom they may be meant for. */
async function unmatched({ engine }: RunWork, contacts: readonly AccountContact[]): Promise<readonly Leftover[]> {
  const owners = new Map<string, string[]>(contacts.flatMap(({ traits = [] }) => traits.map((trait) => [trait, []])));
  if (owners.size > 0) {
    for (const [id, { person }] of await scanPeople(engine)) {
      for (const trait of traitsOfPerson(person.attributes, engine.config)) {
        owners.get(engine.digest.pseudonym(trait))?.push(id);
      }
    }
  }
  return contacts.map(({ id: contactId, marker, traits = [] }): Leftover => {
    const likely = [...new Set(traits.flatMap((trait) => owners.get(trait) ?? []))].slice(0, MOST_LIKELY);
    return {
      contactId,
      kind: 'unmatched',
      ...(marker === undefined ? {} : { marker }),
      ...(likely.length === 0 ? {} : { likely }),
    };
  });
}

async function storeLeftovers({ engine, run, guard }: RunWork, leftovers: readonly Leftover[]): Promise<void> {
  for (let at = 0, index = 0; at < leftovers.length; at += LEFTOVERS_A_ROW, index += 1) {
    const body: LeftoverPart = { contacts: leftovers.slice(at, at + LEFTOVERS_A_ROW) };
    await guard.ensure();
    await insertPart(engine, run().runId, { key: leftoverKey(index), body });
  }
}

const WORDS: Readonly<Record<Leftover['kind'], string>> = {
  unmanaged: 'A contact that nobody in scope wants. It is not touched.',
  orphaned: 'A contact that carries the id of somebody whom this sync does not know. It is not touched.',
  unmatched: 'A contact that nobody in the directory matches. It is not touched.',
};

/** Records of the contacts that are nobody's, a row of them at a time; undefined after the last one. */
export async function leftoverRecords(
  engine: Engine,
  runId: string,
  index: number,
): Promise<readonly RunRecord[] | undefined> {
  const part = await findPart<LeftoverPart>(engine, runId, leftoverKey(index));
  return part?.contacts.map(({ contactId, kind, marker = '', likely }) => ({
    personId: marker,
    department: '',
    operation: 'none',
    outcome: 'unchanged',
    words: WORDS[kind],
    fields: [],
    lists: { add: [], remove: [] },
    contactIds: [contactId],
    adoption: kind,
    ...(likely === undefined ? {} : { likely }),
  }));
}
