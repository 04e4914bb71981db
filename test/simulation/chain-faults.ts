import type { DirectoryPage } from '../../src/core/ports.ts';
import { fire } from './sim.ts';
import type { Sim } from './sim.ts';
import type { Chain } from './watch-checkpoint.ts';

/** What the directory was free to do and did: people twice, whole or in parts, pages with nobody, people who are gone. */
export function showFaults(sim: Sim, chain: Chain, { entries, nextLink }: DirectoryPage): void {
  const { directory } = sim.history.world;
  const repeated = entries.filter(({ id }) => chain.seen.has(id));
  for (const { id } of entries) chain.seen.add(id);
  if (repeated.length > 0) fire(sim, directory.splitEntries && !chain.isFull ? 'split entries' : 'duplicate entries');
  if (entries.length === 0 && nextLink !== undefined) fire(sim, 'empty pages');
  if (chain.isFull && entries.some(({ removed }) => removed !== undefined)) fire(sim, 'tombstones');
  if (!chain.isFull && !directory.sparse && entries.length > 0) fire(sim, 'whole entries');
  if (sim.watch.edits() > chain.startedAt) fire(sim, 'changes during a chain');
}
