import { judgeStanding } from '../plan/judge-standing.ts';
import type { Operation } from '../plan/operation.ts';
import { NOTHING_APPLIED, protectPlan, tally, weigh } from '../plan/protect.ts';
import type { Members, ProtectedPlan, Weighed } from '../plan/protect.ts';
import { settleNumbers, wishOf } from '../plan/settle-numbers.ts';
import type { NumberWish, Settlement } from '../plan/settle-numbers.ts';
import type { Engine } from './engine.ts';
import { recentlyApplied } from './ledger.ts';
import { partIndex, partKey } from './parts.ts';
import type { PlanPart, Verdict, VerdictPart } from './parts.ts';
import { listKeysOf } from './person-rows.ts';
import type { RunRow } from './run-row.ts';
import type { Directive, RunWork } from './run-work.ts';

export const REMOVAL_WAVE = 1;
export const MAIN_WAVE = 2;

/** What the judge keeps of the operations of all batches: enough to weigh and settle, small enough for 100,000 people. */
interface Docket {
  readonly batchOf: Map<string, number>;
  readonly verdicts: Map<string, Verdict>;
  readonly weighed: Weighed[];
  readonly approved: Set<string>;
  readonly wishes: NumberWish[];
  readonly keepers: Map<string, string>;
  /** Leavers and the number each has by link: a held leaver keeps it. */
  readonly removals: Map<string, string>;
  readonly claimedBy: Map<string, string>;
  readonly hashes: string[];
  inScope: number;
}

async function* scanPlans(work: RunWork): AsyncGenerator<{ index: number; hash: string; part: PlanPart }> {
  const { engine, run } = work;
  for await (const rows of engine.tables.parts.scan(run().runId, partKey.plans(run().batchNonce!), { pageSize: 50 })) {
    for (const row of rows) {
      yield { index: partIndex(row), hash: String(row.facets['hash']), part: row.body as PlanPart };
    }
  }
}

async function openDocket(work: RunWork): Promise<Docket> {
  const docket: Docket = {
    batchOf: new Map(),
    verdicts: new Map(),
    weighed: [],
    approved: new Set(),
    wishes: [],
    keepers: new Map(),
    removals: new Map(),
    claimedBy: new Map(),
    hashes: [],
    inScope: 0,
  };
  for await (const { index, hash, part } of scanPlans(work)) {
    docket.hashes.push(hash);
    for (const operation of part.operations) enter(work, docket, index, operation, part);
  }
  return docket;
}

function enter(work: RunWork, docket: Docket, index: number, operation: Operation, part: PlanPart): void {
  const { personId, kind, phoneKey, heldPhoneKey } = operation;
  docket.batchOf.set(personId, index);
  if (phoneKey !== undefined) docket.inScope += 1;
  const standing = judgeStanding(operation, part.standing[personId], work.run().fingerprint);
  if (standing?.kind === 'stays') {
    docket.verdicts.set(personId, { outcome: standing.outcome, reason: standing.reason, wave: 0 });
    if (heldPhoneKey !== undefined) docket.keepers.set(heldPhoneKey, personId);
    return;
  }
  if ((kind === 'none' || kind === 'skip') && phoneKey !== undefined && heldPhoneKey !== undefined)
    docket.keepers.set(heldPhoneKey, personId);
  if (kind === 'remove') docket.removals.set(personId, heldPhoneKey ?? '');
  if (standing?.kind === 'approved') docket.approved.add(personId);
  const weight = weigh(operation);
  if (weight !== undefined && standing === undefined) docket.weighed.push(weight);
  const wish = kind === 'skip' ? undefined : wishOf(operation, operation.ownContact);
  if (wish !== undefined) docket.wishes.push(wish);
  if (operation.claimedBy?.active === true) docket.claimedBy.set(personId, operation.claimedBy.personId);
}

async function countMembers(engine: Engine): Promise<Members> {
  let total = 0;
  const perList = new Map<string, number>();
  for await (const rows of engine.tables.people.scan(engine.config.name, 'person:', { facetsOnly: true })) {
    for (const row of rows) {
      if (row.facets['linked'] !== true || row.facets['left'] === true) continue;
      total += 1;
      for (const key of listKeysOf(row)) perList.set(key, (perList.get(key) ?? 0) + 1);
    }
  }
  return { total, perList: Object.fromEntries(perList) };
}

async function protect(work: RunWork, docket: Docket): Promise<ProtectedPlan> {
  if (docket.weighed.length === 0) return { holds: [], held: new Map() };
  const { engine, run } = work;
  const members = await countMembers(engine);
  const recent = await recentlyApplied(work);
  return protectPlan(docket.weighed, recent, members, docket.inScope, run().distrust, engine.config.protection);
}

function settle(docket: Docket): Settlement {
  const goes = (wish: NumberWish): boolean => !docket.verdicts.has(wish.personId);
  const keepers = new Map(docket.keepers);
  for (const wish of docket.wishes) if (!goes(wish) && wish.holds !== undefined) keepers.set(wish.holds, wish.personId);
  const wishes = docket.wishes.filter(goes).map((wish) => {
    const holder = docket.claimedBy.get(wish.personId);
    // What planning saw of a holder who is in this round is overtaken by the holder's own operation.
    return { ...wish, takenOutside: holder !== undefined && !docket.batchOf.has(holder) };
  });
  return settleNumbers(wishes, keepers);
}

/** Adds what protection and the numbers say to the verdicts. */
function pronounce(docket: Docket, held: ProtectedPlan['held']): void {
  for (const [personId, reason] of held) {
    docket.verdicts.set(personId, { outcome: 'held', reason, wave: 0 });
    const phoneKey = docket.removals.get(personId);
    if (phoneKey !== undefined) docket.keepers.set(phoneKey, personId);
  }
  const { waiting, rank, ringBreakers } = settle(docket);
  for (const [personId, waitsFor] of waiting) {
    docket.verdicts.set(personId, { outcome: 'skipped', reason: 'duplicate-phone', waitsFor, wave: 0 });
  }
  for (const [personId, steps] of rank) {
    const ring = ringBreakers.get(personId);
    const after = docket.claimedBy.get(personId);
    const verdict: Verdict = {
      wave: MAIN_WAVE + (ring ?? steps),
      ...(ring === undefined ? {} : { releaseWave: MAIN_WAVE }),
      ...(after === undefined ? {} : { after }),
    };
    if (verdict.wave > MAIN_WAVE || after !== undefined) docket.verdicts.set(personId, verdict);
  }
  for (const personId of docket.approved) {
    const verdict = docket.verdicts.get(personId);
    if (verdict?.outcome !== undefined) continue;
    const wave = docket.removals.has(personId) ? REMOVAL_WAVE : MAIN_WAVE;
    docket.verdicts.set(personId, { wave, ...verdict, approved: true });
  }
}

/** In which waves an operation is worked on; none when nothing is to be done or it does not go ahead. */
export function wavesOf(operation: Operation, verdict: Verdict | undefined): readonly number[] {
  if (operation.kind === 'none' || operation.kind === 'skip' || verdict?.outcome !== undefined) return [];
  if (verdict === undefined) return [operation.kind === 'remove' ? REMOVAL_WAVE : MAIN_WAVE];
  return verdict.releaseWave === undefined ? [verdict.wave] : [verdict.releaseWave, verdict.wave];
}

interface Sealing {
  readonly waves: Record<string, number[]>;
  readonly exceptional: number[];
  readonly needs: NonNullable<RunRow['needs']>;
  readonly heldCount: number;
}

/** Second pass over the plan: which batches have work in which wave, and what has to exist before. */
async function arrange(work: RunWork, docket: Docket, sealNonce: string): Promise<Sealing> {
  const { engine, run } = work;
  const waves = new Map<number, Set<number>>();
  const lists = new Map<string, { key: string; name: string }>();
  const fields = new Set<string>();
  const exceptional: number[] = [];
  let heldCount = 0;
  for await (const { index, part } of scanPlans(work)) {
    const verdicts: Record<string, Verdict> = {};
    for (const operation of part.operations) {
      const verdict = docket.verdicts.get(operation.personId);
      if (verdict !== undefined) verdicts[operation.personId] = verdict;
      if (verdict?.outcome === 'held') heldCount += 1;
      const working = wavesOf(operation, verdict);
      for (const wave of working) waves.set(wave, (waves.get(wave) ?? new Set()).add(index));
      if (working.length === 0) continue;
      for (const { key, name } of [...operation.lists.add, ...(operation.memberOf ?? [])])
        lists.set(key, { key, name });
      if (operation.kind !== 'remove') fields.add('entra_object_id');
      for (const { field } of operation.fields)
        if (field.startsWith('custom:')) fields.add(field.slice('custom:'.length));
    }
    if (Object.keys(verdicts).length === 0) continue;
    exceptional.push(index);
    const row = { key: partKey.verdict(sealNonce, index), body: verdicts satisfies VerdictPart };
    await work.guard.ensure();
    await engine.tables.parts.write(run().runId, [{ kind: 'insert', row }]);
  }
  return {
    waves: Object.fromEntries([...waves].map(([wave, set]) => [String(wave), [...set].toSorted((a, b) => a - b)])),
    exceptional,
    needs: { lists: [...lists.values()], fields: [...fields] },
    heldCount,
  };
}

/** Judges the whole plan: protection first, then every number once; then seals it. A dry run ends here. */
export async function judgeRun(work: RunWork): Promise<Directive> {
  const { engine, run } = work;
  const docket = await openDocket(work);
  const { holds, held } = await protect(work, docket);
  pronounce(docket, held);
  const sealNonce = engine.ids.next();
  const sealing = await arrange(work, docket, sealNonce);
  const going = docket.weighed.filter((one) => docket.verdicts.get(one.personId)?.outcome === undefined);
  const planHash = engine.digest.hash([run().fingerprint, ...docket.hashes].join('\n'));
  engine.log.event('info', 'plan-judged', {
    runId: run().runId,
    batches: run().batchCount,
    held: sealing.heldCount,
    rules: holds.map((hold) => hold.rule).join(' '),
  });
  await work.update({
    phase: run().dryRun ? 'close' : 'prepare',
    sealNonce,
    planHash,
    holds,
    waves: sealing.waves,
    exceptional: sealing.exceptional,
    needs: sealing.needs,
    counts: { ...run().counts, inScope: docket.inScope },
    ...(run().dryRun ? {} : { applied: going.length === 0 ? NOTHING_APPLIED : tally(going) }),
  });
  return 'again';
}
