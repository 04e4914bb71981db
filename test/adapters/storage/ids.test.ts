import { createIds } from '../../../src/adapters/storage/ids.ts';

describe('createIds', () => {
  it('never gives the same id twice, and each can be a row key', () => {
    const { next } = createIds();

    const ids = Array.from({ length: 1_000 }, () => next());

    expect(new Set(ids).size).toBe(1_000);
    expect(ids.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
  });
});
