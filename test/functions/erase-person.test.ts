import { SyncError } from '../../src/core/errors.ts';
import { ErasureView } from '../../src/functions/api-schemas.ts';
import { createErasePerson } from '../../src/functions/erase-person.ts';
import { call, fakeServices } from './fake-services.ts';

const PERSON = '11111111-aaaa-4333-8444-555555555555';

function target(personId: string) {
  return { method: 'POST', path: `/people/${PERSON}/erase`, params: { personId } } as const;
}

describe('createErasePerson', () => {
  it('forgets the person and says what stays', async () => {
    const erased: string[] = [];
    const services = fakeServices({
      erasePerson: async (_engine, personId) => {
        erased.push(personId);
        return { personId, rows: 7, kept: ['consent'] };
      },
    });

    const answer = await call(createErasePerson(services), target(PERSON.toUpperCase()));

    expect(erased).toEqual([PERSON]);
    expect(answer.status).toBe(200);
    expect(ErasureView.strict().parse(answer.body)).toEqual({ personId: PERSON, rows: 7, kept: ['consent'] });
  });

  it.each(['', '+61491570156', 'robin@example.com', `${PERSON}x`, '../state', PERSON.replaceAll('-', '')])(
    'takes %j for no person, and does not say it back',
    async (personId) => {
      const answer = await call(createErasePerson(fakeServices()), target(personId));

      expect(answer.status).toBe(400);
      expect(answer.body['problems']).toEqual([{ path: 'personId', message: 'must be an object id (a GUID)' }]);
      expect(JSON.stringify([answer.body, answer.lines])).not.toMatch(/491570|robin/);
    },
  );

  it('waits for nobody: a run under way is 409', async () => {
    const services = fakeServices({
      erasePerson: async () => {
        throw new SyncError('run-active', 'Run run-1 is active.', { runId: 'run-1' });
      },
    });

    const answer = await call(createErasePerson(services), target(PERSON));

    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ code: 'run-active', runId: 'run-1' });
  });
});
