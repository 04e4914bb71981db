import type { ContractProblem } from './contract.ts';

/** A request of a client, or an answer of the simulator itself, that the vendor's contract does not allow. */
export interface Violation extends ContractProblem {
  readonly side: 'request' | 'answer';
  readonly method: string;
  readonly path: string;
  /** Of an answer. */
  readonly status?: number;
}

/** Throws one error that lists every violation; does nothing when there is none. */
export function assertNone(violations: readonly Violation[]): void {
  if (violations.length === 0) return;
  const lines = violations.map(describe);
  throw new Error(`${violations.length} violation(s) of the MessageMedia contract:\n${lines.join('\n')}`);
}

function describe({ side, method, path, status, where, what }: Violation): string {
  const subject = status === undefined ? `${method} ${path}` : `${method} ${path} → ${status}`;
  return `  ${side} ${subject}: ${where} ${what}`;
}
