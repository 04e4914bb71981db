import type { Digest } from '../ports.ts';
import { contactChanges } from './operation.ts';
import type { Operation } from './operation.ts';

/**
 * The identity of the contact that somebody without one is to get, whether it is made, found or taken over; undefined
 * where no contact is to be got.
 */
export function hashWish(operation: Omit<Operation, 'hash'>, digest: Digest): string | undefined {
  const { personId, kind, phone, fields, unchanged, lists, memberOf = [] } = operation;
  if (kind !== 'create' && kind !== 'adopt') return undefined;
  const changed = contactChanges({ fields }).map(({ field, after }) => [field, after] as const);
  const { phone: _asked, ...values } = { ...unchanged, ...Object.fromEntries(changed) };
  const filled = Object.entries(values).filter(([, value]) => value !== '');
  return digest.hash(
    JSON.stringify([
      personId,
      phone,
      filled.toSorted(([a], [b]) => (a < b ? -1 : 1)),
      [...lists.add, ...memberOf].map(({ key }) => key).toSorted(),
    ]),
  );
}

/** The identity of what would be done to a person: operation, before/after and lists; no run, no time. */
export function hashOperation(operation: Omit<Operation, 'hash'>, digest: Digest): string {
  const { personId, kind, action, contactId, fields, lists, phone } = operation;
  const changes = fields.map(({ field, before, after, to }) => [
    field,
    before ?? null,
    after,
    ...(to === undefined ? [] : [to]),
  ]);
  const keys = (refs: readonly { readonly key: string }[]): string[] => refs.map(({ key }) => key).toSorted();
  return digest.hash(
    JSON.stringify([
      personId,
      kind,
      action ?? null,
      contactId ?? null,
      phone ?? null,
      // Stryker disable next-line EqualityOperator: a field changes once
      changes.toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1)),
      keys(lists.add),
      keys(lists.remove),
    ]),
  );
}
