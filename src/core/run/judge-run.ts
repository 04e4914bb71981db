import { flowOf } from '../config/sync-config.ts';
import { contactChanges } from '../plan/operation.ts';
import type { Operation } from '../plan/operation.ts';
import { holdFirstPlan, protectPlan } from '../plan/protect.ts';
import type { Hold, Members, ProtectedPlan } from '../plan/protect.ts';
import { numbersOf, settleNumbers } from '../plan/settle-numbers.ts';
import type { NumberWish, Settlement } from '../plan/settle-numbers.ts';
import { NOTHING_APPLIED, tally } from '../plan/weigh.ts';
import { openDocket, scanPlans } from './docket.ts';
import type { Docket } from './docket.ts';
import type { Engine } from './engine.ts';
import { recentlyApplied } from './ledger.ts';
import { partKey } from './parts.ts';
import type { Verdict, VerdictPart } from './parts.ts';
import { listKeysOf } from './person-rows.ts';
import type { RunRow } from './run-row.ts';
import type { Directive, RunWork } from './run-work.ts';

export const REMOVAL_WAVE = 1;
export const MAIN_WAVE = 2;

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

/** Nobody has a contact by our doing yet, whatever else there is. */
async function isFirstPlan({ tables, config }: Engine): Promise<boolean> {
  for await (const rows of tables.people.scan(config.name, 'person:', { facetsOnly: true })) {
    if (rows.some(({ facets }) => facets['linked'] === true)) return false;
  }
  return true;
}

async function protect(work: RunWork, docket: Docket): Promise<ProtectedPlan> {
  const { engine, run } = work;
  const { protection } = run().config;
  if (docket.acting.length === 0) return { holds: [], held: new Map() };
  if (protection.firstRun === 'approve' && (await isFirstPlan(engine))) return holdFirstPlan(docket.acting);
  if (docket.weighed.length === 0) return { holds: [], held: new Map() };
  const { weighed, inScope: plannedPeople, joined } = docket;
  const distrust = run().distrust ?? (docket.losesCanary ? 'canary-missing' : undefined);
  const [members, recent] = [await countMembers(engine), await recentlyApplied(work)];
  return protectPlan(weighed, { recent, members, plannedPeople, joined, distrust }, protection);
}

/** What nobody decided on in time, by the rule that holds it: shown with the holds of this run. */
function renewedHolds({ verdicts }: Docket): Hold[] {
  const renewed = [...verdicts.values()].flatMap(({ renewed: again, heldBy }) => (again && heldBy ? [heldBy] : []));
  const groups = Map.groupBy(renewed, ({ rule, list, field }) => [rule, list?.key, field].join(' '));
  return [...groups.values()].map((group): Hold => {
    const { rule, list, field } = group[0]!;
    return {
      rule,
      ...(list === undefined ? {} : { list: list.name }),
      ...(field === undefined ? {} : { field }),
      operations: group.length,
      limit: 0,
      recent: 0,
      members: 0,
      renewed: true,
    };
  });
}

function settle(docket: Docket): Settlement {
  const goes = (wish: NumberWish): boolean => !docket.verdicts.has(wish.personId);
  const keepers = new Map(docket.keepers);
  for (const wish of docket.wishes)
    if (!goes(wish)) for (const number of numbersOf(wish)) keepers.set(number, wish.personId);
  const wishes = docket.wishes.filter(goes).map((wish) => {
    const holder = docket.claimedBy.get(wish.personId);
    // What planning saw of a holder who is in this round is overtaken by the holder's own operation.
    return { ...wish, takenOutside: holder !== undefined && !docket.batchOf.has(holder) };
  });
  return settleNumbers(wishes, keepers);
}

/** Adds what protection and the numbers say to the verdicts. */
function pronounce(docket: Docket, held: ProtectedPlan['held']): void {
  for (const [personId, { reason, ...heldBy }] of held) {
    docket.verdicts.set(personId, { outcome: 'held', reason, heldBy, wave: 0 });
    for (const number of docket.removals.get(personId) ?? []) docket.keepers.set(number, personId);
  }
  const { waiting, rank, ringBreakers } = settle(docket);
  for (const [personId, waitsFor] of waiting) {
    // Nobody is without a contact for a number they wait for.
    const verdict: Verdict = docket.givenUp.has(personId)
      ? { keepsFormer: true, waitsFor, wave: MAIN_WAVE }
      : { outcome: 'skipped', reason: 'duplicate-phone', waitsFor, wave: 0 };
    docket.verdicts.set(personId, verdict);
  }
  for (const [personId, steps] of rank) {
    const ring = ringBreakers.get(personId);
    const after = docket.claimedBy.get(personId);
    const holder = docket.holders.get(personId) ?? '';
    const holderReturns = docket.returning.has(holder) && docket.verdicts.get(holder)?.outcome === undefined;
    const verdict: Verdict = {
      wave: MAIN_WAVE + (ring ?? steps),
      ...(ring === undefined ? {} : { releaseWave: MAIN_WAVE }),
      ...(after === undefined ? {} : { after }),
      ...(holderReturns ? { holderReturns } : {}),
    };
    if (verdict.wave > MAIN_WAVE || after !== undefined || holderReturns) docket.verdicts.set(personId, verdict);
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
  const attributes = new Set<string>();
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
      if (operation.kind !== 'remove' && flowOf(run().config) !== 'pull') fields.add('entra_object_id');
      for (const { path } of operation.writes ?? []) attributes.add(path.replace(/[.[].*$/, ''));
      for (const { field } of contactChanges(operation))
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
    needs: {
      lists: [...lists.values()],
      fields: [...fields],
      ...(attributes.size === 0 ? {} : { attributes: [...attributes] }),
    },
    heldCount,
  };
}

function tellHolds({ engine, run }: RunWork, holds: readonly Hold[], held: number): void {
  const { runId, dryRun, batchCount } = run();
  const rules = [...new Set(holds.map(({ rule }) => rule))].join(' ');
  engine.log.event('plan.judged', { runId, dryRun, batches: batchCount, held, rules });
  // What a dry run would hold back waits for nobody.
  if (dryRun) return;
  for (const { rule, operations, limit, recent, renewed = false } of holds) {
    engine.log.event('hold.opened', { runId, rule, people: operations, limit, recent, renewed });
  }
}

/** Judges the whole plan: protection first, then every number once; then seals it. A dry run ends here. */
export async function judgeRun(work: RunWork): Promise<Directive> {
  const { engine, run } = work;
  const docket = await openDocket(work);
  const { holds, held } = await protect(work, docket);
  const all = [...renewedHolds(docket), ...holds];
  pronounce(docket, held);
  const sealNonce = engine.ids.next();
  const sealing = await arrange(work, docket, sealNonce);
  const going = docket.weighed.filter((one) => docket.verdicts.get(one.personId)?.outcome === undefined);
  const planHash = engine.digest.hash([run().fingerprint, ...docket.hashes].join('\n'));
  tellHolds(work, all, sealing.heldCount);
  await work.update({
    phase: run().dryRun ? 'close' : 'prepare',
    sealNonce,
    planHash,
    holds: all,
    waves: sealing.waves,
    exceptional: sealing.exceptional,
    needs: sealing.needs,
    counts: { ...run().counts, inScope: docket.inScope },
    ...(run().dryRun ? {} : { applied: going.length === 0 ? NOTHING_APPLIED : tally(going) }),
  });
  return 'again';
}
