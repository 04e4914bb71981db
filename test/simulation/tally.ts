import { FAULTS } from './fault-names.ts';
import type { FaultName } from './fault-names.ts';
import { INVARIANTS } from './history.ts';
import type { Invariant } from './history.ts';
import type { Told } from './run-history.ts';

/** What many histories come to. */
export interface Tally {
  histories: number;
  steps: number;
  readonly fired: Map<FaultName, number>;
  readonly broken: Map<Invariant, number>;
  readonly failing: Told[];
}

export function createTally(): Tally {
  return {
    histories: 0,
    steps: 0,
    fired: new Map(FAULTS.map((fault) => [fault, 0])),
    broken: new Map(INVARIANTS.map((invariant) => [invariant, 0])),
    failing: [],
  };
}

export function addTo(tally: Tally, told: Told): void {
  tally.histories += 1;
  tally.steps += told.steps;
  for (const fault of FAULTS) tally.fired.set(fault, tally.fired.get(fault)! + told.fired[fault]);
  const [first] = told.violations;
  if (first === undefined) return;
  tally.broken.set(first.invariant, tally.broken.get(first.invariant)! + 1);
  tally.failing.push(told);
}
