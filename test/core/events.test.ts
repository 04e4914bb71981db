import { EVENT_NAMES, EVENTS, levelOf, paceOf } from '../../src/core/events.ts';
import { COUNT_NAMES } from '../../src/core/run/run-row.ts';

describe('EVENTS', () => {
  it.each(EVENT_NAMES)('names %s after what it is about and what happened', (name) => {
    expect(name).toMatch(/^[a-z]+\.[a-z]+$/);
  });

  it('gives the end of a run everything that a run counts', () => {
    expect(Object.keys(EVENTS['run.ended'].fields.shape)).toEqual(expect.arrayContaining([...COUNT_NAMES]));
  });

  it.each(EVENT_NAMES)('has no field in %s for what is about a person', (name) => {
    const personal = /name|mail|phone|number|upn|address|secret[A-Z]|token$/i;

    expect(Object.keys(EVENTS[name].fields.shape).filter((field) => personal.test(field))).toEqual([]);
  });

  it('takes no field that an event does not have', () => {
    const fields = { runId: 'run-1', displayName: 'Robin' };

    expect(EVENTS['plan.approved'].fields.safeParse(fields).success).toBe(false);
  });
});

describe('levelOf', () => {
  const alert = { ageMs: 0 } as const;

  it('is the level of the event', () => {
    expect(levelOf('sync.resumed', {})).toBe('info');
  });

  it('tells an alert as loudly as it is, and its end quietly', () => {
    expect(levelOf('alert.began', { ...alert, alert: 'removals-held' })).toBe('warn');
    expect(levelOf('alert.continued', { ...alert, alert: 'stale' })).toBe('error');
    expect(levelOf('alert.ended', { ...alert, alert: 'stale' })).toBe('info');
  });
});

describe('paceOf', () => {
  it.each([
    [100, 4_000, 25],
    [1, 3_000, 0.3],
    [3, 0, 3_000],
    [0, 0, 0],
  ])('is %d people in %d ms: %d a second', (people, durationMs, pace) => {
    expect(paceOf(people, durationMs)).toBe(pace);
  });
});
