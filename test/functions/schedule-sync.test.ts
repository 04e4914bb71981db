import type { Timer } from '@azure/functions';
import { SyncError } from '../../src/core/errors.ts';
import { createScheduleSync } from '../../src/functions/schedule-sync.ts';
import { aContext, ENGINE, fakeServices } from './fake-services.ts';

const TIMER = { isPastDue: false } as Timer;

describe('createScheduleSync', () => {
  it('ticks', async () => {
    const ticked: unknown[] = [];
    const handler = createScheduleSync(fakeServices({ tick: async (engine) => void ticked.push(engine) }));

    await handler(TIMER, aContext().context);

    expect(ticked).toEqual([ENGINE]);
  });

  it('shows a failed tick as a failed invocation', async () => {
    const { context, lines } = aContext();
    const engine = async () => {
      throw new SyncError('configuration-invalid', 'The configuration has 1 problem.', {
        problems: [{ path: 'sync.schedule', line: 4, secret: { not: 'logged' } }, 'odd'],
      });
    };

    await expect(createScheduleSync(fakeServices({}, { engine }))(TIMER, context)).rejects.toMatchObject({
      code: 'configuration-invalid',
    });

    expect(lines.map(({ line }) => line)).toEqual([
      expect.objectContaining({ event: 'tick.failed', code: 'configuration-invalid' }),
      { event: 'problem.found', level: 'error', path: 'sync.schedule', line: 4 },
      { event: 'problem.found', level: 'error' },
    ]);
  });
});
