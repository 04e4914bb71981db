import type { Adoption } from '../api/answers.ts';
import { counted, grouped, listed } from './words.ts';

/** What the account holds that a run has read, in one sentence; undefined for other runs. */
export function adoptionText(adoption: Adoption | undefined): string | undefined {
  if (adoption === undefined) return undefined;
  const { contacts, managed, linkable, ambiguous, unmanaged, orphaned } = adoption;
  const people = (number: number): string => counted(number, 'person', 'people');
  const parts = [
    ...(managed > 0 ? [`${grouped(managed)} linked before`] : []),
    ...(linkable > 0 ? [`a contact found for ${people(linkable)}`] : []),
    ...(ambiguous > 0 ? [`more than one meant for ${people(ambiguous)}`] : []),
    ...(unmanaged > 0 ? [`${grouped(unmanaged)} that nobody wants`] : []),
    ...(orphaned > 0 ? [`${grouped(orphaned)} orphaned`] : []),
  ];
  const read = `The account has ${counted(contacts, 'contact')}`;
  return parts.length === 0 ? `${read}.` : `${read}: ${listed(parts)}.`;
}
