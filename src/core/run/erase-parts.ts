import type { StoredRow } from '../ports.ts';
import type { AccountPart } from './account-read.ts';
import type { LeftoverPart } from './adopt-report.ts';
import type { LookPart } from './read-drifts.ts';
import type { BatchPart, OutcomePart, PagePart, PlanPart, ReadPart, VerdictPart } from './parts.ts';

/** Stands where another person's operation named the one who was erased. */
export const ERASED = 'erased';

type Eraser = (body: never, id: string) => unknown;

/** What a part of each kind says without the person. People of a batch and operations of its plan keep their positions together. */
const ERASERS: Readonly<Record<string, Eraser>> = {
  page: (body: PagePart, id) => ({ ...body, entries: body.entries.filter((entry) => entry.id !== id) }),
  read: (body: ReadPart, id) => ({
    found: body.found.filter((entry) => entry.id !== id),
    missing: body.missing.filter((one) => one !== id),
  }),
  batch: (body: BatchPart, id) => ({
    ...body,
    people: body.people.filter(({ person }) => person.id !== id),
    forget: body.forget.filter((one) => one.id !== id),
  }),
  plan: (body: PlanPart, id) => ({
    standing: without(body.standing, id),
    operations: body.operations.filter(({ personId }) => personId !== id),
  }),
  verdict: (body: VerdictPart, id) => without(body, id),
  account: (body: AccountPart, id) => ({
    ...body,
    contacts: body.contacts.filter(({ marker, personId }) => marker !== id && personId !== id),
  }),
  look: (body: LookPart, id) => ({ looked: body.looked.filter(({ personId }) => personId !== id) }),
  adoption: (body: LeftoverPart, id) => ({ contacts: body.contacts.filter(({ marker }) => marker !== id) }),
  outcome: (body: OutcomePart, id) => ({ people: body.people.filter(({ personId }) => personId !== id) }),
};

function without<T>(record: Readonly<Record<string, T>>, id: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== id));
}

/** The facets of a part without those that are the person's id: whoever is looked for is looked for in its body then. */
export function facetsWithoutPerson({ facets }: StoredRow, personId: string): StoredRow['facets'] {
  return Object.fromEntries(Object.entries(facets).filter(([, value]) => value !== personId));
}

/** The body of a run's part without the person; undefined when it does not name them. */
export function withoutPerson({ key, body }: StoredRow, personId: string): unknown {
  const text = body === undefined ? '' : JSON.stringify(body);
  const named = JSON.stringify(personId);
  const erase = ERASERS[key.slice(0, key.indexOf('-'))];
  if (erase === undefined || !text.includes(named)) return undefined;
  const rest = erase(body as never, personId);
  return JSON.parse(JSON.stringify(rest).replaceAll(named, JSON.stringify(ERASED))) as unknown;
}
