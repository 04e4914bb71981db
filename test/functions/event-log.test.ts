import { createEventLog } from '../../src/functions/event-log.ts';
import { aContext } from './fake-services.ts';

describe('createEventLog', () => {
  it.each([
    ['debug', 'debug'],
    ['info', 'information'],
    ['warn', 'warning'],
    ['error', 'error'],
  ] as const)('writes %s as one JSON line at the host’s level %s', (level, hostLevel) => {
    const { context, lines } = aContext();

    createEventLog(context).event(level, 'run-started', { runId: 'run-1', lanes: 4, dryRun: false, reason: undefined });

    expect(lines).toEqual([
      { hostLevel, line: { event: 'run-started', level, runId: 'run-1', lanes: 4, dryRun: false } },
    ]);
  });

  it('drops fields that are not on the list, and says which', () => {
    const { context, lines } = aContext();

    createEventLog(context).event('info', 'x', { runId: 'run-1', displayName: 'Robin', mail: 'robin@example.com' });

    expect(lines[0]?.line).toEqual({ event: 'x', level: 'info', runId: 'run-1', droppedFields: 'displayName,mail' });
  });

  it('cuts a value at 200 characters', () => {
    const { context, lines } = aContext();

    createEventLog(context).event('info', 'x', { message: 'y'.repeat(300) });

    expect(lines[0]?.line['message']).toBe('y'.repeat(200));
  });

  it('takes numbers and addresses out of other people’s words', () => {
    const { context, lines } = aContext();

    createEventLog(context).event('error', 'x', { message: 'no <robin@example.com>, "+61491570156", at 08:00+01:00' });

    expect(lines[0]?.line['message']).toBe('no <(address)>, "(number)", at 08:00+01:00');
  });

  it('writes an event without fields', () => {
    const { context, lines } = aContext();

    createEventLog(context).event('info', 'x');

    expect(lines[0]?.line).toEqual({ event: 'x', level: 'info' });
  });
});
