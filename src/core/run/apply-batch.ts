import { flowOf } from '../config/sync-config.ts';
import { isClaimLost } from '../errors.ts';
import { departmentOf } from '../people/map-person.ts';
import type { ReasonCode } from '../errors.ts';
import { applyContact, contactIdOf, needsContact } from './apply-contact.ts';
import { meetHolders } from './meet-holders.ts';
import { leavesContactBehind, retireContact } from './retire-contact.ts';
import { remakeFormer, takeNumberBack } from './remake-former.ts';
import { endCase, isOpen } from './apply-case.ts';
import { withJoins } from './doubt.ts';
import type { Application, Case } from './apply-case.ts';
import { claimNumbers, releaseClaims } from './apply-claims.ts';
import { applyEach, doubtfulFailure, endByError } from './end-case.ts';
import { releaseNumber } from './give-up-contact.ts';
import { applyMembers } from './apply-members.ts';
import { takeOver } from './take-over.ts';
import { writeDirectory } from './write-directory.ts';
import { flagMissingLists, reportCase, waitAsked } from './case-outcomes.ts';
import { isApplied } from './is-applied.ts';
import { applyRemovals } from './apply-removals.ts';
import type { ClaimGuard } from './claim.ts';
import type { Engine } from './engine.ts';
import { withoutLost } from './existing-lists.ts';
import type { Link } from '../plan/link.ts';
import { contactChanges } from '../plan/operation.ts';
import type { Operation } from '../plan/operation.ts';
import { REMOVAL_WAVE, wavesOf } from './judge-run.ts';
import { fetchPart, findPart, insertPart, partKey } from './parts.ts';
import type { BatchPart, BatchWork, OutcomePart, PlanPart } from './parts.ts';
import { fetchPeople } from './person-rows.ts';
import { readVerdicts } from './read-outcomes.ts';
import type { RunRow } from './run-row.ts';
import { readState } from './state-row.ts';
import { storeCases } from './store-cases.ts';
import { findStrays } from './strays.ts';

/** Done, or to be come back to: MessageMedia asked for time, or is not answering anybody. */
export type BatchResult =
  { readonly kind: 'done'; readonly work?: BatchWork } | { readonly kind: 'wait'; readonly retryAfterMs: number };

/** An earlier try made another contact, nobody noted it, and it stands for none or for one that was given up. */
function linkToApply(link: Link | undefined, { unnoted }: Operation): Link | undefined {
  if (unnoted === undefined || link?.contactId === unnoted.contactId) return link;
  return link === undefined || link.carry !== undefined ? unnoted : link;
}

async function openCases(engine: Engine, run: RunRow, wave: number, index: number, isRepeat: boolean): Promise<Case[]> {
  const { runId } = run;
  const batch = await fetchPart<BatchPart>(engine, runId, partKey.batch(run.batchNonce!, index));
  const plan = await fetchPart<PlanPart>(engine, runId, partKey.plan(run.batchNonce!, index));
  const verdicts = await readVerdicts(engine, run, index);
  const cases: Case[] = [];
  for (const [at, operation] of plan.operations.entries()) {
    const verdict = verdicts[operation.personId];
    if (!wavesOf(operation, verdict).includes(wave)) continue;
    const member = batch.people[at]!;
    cases.push({
      operation,
      member,
      verdict,
      etag: member.etag,
      link: withoutLost(linkToApply(member.link, operation), operation),
      formerOwner: undefined,
      contact: undefined,
      unnoted: undefined,
      unnotedHolder: undefined,
      pulled: {},
      person: member.person,
      untaken: undefined,
      late: {},
      next: undefined,
      isReplaced: false,
      abandoned: operation.unnoted === undefined ? undefined : member.link?.contactId,
      isRetired: false,
      ending: undefined,
      stored: false,
      accountId: undefined,
      flaw: undefined,
      defect: undefined,
      strays: [],
    });
  }
  const touchedBefore = cases.filter((one) => isRepeat || one.verdict?.releaseWave !== undefined);
  const rows = await fetchPeople(
    engine,
    touchedBefore.map((one) => one.operation.personId),
  );
  for (const one of touchedBefore) {
    const row = rows.get(one.operation.personId);
    one.etag = row?.etag;
    one.link = withoutLost(linkToApply(row?.link, one.operation), one.operation);
    // Somebody else has the contact by now: what was planned for it fits no other one.
    const isLost = one.member.link !== undefined && one.link === undefined && one.operation.kind !== 'remove';
    if (isLost) endCase(one, { outcome: 'failed', reason: 'service-unavailable' });
  }
  for (const one of cases) {
    const leaving = new Set(one.operation.lists.remove.map(({ key }) => key));
    const joins = one.member.pending?.joins?.filter(({ key }) => leaving.has(key));
    one.link = withJoins(one.link, joins, run.knownLists);
  }
  return cases;
}

async function readContacts(app: Application, cases: readonly Case[]): Promise<void> {
  const toRead = cases.filter((one) => isOpen(one) && needsContact(one));
  if (toRead.length === 0) return;
  try {
    const ids = [...new Set(toRead.map((one) => contactIdOf(one)!))];
    const contacts = await app.engine.contactBook.readContacts(ids, app.guard);
    const byId = new Map(contacts.map((contact) => [contact.id, contact]));
    for (const one of toRead) one.contact = byId.get(contactIdOf(one)!);
    for (const one of toRead) if (one.operation.doubt) one.strays = await findStrays(app.engine, one);
  } catch (error) {
    for (const one of toRead) endByError(one, error);
  }
}

/** Numbers and contacts that were let go of for numbers which their people now have to wait for. */
async function bringBackInVain(app: Application, cases: readonly Case[]): Promise<void> {
  for (const one of cases) {
    if (one.verdict?.keepsFormer !== true) continue;
    endCase(one, { outcome: 'skipped', reason: 'duplicate-phone', waitsFor: one.operation.phoneKey! });
  }
  const inVain = cases.filter(({ ending }) => ending?.outcome === 'skipped');
  const givenUp = inVain.filter(({ link }) => link?.carry !== undefined);
  await applyEach(app, givenUp, (one) => remakeFormer(app, one));
  const released = inVain.filter(({ link }) => link?.released === true);
  await applyEach(app, released, (one) => takeNumberBack(app, one));
}

async function applyChanges(app: Application, cases: readonly Case[]): Promise<void> {
  const releasing = cases.filter((one) => one.verdict?.releaseWave === app.wave);
  const taking = cases.filter((one) => !releasing.includes(one));
  const wanting = taking.filter(({ verdict }) => verdict?.keepsFormer !== true);
  await meetHolders(app, wanting);
  await claimNumbers(app, wanting);
  if (flowOf(app.run.config) === 'pull') return takeOver(app, wanting.filter(isOpen));
  await bringBackInVain(app, taking);
  await readContacts(app, cases);
  await applyEach(app, wanting.filter(isOpen), (one) => writeDirectory(app, one));
  await applyEach(app, cases.filter(isOpen), (one) =>
    releasing.includes(one) ? releaseNumber(app, one) : applyContact(app, one),
  );
  await applyMembers(app, cases);
  // Also of people whose memberships wait: once the link has moved on, nobody knows of the former contact.
  for (const one of cases) {
    if (one.next !== undefined) await retireContact(app, one).catch((error: unknown) => endByError(one, error));
  }
}

function isDoubtful({ ending }: Case): boolean {
  return ending?.outcome === 'failed' && ending.reason === 'in-doubt';
}

/** What concerns everybody is thrown, but only after what was done for some of them is stored. */
async function applyAndStore(app: Application, cases: readonly Case[]): Promise<void> {
  const { guard, run, wave, engine } = app;
  let failure: Error | undefined;
  try {
    await (wave === REMOVAL_WAVE ? applyRemovals(app, cases) : applyChanges(app, cases));
  } catch (error) {
    if (isClaimLost(error)) throw error;
    failure = error as Error;
  }
  for (const { operation, defect } of cases) {
    if (defect === undefined) continue;
    engine.log.event('person.failed', { runId: run.runId, personId: operation.personId, error: defect.name });
  }
  // Taken over once more by the repeat, which then finds the former contact where it was.
  for (const one of cases) if (leavesContactBehind(one)) one.next = undefined;
  await guard.ensure();
  await releaseClaims(app, cases);
  await storeCases(app, cases);
  if (failure !== undefined) throw cases.some(isDoubtful) ? doubtfulFailure(failure) : failure;
}

/**
 * Applies one wave of one batch. What succeeded is stored before anything else is decided, so a wait or a crash
 * loses nothing; with a reason to give up, what still waits is written down as failed for it instead.
 */
export async function applyBatch(
  engine: Engine,
  run: RunRow,
  wave: number,
  index: number,
  guard: ClaimGuard,
  options: { readonly isRepeat: boolean; readonly giveUp: ReasonCode | undefined },
): Promise<BatchResult> {
  const key = partKey.outcome(index, wave);
  if (options.isRepeat && (await findPart(engine, run.runId, key)) !== undefined) return { kind: 'done' };
  const cases = await openCases(engine, run, wave, index, options.isRepeat);
  flagMissingLists(run, cases);
  const channelsMerge = cases.some(
    ({ operation }) => contactChanges(operation).some(({ field }) => field === 'phone') && operation.kind !== 'create',
  )
    ? (await readState(engine)).channelsMerge === true
    : false;
  const app: Application = {
    engine,
    run,
    wave,
    isRepeat: options.isRepeat,
    channelsMerge,
    guard: {
      ...guard,
      beforeAttempt: (neighbour) =>
        app.halted === undefined ? guard.beforeAttempt(neighbour) : Promise.reject(app.halted),
    },
  };
  const open = cases.filter((one) => !isApplied(run, one.operation, one.link, one.member.link));
  if (options.giveUp === undefined) {
    await applyAndStore(app, open);
    const retryAfterMs = waitAsked(open);
    if (retryAfterMs !== undefined) return { kind: 'wait', retryAfterMs };
  } else for (const one of open) endCase(one, { outcome: 'failed', reason: options.giveUp });

  const reported = cases.filter(({ verdict }) => verdict?.releaseWave !== wave || verdict.wave === wave);
  const outcomes = reported.map((one) => reportCase(one, { isRepeat: options.isRepeat, wasOpen: open.includes(one) }));
  const accountId = cases.find((one) => one.accountId !== undefined)?.accountId;
  const row = { key, facets: { account: accountId ?? '' }, body: { people: outcomes } satisfies OutcomePart };
  await guard.ensure();
  await insertPart<OutcomePart>(engine, run.runId, row);
  const person = cases[0]?.member.person;
  const people = open.length;
  return {
    kind: 'done',
    work: person === undefined ? { people } : { people, department: departmentOf(person, run.config) },
  };
}
