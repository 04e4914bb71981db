import { createIds } from '../../../src/adapters/storage/ids.ts';

describe('createIds', () => {
  it('never gives the same id twice, and each can be a row key', () => {
    const ids = createIds();

    const made = Array.from({ length: 1_000 }, () => ids.next());

    expect(new Set(made).size).toBe(1_000);
    expect(made.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
  });
});
