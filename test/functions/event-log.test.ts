import type { EventFields } from '../../src/core/events.ts';
import { createEventLog } from '../../src/functions/event-log.ts';
import { aContext } from './fake-services.ts';

const STARTED: EventFields<'run.started'> = { runId: 'run-1', mode: 'delta', trigger: 'http', dryRun: false };

describe('createEventLog', () => {
  it.each([
    ['links.stored', { runId: 'run-1', people: 4 }, 'debug', 'debug'],
    ['plan.approved', { runId: 'run-1' }, 'info', 'information'],
    ['plan.lapsed', { runId: 'run-1' }, 'warn', 'warning'],
    ['run.poisoned', { runId: 'run-1', phase: 'read' }, 'error', 'error'],
  ] as const)('writes %s as one JSON line at its level', (name, fields, level, hostLevel) => {
    const { context, lines } = aContext();

    createEventLog(context).event(name, fields);

    expect(lines).toEqual([{ hostLevel, line: { event: name, level, ...fields } }]);
  });

  it('leaves out what is not known', () => {
    const { context, lines } = aContext();

    createEventLog(context).event('run.started', { ...STARTED, reason: undefined });

    expect(lines[0]?.line).toEqual({ event: 'run.started', level: 'info', ...STARTED });
  });

  it('drops fields that the event does not have, and says which', () => {
    const { context, lines } = aContext();
    const fields = { runId: 'run-1', displayName: 'Robin', mail: 'robin@example.com' };

    createEventLog(context).event('plan.approved', fields);

    expect(lines[0]?.line).toEqual({
      event: 'plan.approved',
      level: 'info',
      runId: 'run-1',
      droppedFields: 'displayName,mail',
    });
  });

  it('cuts a value at 200 characters', () => {
    const { context, lines } = aContext();

    createEventLog(context).event('problem.found', { found: 'y'.repeat(300) });

    expect(lines[0]?.line['found']).toBe('y'.repeat(200));
  });

  it('takes numbers and addresses out of other people’s words', () => {
    const { context, lines } = aContext();

    createEventLog(context).event('problem.found', { found: 'no <robin@example.com>, "+61491570156", at 08:00+01:00' });

    expect(lines[0]?.line['found']).toBe('no <(address)>, "(number)", at 08:00+01:00');
  });

  it('writes an event without fields', () => {
    const { context, lines } = aContext();

    createEventLog(context).event('sync.resumed', {});

    expect(lines[0]?.line).toEqual({ event: 'sync.resumed', level: 'info' });
  });
});
