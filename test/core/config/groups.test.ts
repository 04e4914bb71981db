import { groupsOf } from '../../../src/core/config/groups.ts';
import { aConfig } from './configuration.ts';

const ON_CALL = '0f6d9c1e-2a4b-4c8d-9e10-1a2b3c4d5e6f';
const BOARD = '7b1f0c52-93d4-4c1e-8a6f-2d3e4f5a6b7c';

describe('groupsOf', () => {
  it('names every group of filters and conditions, each once, direct and transitive apart', () => {
    const config = aConfig({
      mapping: [
        { to: 'phone_number', from: 'mobilePhone' },
        { to: 'group', constant: 'On-call', when: { not: { memberOf: ON_CALL.toUpperCase() } } },
        { to: 'note', constant: 'Board', when: { memberOf: BOARD, transitive: true } },
      ],
      filters: { any: [{ memberOf: ON_CALL, transitive: false }, { all: [{ memberOf: ON_CALL, transitive: true }] }] },
    });

    expect(groupsOf(config)).toEqual([
      { groupId: ON_CALL, transitive: false },
      { groupId: ON_CALL, transitive: true },
      { groupId: BOARD, transitive: true },
    ]);
  });

  it('names none where there is none', () => {
    expect(groupsOf(aConfig({ filters: { city: 'Perth' } }))).toEqual([]);
  });
});
