import { nextWave } from '../../../src/core/run/waves.ts';
import { aRun } from '../../support/run.ts';

describe('nextWave', () => {
  it.each([
    [0, 1],
    [1, 2],
    [2, 10],
    [9, 10],
    [10, undefined],
  ])('after wave %d comes wave %j', (wave, next) => {
    expect(nextWave(aRun({ waves: { '1': [0], '10': [3], '2': [1, 2] } }), wave)).toBe(next);
  });

  it('is none when there is nothing to apply', () => {
    expect(nextWave(aRun(), 0)).toBeUndefined();
  });
});
