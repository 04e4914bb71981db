import { SyncError } from '../../src/core/errors.ts';
import { ExplanationView } from '../../src/functions/explanation-schema.ts';
import { createGetPerson } from '../../src/functions/get-person.ts';
import { anExplanation, PERSON } from './an-explanation.ts';
import { call, fakeServices } from './fake-services.ts';

function explaining(explanation = anExplanation()) {
  const asked: string[] = [];
  const handler = createGetPerson(
    fakeServices({
      explainPerson: async (_engine, personId) => {
        asked.push(personId);
        return explanation;
      },
    }),
  );
  return { handler, asked };
}

const target = (query = '') => ({ path: `/people/${PERSON}${query}`, params: { personId: PERSON.toUpperCase() } });

describe('createGetPerson', () => {
  it('answers what is known of a person, as documented', async () => {
    const { handler, asked } = explaining();

    const answer = await call(handler, target());

    expect(asked).toEqual([PERSON]);
    expect(answer.status).toBe(200);
    const view = ExplanationView.strict().parse(answer.body);
    expect(view.phone).toMatchObject({ region: 'AU', regionFrom: 'usageLocation', type: 'mobile', country: 'AU' });
    expect(view.pending).toMatchObject({ since: '2026-03-02T06:00:00.000Z', until: '2026-03-02T06:00:01.000Z' });
    expect(view.lastChanges[0]?.at).toBe('2026-03-02T06:00:00.000Z');
    expect(view.person.kind).toBe('user');
    expect(view.mapping[4]?.rejected).toEqual({ field: 'date_of_birth', limit: 'a date' });
    expect(view.mapping[5]?.undecided).toBe(true);
    expect(view.scope.clauses[3]).toEqual({
      path: 'filters.all[2]',
      expected: 'member of a group',
      holds: 'unknown',
    });
  });

  it('masks whatever is about the person, in every part', async () => {
    const { body, lines } = await call(explaining().handler, target());

    expect(JSON.stringify([body, lines])).not.toMatch(/Robin|Rob"|Example|"Baker|Kim|secret|491|570 156/);
    const view = ExplanationView.parse(body);
    expect(view.person.attributes).toEqual({
      displayName: 'R…',
      department: 'Sales',
      accountEnabled: true,
      mobilePhone: '… 156',
      businessPhones: ['+61 … 156', ''],
      onPremisesExtensionAttributes: { extensionAttribute1: 'R…', extensionAttribute2: null },
      manager: { id: '66666666-7777-4888-8999-000000000000' },
      jobTitle: 'B…',
    });
    expect(view.phone).toMatchObject({ input: '… 156', e164: '+61 … 156', tried: [{ input: '…' }, {}] });
    expect(view.consent?.numbers).toEqual([{ number: '+61 … 156', type: 'SMS', state: 'UNSUBSCRIBED' }]);
    expect(view.optOuts).toEqual([{ number: '+61 … 156', source: 'webhook', since: '2026-03-02T06:00:00.000Z' }]);
    expect(view.mapping[0]?.steps[1]).toMatchObject({ input: 'R…', output: ['R…', 'E…'] });
    expect(view.mapping[0]?.value).toEqual({ first_name: 'R…', last_name: '' });
    expect(view.next.fields).toEqual([{ field: 'first_name', before: 'R…', after: 'R…' }]);
  });

  it('shows what is about many: departments, lists, and what the configuration itself says', async () => {
    const { body } = await call(explaining().handler, target());

    const view = ExplanationView.parse(body);
    expect(view.scope.clauses.map(({ value }) => value)).toEqual(['present', 'Sales', 'B…', undefined]);
    expect(view.mapping[2]?.steps.map(({ output }) => output)).toEqual(['On-call', 'On-call team']);
    expect(view.mapping[2]?.when?.[0]?.value).toBe('B…');
    expect(view.mapping[3]?.value).toEqual({ note: 'from the directory' });
    expect(view.person.manager).toEqual({ displayName: 'K…', department: 'Board' });
  });

  it('shows the values themselves when asked to', async () => {
    const { body } = await call(explaining().handler, target('?reveal=true'));

    const view = ExplanationView.parse(body);
    expect(view.person.attributes).toEqual(anExplanation().person.attributes);
    expect(view.mapping[0]?.value).toEqual({ first_name: 'Robin', last_name: '' });
    expect(view.phone).toMatchObject({ input: '0491 570 156', e164: '+61491570156' });
    expect(view.next.fields).toEqual([{ field: 'first_name', before: 'Rob', after: 'Robin' }]);
  });

  it('leaves out what there is not', async () => {
    const { contact: _contact, pending: _pending, ...rest } = anExplanation();
    const { person, phone } = rest;
    const { manager: _manager, ...alone } = person;
    const handler = explaining({
      ...rest,
      person: { ...alone, kind: 'orgContact' },
      phone: { steps: phone.steps, tried: [], reason: 'no-phone' },
      scope: { inScope: false, reason: 'excluded', clauses: [], decidedBy: 'exclude.people' },
      match: { how: 'conflict', words: 'In words.', contactIds: ['contact-1', 'contact-2'] },
      lastChanges: [],
    }).handler;

    const { body } = await call(handler, target());

    const view = ExplanationView.strict().parse(body);
    expect(view.phone).toEqual({ reason: 'no-phone', tried: [] });
    expect(view.match.contactIds).toEqual(['contact-1', 'contact-2']);
    expect(view.scope).toEqual({ inScope: false, reason: 'excluded', clauses: [], decidedBy: 'exclude.people' });
    expect(view.person.kind).toBe('orgContact');
    expect(['consent', 'pending'].filter((part) => part in view)).toEqual([]);
  });

  it.each(['+61491570156', 'robin@example.com', '../runs'])('takes %j for no person', async (personId) => {
    const answer = await call(createGetPerson(fakeServices()), { path: '/people/x', params: { personId } });

    expect(answer.status).toBe(400);
    expect(JSON.stringify([answer.body, answer.lines])).not.toMatch(/491570|robin/);
  });

  it('answers 404 for somebody whom nobody knows', async () => {
    const services = fakeServices({
      explainPerson: async () => {
        throw new SyncError('person-not-found', 'Nobody knows this person.');
      },
    });

    const answer = await call(createGetPerson(services), target());

    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({ code: 'person-not-found' });
  });
});
