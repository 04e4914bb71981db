import { OPERATION_KINDS } from '../../../src/core/plan/operation.ts';
import { MAIN_WAVE, REMOVAL_WAVE, wavesOf } from '../../../src/core/run/judge-run.ts';
import { anOperation } from '../../support/plan.ts';

describe('wavesOf', () => {
  it.each(OPERATION_KINDS)('puts "%s" into its wave', (kind) => {
    const idle = kind === 'none' || kind === 'skip';

    expect(wavesOf(anOperation({ kind }), undefined)).toEqual(
      idle ? [] : [kind === 'remove' ? REMOVAL_WAVE : MAIN_WAVE],
    );
  });

  it('puts removals before everything else, so that what they free can be taken', () => {
    expect(REMOVAL_WAVE).toBeLessThan(MAIN_WAVE);
  });

  it.each(['none', 'skip'] as const)('leaves "%s" out whatever the verdict', (kind) => {
    expect(wavesOf(anOperation({ kind }), { wave: MAIN_WAVE, approved: true })).toEqual([]);
  });

  it.each(['held', 'rejected', 'skipped'] as const)('leaves out what is %s', (outcome) => {
    expect(wavesOf(anOperation(), { outcome, reason: 'held-change', wave: 0 })).toEqual([]);
  });

  it.each([
    ['an approved removal', { wave: REMOVAL_WAVE, approved: true }, [REMOVAL_WAVE]],
    ['a hand-over that waits for two others', { wave: MAIN_WAVE + 2, after: 'bob' }, [MAIN_WAVE + 2]],
    ['who breaks a ring of three', { wave: MAIN_WAVE + 3, releaseWave: MAIN_WAVE }, [MAIN_WAVE, MAIN_WAVE + 3]],
  ])('works on %s as the verdict says', (_name, verdict, waves) => {
    expect(wavesOf(anOperation(), verdict)).toEqual(waves);
  });
});
