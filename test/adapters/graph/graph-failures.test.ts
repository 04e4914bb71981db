import { isResyncNeeded, judgeRefusal } from '../../../src/adapters/graph/graph-failures.ts';

const STORED = { name: 'users/delta', delta: { hasToken: true } };
const FIRST = { name: 'users/delta', delta: { hasToken: false } };
const OTHER = { name: '$batch' };

function aRefusal(status: number, error?: object) {
  return { status, header: () => undefined, body: error === undefined ? undefined : { error } };
}

describe('isResyncNeeded', () => {
  it.each<[string, number, object | undefined, boolean]>([
    ['410 without a body', 410, undefined, true],
    ['410 with any code', 410, { code: 'Whatever' }, true],
    ['resyncRequired', 400, { code: 'resyncRequired' }, true],
    ['SyncStateNotFound in another case', 404, { code: 'SYNCSTATENOTFOUND' }, true],
    ['a code further in', 400, { code: 'BadRequest', innerError: { code: 'resyncApplyDifferences' } }, true],
    [
      'a code further in, in the other spelling',
      400,
      { code: 'x', innererror: { code: 'resyncUploadDifferences' } },
      true,
    ],
    ['a page token that has expired', 400, { code: 'Directory_ExpiredPageToken', message: 'x' }, true],
    [
      'a token whose generation is gone',
      400,
      { code: 'BadRequest', message: 'x', innerError: { code: 'syncStateNotFound' } },
      true,
    ],
    [
      'a link that was damaged',
      400,
      { code: 'BadRequest', message: "Both skiptoken and deltatoken can't be in the same request." },
      true,
    ],
    ['a message in other letters', 400, { code: 'x', message: 'BADLY FORMED TOKEN' }, true],
    ['a malformed token', 400, { code: 'BadRequest', message: 'Badly formed token.' }, true],
    ['a chain that took too long', 400, { code: 'x', message: 'Sync must reach steady state within 30 days.' }, true],
    ['another 400', 400, { code: 'BadRequest', message: 'Invalid query.' }, false],
    ['the message with another status', 403, { code: 'x', message: 'Badly formed token.' }, false],
    ['an outage, whatever it says', 503, { code: 'resyncRequired' }, false],
  ])('judges %s', (_what, status, error, expected) => {
    expect(isResyncNeeded(aRefusal(status, error), STORED)).toBe(expected);
  });

  it('believes messages only about a token that was sent', () => {
    const refusal = aRefusal(400, { code: 'BadRequest', message: 'Badly formed token.' });

    expect(isResyncNeeded(refusal, FIRST)).toBe(false);
  });

  it.each([
    ['Badly formed token.', 'malformed'],
    ["Both skiptoken and deltatoken can't be in the same request.", 'malformed'],
    ['Sync must reach steady state within 30 days.', 'expired'],
  ])('tells what was damaged here from what has grown old: %s', (message, word) => {
    const { error } = judgeRefusal(aRefusal(400, { code: 'BadRequest', message }), STORED, 0);

    expect(error.failure).toBe('resync');
    expect(error.message).toContain(word);
    expect(error.message).not.toContain('steady');
  });

  it('needs no address to start again from, and follows none', () => {
    const location = 'https://graph.example.com/v1.0/users/delta?$deltatoken=';
    const gone = { status: 410, header: () => location, body: undefined };

    expect(isResyncNeeded(gone, STORED)).toBe(true);
    expect(JSON.stringify(judgeRefusal(gone, STORED, 0).error)).not.toContain('example.com');
  });

  it('is about the change chain alone', () => {
    expect(isResyncNeeded(aRefusal(410), OTHER)).toBe(false);
  });
});

describe('judgeRefusal', () => {
  it('calls a token that Graph no longer knows expired', () => {
    expect(judgeRefusal(aRefusal(410), STORED, 0).error.message).toContain('expired');
  });

  it('keeps the most specific code and the request id of the body', () => {
    const innerError = { code: 'TooBusy', 'request-id': '0f0f0f0f-1111-4222-8333-444444444444' };

    const { error } = judgeRefusal(aRefusal(503, { code: 'ServiceUnavailable', innerError }), OTHER, 0);

    expect(error.detail).toEqual({ status: 503, neighbourCode: 'TooBusy', requestId: innerError['request-id'] });
  });

  it.each([
    [412, 'final', 'conflict'],
    [509, 'again', 'throttled'],
    [507, 'again', 'unavailable'],
    [304, 'final', 'unexpected-answer'],
    [413, 'final', 'invalid'],
  ])('takes %i for %s: %s', (status, kind, failure) => {
    const setback = judgeRefusal(aRefusal(status), OTHER, 0);

    expect([setback.kind, setback.error.failure]).toEqual([kind, failure]);
  });
});
