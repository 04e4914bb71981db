import type { History, Occurrence, Violation } from './history.ts';

function describeWhen({ when }: Occurrence): string {
  if ('at' in when) return `after ${(when.at / 1000).toFixed(0)} s`;
  return `at ${of(when.nth)} ${when.of}`;
}

function of(nth: number): string {
  const ending = ['th', 'st', 'nd', 'rd'][nth % 100 > 10 && nth % 100 < 14 ? 0 : nth % 10] ?? 'th';
  return `the ${nth}${ending}`;
}

function describeWhat({ what }: Occurrence): string {
  const { do: name, ...details } = what;
  const words = Object.entries(details).map(([key, value]) => `${key} ${String(value)}`);
  return words.length === 0 ? name : `${name} (${words.join(', ')})`;
}

/** A history as a list that can be read: who there is, what happens when, which promise is broken, how to see it again. */
export function describeHistory(history: History, violations: readonly Violation[]): string {
  const { world, occurrences, seed } = history;
  const people = world.people.map(({ n, number, department }) => `${n}: number ${number ?? 'none'}, ${department}`);
  const { leavers, protection, filters, schedule } = world.syncs[0] as Readonly<Record<string, unknown>>;
  return [
    `seed ${seed}`,
    ...violations.slice(0, 3).map(({ invariant, words }) => `  ${invariant}: ${words}`),
    'the world:',
    `  people: ${people.join('; ')}`,
    `  made by hand: ${world.byHand.map(({ number }) => `a contact with number ${number}`).join(', ') || 'nothing'}`,
    `  account ${JSON.stringify(world.account)}, directory ${JSON.stringify(world.directory)}`,
    `  lanes ${world.lanes}, workers ${world.workers}, instances ${world.instances.length}, operator ${world.operator}`,
    `  leavers ${JSON.stringify(leavers)}, protection ${JSON.stringify(protection)}`,
    `  filters ${JSON.stringify(filters)}, schedule ${String(schedule)}`,
    'what happens:',
    ...occurrences.map((one) => `  ${describeWhen(one)}: ${describeWhat(one)}`),
    `again: npm run simulate -- --first ${seed} --seeds 1 --trace`,
  ].join('\n');
}
