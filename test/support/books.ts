import type { AccountSnapshot } from '../../local/messagemedia/account.ts';
import type { Link } from '../../src/core/plan/link.ts';
import type { StoredRow, Table } from '../../src/core/ports.ts';

interface PersonBody {
  readonly person: { readonly id: string };
  readonly link?: Link;
}

const MARKER = 'entra_object_id';

/** Every row of one sync in a table. */
export async function readAll(table: Table, partition: string): Promise<StoredRow[]> {
  const rows: StoredRow[] = [];
  for await (const page of table.scan(partition, '')) rows.push(...page);
  return rows;
}

/**
 * The rows of one sync's people agree with each other: every link has its claims, no claim is left without a link. But
 * whoever's contact got a number beside one that it must not lose has the claim on both.
 */
export function expectBalancedBooks(rows: readonly StoredRow[]): void {
  const people = rows.filter(({ key }) => key.startsWith('person:')).map(({ body }) => body as PersonBody);
  const linked = people.flatMap(({ person, link }) => (link === undefined ? [] : [{ id: person.id, link }]));
  const holders = (prefix: string): Record<string, unknown> =>
    Object.fromEntries(
      rows
        .filter(({ key }) => key.startsWith(prefix))
        .map(({ key, facets }) => [key.slice(prefix.length), facets['person']]),
    );
  expect(holders('contact:')).toEqual(Object.fromEntries(linked.map(({ id, link }) => [link.contactId, id])));
  const refused = new Set(
    rows
      .filter(({ key, facets }) => key.startsWith('pending:') && facets['outcome'] === 'rejected')
      .map(({ key }) => key.slice('pending:'.length)),
  );
  const carried = new Map(linked.map(({ id, link }) => [link.phoneKey, id]));
  const numbers = Object.entries(holders('phone:')).filter(
    ([phoneKey, id]) => carried.has(phoneKey) || !linked.some((one) => one.id === id && refused.has(one.id)),
  );
  expect(Object.fromEntries(numbers)).toEqual(Object.fromEntries(carried));
  expect(linked.filter(({ link }) => link.carry !== undefined || link.released === true)).toEqual([]);
}

/** At most one managed contact a person and a number, and no list or custom field twice. */
export function expectNothingTwice({ contacts, lists, customFields }: AccountSnapshot): void {
  const managed = contacts.flatMap(({ customFields: values, channels }) => {
    const owner = values.find(({ mergeTag }) => mergeTag === MARKER)?.value;
    return owner === undefined ? [] : [{ owner, numbers: channels.map(({ channelId }) => channelId) }];
  });
  expectUnique(managed.map(({ owner }) => owner));
  expectUnique(managed.flatMap(({ numbers }) => numbers));
  expectUnique(lists.map(({ name }) => name.toLowerCase()));
  expectUnique(customFields.map(({ mergeTag }) => mergeTag));
}

function expectUnique(names: readonly string[]): void {
  expect(names).toEqual([...new Set(names)]);
}

/** Nobody's change failed, is held or was refused: whoever waits, waits for a number that somebody else has. */
export function expectNobodyWaitsButForNumbers(rows: readonly StoredRow[]): void {
  const waiting = rows.filter(({ key }) => key.startsWith('pending:')).map(({ key, facets }) => ({ key, facets }));
  expect(waiting.filter(({ facets }) => facets['reason'] !== 'duplicate-phone')).toEqual([]);
}

/** Whether somebody waits for a next try that comes by itself. */
export function isAnybodyDue(rows: readonly StoredRow[]): boolean {
  return rows.some(({ key, facets }) => key.startsWith('pending:') && Number(facets['due']) > 0);
}
