import type { Verdict } from '../../../src/core/people/filter.ts';
import type { MappingContext } from '../../../src/core/people/rule-value.ts';
import { createTestDigest } from '../../support/test-digest.ts';

export const NOW = Date.UTC(2026, 2, 10, 12);

/** Group ids as the directory has them. */
export const ON_CALL = '0f6d9c1e-2a4b-4c8d-9e10-1a2b3c4d5e6f';
export const BOARD = '7b1f0c52-93d4-4c1e-8a6f-2d3e4f5a6b7c';

/** A noon in March, the real digest, and the groups whose member the person is: the id, or `<id> transitive`. */
export function aContext(memberships: Readonly<Record<string, Verdict>> = {}): MappingContext {
  return {
    now: NOW,
    isMember: (groupId, transitive) => memberships[transitive ? `${groupId} transitive` : groupId] ?? false,
    digest: createTestDigest(),
  };
}
