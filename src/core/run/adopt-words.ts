import type { JudgedOperation } from './read-outcomes.ts';

/** A number that passes from one person to another: said in words, because names and values alone do not show it. */
export function numberMoveWords({ operation, final }: JudgedOperation): string {
  const { kind, formerOwner, claimedBy, phone } = operation;
  const isGoing = kind !== 'none' && kind !== 'skip' && phone !== undefined && final?.outcome !== 'skipped';
  if (!isGoing) return '';
  if (formerOwner !== undefined) {
    return ` The number moves here from ${formerOwner}, with the contact: an opt-out stays with the number, the name does not.`;
  }
  if (claimedBy === undefined) return '';
  const from = claimedBy.active ? 'The number moves here from' : 'The number was given before to';
  return ` ${from} ${claimedBy.personId}: an opt-out stays with the number, the name does not.`;
}
