import { SyncError } from '../../src/core/errors.ts';
import { ExplanationView } from '../../src/functions/explanation-schema.ts';
import { createLookupPerson } from '../../src/functions/lookup-person.ts';
import { anExplanation } from './an-explanation.ts';
import { call, fakeServices } from './fake-services.ts';

const NUMBER = '+61491570156';

function lookingUp() {
  const asked: unknown[] = [];
  const handler = createLookupPerson(
    fakeServices({
      lookUpPerson: async (_engine, lookup) => {
        asked.push(lookup);
        return anExplanation();
      },
    }),
  );
  return { handler, asked };
}

const post = (body: unknown, query = '') => ({ method: 'POST', path: `/people/lookup${query}`, body }) as const;

describe('createLookupPerson', () => {
  it.each([
    [{ upn: ' robin@example.com ' }, { upn: 'robin@example.com' }],
    [{ number: NUMBER }, { number: NUMBER }],
  ])('looks up %j, and answers with masks', async (body, lookup) => {
    const { handler, asked } = lookingUp();

    const answer = await call(handler, post(body));

    expect(asked).toEqual([lookup]);
    expect(answer.status).toBe(200);
    ExplanationView.strict().parse(answer.body);
    expect(JSON.stringify([answer.body, answer.lines])).not.toMatch(/Robin|robin|491570156/);
  });

  it('shows values when asked to', async () => {
    const { body } = await call(lookingUp().handler, post({ number: NUMBER }, '?reveal=true'));

    expect(ExplanationView.parse(body).person.attributes['displayName']).toBe('Robin Example');
  });

  it.each([
    ['neither', {}],
    ['both', { upn: 'robin@example.com', number: NUMBER }],
    ['another name', { mail: 'robin@example.com' }],
    ['a number that is none', { number: 61491570156 }],
    ['a long text', { upn: `${'robin'.repeat(70)}@example.com` }],
  ])('refuses %s, and says nothing back', async (_what, body) => {
    const { handler, asked } = lookingUp();

    const answer = await call(handler, post(body));

    expect(asked).toEqual([]);
    expect(answer.status).toBe(400);
    expect(JSON.stringify([answer.body, answer.lines])).not.toMatch(/robin|491570/);
  });

  it('names contacts that have the number when nobody knows whose they are', async () => {
    const services = fakeServices({
      lookUpPerson: async () => {
        throw new SyncError('person-not-found', 'In words.', { contactIds: ['contact-9'] });
      },
    });

    const answer = await call(createLookupPerson(services), post({ number: NUMBER }));

    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({ code: 'person-not-found', contactIds: ['contact-9'] });
  });
});
