import { listTriggers } from '../../src/functions/triggers.ts';
import type { Trigger } from '../../src/functions/triggers.ts';
import { fakeServices } from './fake-services.ts';

function triggersOf<K extends Trigger['kind']>(kind: K, env = {}): Extract<Trigger, { kind: K }>[] {
  return listTriggers(fakeServices(), env).filter(
    (trigger): trigger is Extract<Trigger, { kind: K }> => trigger.kind === kind,
  );
}

describe('listTriggers', () => {
  it('exposes exactly these routes, each with one method', () => {
    expect(triggersOf('http').map(({ name, method, route }) => `${name}: ${method} ${route}`)).toEqual([
      'start-run: POST runs',
      'list-runs: GET runs',
      'get-run: GET runs/{runId}',
      'list-run-records: GET runs/{runId}/records',
      'approve-run: POST runs/{runId}/approve',
      'reject-run: POST runs/{runId}/reject',
      'cancel-run: POST runs/{runId}/cancel',
      'get-person: GET people/{personId}',
      'lookup-person: POST people/lookup',
      'erase-person: POST people/{personId}/erase',
      'adopt-account: POST adopt',
      'pause-sync: POST pause',
      'resume-sync: POST resume',
      'install-webhook: POST webhook',
      'verify-webhook: GET webhook',
      'receive-webhook: POST webhooks/messagemedia',
      'get-status: GET status',
      'get-openapi: GET openapi.json',
      'health: GET health',
    ]);
  });

  it('asks for a function key everywhere but on the liveness probe and the webhook, which has locks of its own', () => {
    const anonymous = triggersOf('http').filter(({ authLevel }) => authLevel !== 'function');

    expect(anonymous.map(({ name }) => name)).toEqual(['receive-webhook', 'health']);
  });

  it('listens to the two queues and to the poison queue of each', () => {
    expect(triggersOf('queue').map(({ name, queueName }) => `${name}: ${queueName}`)).toEqual([
      'advance-run: sync-runs',
      'process-batch: sync-batches',
      'advance-run-poison: sync-runs-poison',
      'process-batch-poison: sync-batches-poison',
    ]);
  });

  it('has one timer, which never runs on start-up', () => {
    const timers = triggersOf('timer');

    expect(timers).toEqual([
      { kind: 'timer', name: 'schedule-sync', schedule: '0 */5 * * * *', handler: expect.any(Function) },
    ]);
  });

  it.each([
    ['0 */2 * * * *', '0 */2 * * * *'],
    ['*/10 * * * *', '0 */10 * * * *'],
    [' */15 * * * * * ', '*/15 * * * * *'],
  ])('takes the tick %j from SYNC_TICK', (SYNC_TICK, schedule) => {
    expect(triggersOf('timer', { SYNC_TICK })[0]?.schedule).toBe(schedule);
  });

  it.each([[''], ['often'], ['0 61 * * * *'], ['@hourly'], ['0 0 0 31 2 *'], ['00:05:00']])(
    'falls back to five minutes when SYNC_TICK is %j: the host would not index the function',
    (SYNC_TICK) => {
      expect(triggersOf('timer', { SYNC_TICK })[0]?.schedule).toBe('0 */5 * * * *');
    },
  );

  it('gives every function a name of its own', () => {
    const names = listTriggers(fakeServices(), {}).map(({ name }) => name);

    expect(new Set(names).size).toBe(names.length);
  });
});
