import { graceUntil } from '../plan/grace.ts';
import { judgeStanding } from '../plan/judge-standing.ts';
import type { Standing } from '../plan/judge-standing.ts';
import type { Operation } from '../plan/operation.ts';
import { numbersOf, wishOf } from '../plan/settle-numbers.ts';
import type { NumberWish } from '../plan/settle-numbers.ts';
import { weigh } from '../plan/weigh.ts';
import type { Weighed } from '../plan/weigh.ts';
import { plannedHashes } from './approved-plan.ts';
import { partIndex, partKey } from './parts.ts';
import type { PlanPart, Verdict } from './parts.ts';
import type { RunWork } from './run-work.ts';

const HOUR_MS = 3_600_000;

/** What the judge keeps of the operations of all batches: enough to weigh and settle, small enough for 100,000 people. */
export interface Docket {
  readonly batchOf: Map<string, number>;
  readonly verdicts: Map<string, Verdict>;
  readonly weighed: Weighed[];
  /** Whoever anything would be done to, and nobody has decided on. */
  readonly acting: string[];
  readonly approved: Set<string>;
  readonly wishes: NumberWish[];
  readonly keepers: Map<string, string>;
  /** Leavers and the numbers each has: a held leaver keeps them. */
  readonly removals: Map<string, readonly string[]>;
  readonly claimedBy: Map<string, string>;
  /** Whoever had the number that somebody wants, whatever became of them. */
  readonly holders: Map<string, string>;
  /** Whoever left before and comes back. */
  readonly returning: Set<string>;
  /** Whoever's contact was given up and is not there. */
  readonly givenUp: Set<string>;
  /** Keys of lists that somebody joins. */
  readonly joined: Set<string>;
  readonly hashes: string[];
  inScope: number;
  losesCanary: boolean;
}

/** The plans of all batches, in order. */
export async function* scanPlans(
  work: RunWork,
): AsyncGenerator<{ readonly index: number; readonly hash: string; readonly part: PlanPart }> {
  const { engine, run } = work;
  for await (const rows of engine.tables.parts.scan(run().runId, partKey.plans(run().batchNonce!), { pageSize: 50 })) {
    for (const row of rows) {
      yield { index: partIndex(row), hash: String(row.facets['hash']), part: row.body as PlanPart };
    }
  }
}

/** Reads the whole plan into a docket; what earlier decisions and graces say stands in its verdicts already. */
export async function openDocket(work: RunWork): Promise<Docket> {
  const docket: Docket = {
    batchOf: new Map(),
    verdicts: new Map(),
    weighed: [],
    acting: [],
    approved: new Set(),
    wishes: [],
    keepers: new Map(),
    removals: new Map(),
    claimedBy: new Map(),
    holders: new Map(),
    returning: new Set(),
    givenUp: new Set(),
    joined: new Set(),
    hashes: [],
    inScope: 0,
    losesCanary: false,
  };
  const { planOf } = work.run();
  const shown = planOf === undefined ? undefined : await plannedHashes(work.engine, planOf);
  for await (const { index, hash, part } of scanPlans(work)) {
    docket.hashes.push(hash);
    for (const operation of part.operations) {
      docket.batchOf.set(operation.personId, index);
      const ruling = standingOf(work, operation, part, shown);
      const tried = operation.doubt ? (part.standing[operation.personId]?.tried ?? []) : [];
      enter(
        docket,
        operation,
        ruling,
        tried.map(({ phoneKey }) => phoneKey),
      );
    }
  }
  return docket;
}

type Ruling = Standing | { readonly kind: 'waits'; readonly until: number };

/** What is said of an operation before anything is weighed; undefined = judge it like any other. */
function standingOf(
  work: RunWork,
  operation: Operation,
  part: PlanPart,
  shown: ReadonlyMap<string, string> | undefined,
): Ruling | undefined {
  const { kind, personId, hash } = operation;
  const { fingerprint, createdAt: now, config, distrust } = work.run();
  if (kind === 'none' || kind === 'skip') return undefined;
  if (shown !== undefined) {
    return shown.get(personId) === hash
      ? { kind: 'approved' }
      : { kind: 'stays', outcome: 'skipped', reason: 'stale-plan' };
  }
  const pending = part.standing[personId];
  const holdMs = config.protection.holdHours * HOUR_MS;
  const standing = judgeStanding(operation, pending, { fingerprint, now, holdMs });
  if (standing !== undefined) return standing;
  // A reading that is not believed is no good run: whoever is missing from it is held, and not counted as seen missing.
  if (distrust !== undefined) return undefined;
  const until = graceUntil(operation, pending, config.leavers, now);
  return until === undefined ? undefined : { kind: 'waits', until };
}

/** `mayHold`: pseudonyms of numbers that may be on the person's contact by a write whose answer is missing. */
function enter(docket: Docket, operation: Operation, ruling: Ruling | undefined, mayHold: readonly string[]): void {
  const { personId, kind, phoneKey, heldPhoneKey, canary } = operation;
  const numbers = numbersOf({ holds: heldPhoneKey, mayHold });
  if (phoneKey !== undefined) docket.inScope += 1;
  if (ruling?.kind === 'stays' || ruling?.kind === 'waits') {
    docket.verdicts.set(personId, verdictOf(ruling));
    for (const number of numbers) docket.keepers.set(number, personId);
    return;
  }
  if ((kind === 'none' || kind === 'skip') && phoneKey !== undefined)
    for (const number of numbers) docket.keepers.set(number, personId);
  if (kind === 'none' || kind === 'skip') return;
  if (kind === 'remove') docket.removals.set(personId, numbers);
  if (ruling?.kind === 'approved') docket.approved.add(personId);
  else {
    docket.acting.push(personId);
    if (kind === 'remove' && canary === true) docket.losesCanary = true;
    const weight = weigh(operation);
    if (weight !== undefined) docket.weighed.push(weight);
  }
  if (operation.givenUp === true) docket.givenUp.add(personId);
  for (const { key } of operation.lists.add) docket.joined.add(key);
  const wish = wishOf(operation, operation.ownContact, mayHold);
  if (wish !== undefined) docket.wishes.push(wish);
  if (kind === 'restore') docket.returning.add(personId);
  const holder = operation.formerOwner ?? operation.claimedBy?.personId;
  if (holder !== undefined) docket.holders.set(personId, holder);
  if (operation.claimedBy?.active === true) docket.claimedBy.set(personId, operation.claimedBy.personId);
}

function verdictOf(ruling: Exclude<Ruling, { kind: 'approved' }>): Verdict {
  if (ruling.kind === 'waits') return { outcome: 'skipped', reason: 'grace', until: ruling.until, wave: 0 };
  const { kind: _kind, ...verdict } = ruling;
  return { ...verdict, wave: 0 };
}
