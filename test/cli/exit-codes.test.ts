import { EXIT, exitOfCode, exitOfRun } from '../../src/cli/exit-codes.ts';
import { SYNC_ERRORS } from '../../src/core/errors.ts';
import { aRun } from './answers.ts';

const HOLD = { rule: 'max-removals', operations: 30, limit: 20, recent: 0, members: 90 } as const;

describe('exitOfCode', () => {
  it.each([
    ['configuration-invalid', EXIT.usage],
    ['run-active', EXIT.usage],
    ['access-denied', EXIT.access],
    ['forbidden', EXIT.access],
    ['neighbour-unavailable', EXIT.neighbourDown],
    ['directory-unreadable', EXIT.neighbourDown],
    ['unexpected', EXIT.unexpected],
    ['of-a-newer-app', EXIT.unexpected],
    ['constructor', EXIT.unexpected],
  ])('makes %s %d', (code, exit) => {
    expect(exitOfCode(code)).toBe(exit);
  });

  it.each([
    [404, EXIT.usage],
    [403, EXIT.access],
    [503, EXIT.unexpected],
  ])('goes by the status %d for a code of a newer app', (status, exit) => {
    expect(exitOfCode('of-a-newer-app', status)).toBe(exit);
  });

  it('takes no error for a success', () => {
    expect(Object.keys(SYNC_ERRORS).filter((code) => exitOfCode(code) === EXIT.ok)).toEqual([]);
  });
});

describe('exitOfRun', () => {
  it.each([
    ['completed', aRun(), EXIT.ok],
    ['under way', aRun({ state: 'running' }), EXIT.ok],
    ['held', aRun({ state: 'held' }), EXIT.held],
    ['a dry run that would hold something', aRun({ dryRun: true, holds: [HOLD] }), EXIT.held],
    ['a run whose hold was decided', aRun({ holds: [HOLD] }), EXIT.ok],
    ['not for everybody', aRun({ state: 'completed-with-errors' }), EXIT.peopleFailed],
    ['failed for access', aRun({ state: 'failed', error: { code: 'access-denied', message: '' } }), EXIT.access],
    ['failed without a word', aRun({ state: 'failed' }), EXIT.unexpected],
    ['cancelled', aRun({ state: 'cancelled' }), EXIT.unexpected],
  ])('says how it ended: %s', (_name, run, exit) => {
    expect(exitOfRun(run)).toBe(exit);
  });
});
