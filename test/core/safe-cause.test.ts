import { safeCause } from '../../src/core/safe-cause.ts';

describe('safeCause', () => {
  it('keeps the name and the code of an error, and nothing else', () => {
    const original = Object.assign(new TypeError('canary'), { code: 'ECONNRESET', request: { body: 'canary' } });

    const cause = safeCause(original);

    expect(cause.message).toBe('TypeError ECONNRESET');
    expect(JSON.stringify(cause)).not.toContain('canary');
  });

  it.each([
    [new Error('canary'), 'Error'],
    [Object.assign(new Error('canary'), { code: 7 }), 'Error'],
    [Object.assign(new Error('canary'), { code: 'a canary' }), 'Error'],
    ['canary', 'Something that is no error was thrown.'],
  ])('makes a cause of %p', (thrown, message) => {
    expect(safeCause(thrown).message).toBe(message);
  });
});
