import type { Operation } from '../plan/operation.ts';
import { endCase } from './apply-case.ts';
import type { Application, Case } from './apply-case.ts';
import { fetchClaims, fetchPeople } from './person-rows.ts';
import type { PersonRow } from './person-rows.ts';

/** Who takes over somebody's contact or number needs to know how that person stands now, not when it was planned. */
export async function meetHolders(app: Application, cases: readonly Case[]): Promise<void> {
  const taking = cases.filter((one) => plannedHolder(one) !== undefined);
  if (taking.length === 0) return;
  const holdersOf = await fetchHolders(app, taking);
  for (const one of taking) for (const row of holdersOf(one)) meet(one, row);
}

function meet(one: Case, row: PersonRow): void {
  const { link } = row;
  if (link === undefined) return;
  const isLettingGo = link.carry !== undefined || link.released === true;
  const hasNumber = link.phoneKey === one.operation.phoneKey && !isLettingGo;
  const isBack =
    link.left === undefined || (one.verdict?.holderReturns === true && row.person.id === plannedHolder(one));
  // Back in the same round: the contact that was to be taken over is in use again.
  if (isBack && one.operation.formerOwner === row.person.id) one.operation = asCreation(one.operation);
  if (!isBack && (hasNumber || link.contactId === one.operation.contactId)) one.formerOwner ??= row;
  else if (hasNumber)
    endCase(one, { outcome: 'skipped', reason: 'duplicate-phone', waitsFor: one.operation.phoneKey! });
}

function plannedHolder({ operation, verdict }: Case): string | undefined {
  return operation.formerOwner ?? verdict?.after ?? operation.claimedBy?.personId;
}

/**
 * Whoever may have the number, as they stand: the one that was planned with; whoever claimed it since, such as somebody
 * who took the contact over half-way, and left; and whoever had it before a hand-over to them.
 */
async function fetchHolders(
  { engine }: Application,
  cases: readonly Case[],
): Promise<(one: Case) => readonly PersonRow[]> {
  const claims = await fetchClaims(engine, [...new Set(cases.map(({ operation }) => operation.phoneKey!))]);
  const idsOf = (one: Case): readonly string[] => {
    const { phoneKey, personId } = one.operation;
    const claim = claims.get(phoneKey!);
    const ids = new Set([plannedHolder(one), claim?.personId, claim?.from]);
    return [...ids].flatMap((id) => (id === undefined || id === personId ? [] : [id]));
  };
  const rows = await fetchPeople(engine, [...new Set(cases.flatMap(idsOf))]);
  return (one) => idsOf(one).flatMap((id) => rows.get(id) ?? []);
}

function asCreation({ contactId: _inUse, formerOwner: _back, ...operation }: Operation): Operation {
  return { ...operation, kind: 'create' };
}
