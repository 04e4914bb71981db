import type { Operation } from '../plan/operation.ts';
import { endCase } from './apply-case.ts';
import type { Application, Case } from './apply-case.ts';
import { fetchClaims, fetchPeople } from './person-rows.ts';
import type { PersonRow } from './person-rows.ts';

/** Who takes over somebody's contact or number needs to know how that person stands now, not when it was planned. */
export async function meetHolders(app: Application, cases: readonly Case[]): Promise<void> {
  const taking = cases.filter((one) => plannedHolder(one) !== undefined);
  if (taking.length === 0) return;
  const holders = await fetchHolders(app, taking);
  for (const one of taking) {
    const row = holders.get(one);
    if (row?.link === undefined) continue;
    const isLettingGo = row.link.carry !== undefined || row.link.released === true;
    const hasNumber = row.link.phoneKey === one.operation.phoneKey && !isLettingGo;
    const isBack = row.link.left === undefined || one.verdict?.holderReturns === true;
    // Back in the same round: the contact that was to be taken over is in use again.
    if (isBack && one.operation.formerOwner !== undefined) one.operation = asCreation(one.operation);
    if (!isBack && (hasNumber || row.link.contactId === one.operation.contactId)) one.formerOwner = row;
    else if (hasNumber)
      endCase(one, { outcome: 'skipped', reason: 'duplicate-phone', waitsFor: one.operation.phoneKey! });
  }
}

function plannedHolder({ operation, verdict }: Case): string | undefined {
  return operation.formerOwner ?? verdict?.after ?? operation.claimedBy?.personId;
}

/**
 * The holders as they stand. One without a contact by now may have been succeeded in an earlier wave: whoever had taken
 * their contact over half-way, and left, has it, and the claim on the number says who that is.
 */
async function fetchHolders({ engine }: Application, cases: readonly Case[]): Promise<ReadonlyMap<Case, PersonRow>> {
  const rows = await fetchPeople(engine, [...new Set(cases.map((one) => plannedHolder(one)!))]);
  const planned = (one: Case): PersonRow | undefined => rows.get(plannedHolder(one)!);
  const gone = cases.filter((one) => planned(one)?.link === undefined);
  const claims = await fetchClaims(engine, [...new Set(gone.map(({ operation }) => operation.phoneKey!))]);
  const claimants = await fetchPeople(
    engine,
    [...claims.values()].map(({ personId }) => personId),
  );
  const successor = ({ operation: { phoneKey, personId } }: Case): PersonRow | undefined => {
    const claimant = claims.get(phoneKey!)?.personId;
    return claimant === undefined || claimant === personId ? undefined : claimants.get(claimant);
  };
  const holders = cases.map((one) => [one, gone.includes(one) ? successor(one) : planned(one)] as const);
  return new Map(holders.flatMap(([one, row]) => (row === undefined ? [] : [[one, row]])));
}

function asCreation({ contactId: _inUse, formerOwner: _back, ...operation }: Operation): Operation {
  return { ...operation, kind: 'create' };
}
