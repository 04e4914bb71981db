import { mobile, userId } from '../../support/story-people.ts';
import { anExplanation, aRecord } from '../answers.ts';
import { jsonOf, runCommand } from '../run-command.ts';
import { problem, startSmallApp } from '../small-app.ts';
import type { Answers, SmallApp } from '../small-app.ts';

const EXPLANATION = {
  ...anExplanation(1, {
    person: {
      id: userId(1),
      kind: 'user',
      presence: 'present',
      attributes: { id: userId(1), displayName: 'P…', department: 'Sales', city: null },
      manager: { displayName: 'Q…' },
    },
    scope: {
      inScope: false,
      cause: 'outOfScope',
      reason: 'not-in-scope',
      clauses: [
        { path: 'filters.department', expected: 'one of Sales, Support', value: 'Sales', holds: true },
        { path: 'filters.accountEnabled', expected: 'true', value: false, holds: false },
        { path: 'filters.memberOf', expected: 'a member of g-1', holds: 'unknown' },
        { path: 'filters.city', expected: 'Perth', state: 'never-set', holds: false },
      ],
    },
    mapping: [
      {
        to: 'contact_name',
        steps: [
          { what: 'from displayName', output: 'P…' },
          { what: 'transform trim', input: 'P…', output: 'P…' },
        ],
        value: { first_name: 'P…', last_name: '1…' },
      },
      {
        to: 'date_of_birth',
        steps: [{ what: 'field date_of_birth', input: 'x…', limit: 'a date' }],
        rejected: { field: 'date_of_birth', limit: 'a date' },
      },
      {
        to: 'note',
        steps: [{ what: 'from employeeHireDate', state: 'never-set' }, { what: 'whenEmpty keep' }],
        when: [
          { path: 'when.country', expected: 'AU', value: 'AU', holds: true },
          { path: 'when.state', expected: 'WA', value: 'NSW', holds: false },
          { path: 'when.memberOf', expected: 'a member of g-2', holds: 'unknown' },
        ],
      },
      { to: 'group', steps: [], undecided: true },
    ],
    phone: {
      region: 'AU',
      regionFrom: 'usageLocation',
      e164: '+61 … 001',
      tried: [
        { input: '… 000', reason: 'bad-phone' },
        { input: '… 002', e164: '+61 … 002', type: 'fixed-line', country: 'AU', reason: 'not-mobile' },
        { input: '… 001', e164: '+61 … 001' },
      ],
    },
    match: { how: 'taken', words: 'Somebody else has the number.', contactIds: ['c-1', 'c-2'], holder: userId(2) },
    lists: [
      { name: 'Sales', because: 'mapping.department', joined: true },
      { name: 'On-call', because: 'mapping[4]', joined: false },
    ],
    consent: {
      contactId: 'c-1',
      exists: true,
      numbers: [{ number: '+61 … 001', type: 'SMS', state: 'SUBSCRIBED' }],
      lists: ['Sales'],
    },
    pending: {
      outcome: 'held',
      reason: 'held-removal',
      words: 'It waits for approval.',
      runbook: 'operations.md#approve-or-reject-a-hold',
      runId: 'r-1',
      since: '2026-10-14T06:00:00.000Z',
      until: '2026-10-17T06:00:00.000Z',
    },
    lastChanges: [
      {
        runId: 'r-1',
        at: '2026-10-13T06:00:00.000Z',
        operation: 'create',
        outcome: 'done',
        words: 'Create a contact.',
      },
    ],
    next: aRecord(1, { operation: 'remove', outcome: 'held', words: 'Take off the managed lists.' }),
  }),
  ofANewerApp: { answer: 42 },
};

let app: SmallApp | undefined;

async function appWith(answers: Answers): Promise<SmallApp> {
  app = await startSmallApp(answers);
  return app;
}

describe('explain', () => {
  afterEach(async () => {
    await app?.close();
    app = undefined;
  });

  it('tells everything from the directory to the next run', async () => {
    const shown = await runCommand('explain', await appWith({ [`GET /people/${userId(1)}`]: { body: EXPLANATION } }), {
      arguments: [userId(1)],
    });

    expect(shown.exit).toBe(0);
    expect(shown.out.split('\n')).toEqual([
      `${userId(1)}  user, present`,
      '  displayName          P…',
      '  department           Sales',
      '  manager.displayName  Q…',
      '',
      'Scope  out of scope (outOfScope, not-in-scope)',
      '     Clause                  Expected               Found',
      '  ✔  filters.department      one of Sales, Support  Sales',
      '  ✖  filters.accountEnabled  true                   false',
      '  ?  filters.memberOf        a member of g-1        –',
      '  ✖  filters.city            Perth                  never-set',
      '',
      'Number',
      '  … 000 → not usable (bad-phone); read as in AU, by usageLocation',
      '  … 002 → +61 … 002 (fixed-line, AU), not usable (not-mobile); read as in AU, by',
      '  usageLocation',
      '  … 001 → +61 … 001; read as in AU, by usageLocation',
      '',
      'Mapping',
      '  contact_name   from displayName: P…',
      '                 transform trim: P… → P…',
      '                 = first_name: P…, last_name: 1…',
      '  date_of_birth  field date_of_birth: x… (has to be a date)',
      '                 = refused: date_of_birth has to be a date',
      '  note           when.country AU: AU, holds',
      '                 when.state WA: NSW, does not hold',
      '                 when.memberOf a member of g-2: –, nobody can tell',
      '                 from employeeHireDate: never-set',
      '                 whenEmpty keep',
      '                 = no value',
      '  group          = undecided: a membership decides that nobody can tell',
      '',
      'Match',
      '  taken: Somebody else has the number.',
      '  Contact c-1',
      '  Contact c-2',
      `  Person ${userId(2)}`,
      '',
      'Lists',
      '  Sales    mapping.department',
      '  On-call  mapping[4] (not joined yet)',
      '',
      'Contact in MessageMedia',
      '  +61 … 001 SMS, SUBSCRIBED',
      '  on Sales',
      '',
      'Waiting',
      '  It waits for approval.',
      '  held, held-removal, since Wed 14 Oct 2026, 06:00 UTC until Sat 17 Oct 2026,',
      '  06:00 UTC',
      '  docs/operations.md#approve-or-reject-a-hold',
      '',
      'Last changes',
      '  Tue 13 Oct 2026, 06:00 UTC  create, done: Create a contact.',
      '',
      'ofANewerApp',
      '  {"answer":42}',
      '',
      'The next run',
      '  remove, held: Take off the managed lists.',
      '',
    ]);
  });

  it('shows what there is of somebody of whom little is known', async () => {
    const little = anExplanation(2, {
      person: { id: userId(2), kind: 'user', presence: 'deleted', attributes: {} },
      found: { directory: false, stored: true },
      phone: { reason: 'no-phone', tried: [] },
      match: { how: 'none', words: 'Nobody looks for a contact.' },
    });

    const shown = await runCommand('explain', await appWith({ [`GET /people/${userId(2)}`]: { body: little } }), {
      arguments: [userId(2)],
    });

    expect(shown.out.split('\n')).toEqual([
      `${userId(2)}  user, deleted`,
      '  The directory does not answer for this person; this is how it was last seen.',
      '',
      'Scope  in scope',
      '',
      'Number',
      '  none (no-phone)',
      '',
      'Match',
      '  none: Nobody looks for a contact.',
      '',
      'Lists',
      '  none',
      '',
      'The next run',
      '  none, unchanged: Nothing to do.',
      '',
    ]);
  });

  it('says that a contact is gone or on no list, that no country is known, and how long it waits', async () => {
    const consent = { contactId: 'c-1', exists: false, numbers: [], lists: [] };
    const pending = { ...EXPLANATION.pending!, until: undefined };
    const phone = { tried: [{ input: '… 001' }] };
    const gone = { ...anExplanation(3, { consent, phone }), pending };
    const there = anExplanation(4, { consent: { ...consent, exists: true } });
    const asking = await appWith({
      [`GET /people/${userId(3)}`]: { body: gone },
      [`GET /people/${userId(4)}`]: { body: there },
    });

    const first = await runCommand('explain', asking, { arguments: [userId(3)] });
    const second = await runCommand('explain', asking, { arguments: [userId(4)] });

    expect(first.out).toContain('  It was deleted there.\n');
    expect(first.out).toContain('  … 001 → not usable (bad-phone); no country is known\n');
    expect(first.out).toContain('since Wed 14 Oct 2026, 06:00 UTC\n');
    expect(second.out).toContain('  on no list\n');
  });

  it('says which numbers opted out, by whose word and since when', async () => {
    const optOuts = [
      { number: '+61 … 001', source: 'webhook', since: '2026-10-13T07:00:00.000Z' },
      { number: '+61 … 002', source: 'another', since: '2026-10-13T07:00:00.000Z' },
    ];
    app = await startSmallApp({ [`GET /people/${userId(1)}`]: { body: { ...anExplanation(1), optOuts } } });

    const shown = await runCommand('explain', app, { arguments: [userId(1)] });

    expect(shown.out).toMatch(
      /Opted out\n {2}\+61 … 001 its owner replied STOP, known since .*\n {2}\+61 … 002 another,/,
    );
  });

  it('asks for the values themselves only when told to', async () => {
    const asking = await appWith({
      [`GET /people/${userId(1)}`]: { body: EXPLANATION },
      'POST /people/lookup': { body: EXPLANATION },
    });

    await runCommand('explain', asking, { arguments: [userId(1)], options: { reveal: true } });
    await runCommand('explain', asking, { arguments: [mobile(1)], options: { reveal: true } });

    expect(asking.asked.map(({ path }) => path)).toEqual([
      `/people/${userId(1)}?reveal=true`,
      '/people/lookup?reveal=true',
    ]);
  });

  it.each([
    ['person.1@example.com', { upn: 'person.1@example.com' }],
    [mobile(1), { number: mobile(1) }],
    ['0450 000 001', { number: '0450 000 001' }],
  ])('keeps a name or number out of the address: %s', async (who, body) => {
    const asking = await appWith({ 'POST /people/lookup': { body: EXPLANATION } });

    const shown = await runCommand('explain', asking, { arguments: [who], options: { json: true } });

    expect(jsonOf(shown)).toEqual(EXPLANATION);
    expect(asking.asked).toEqual([{ method: 'POST', path: '/people/lookup', key: 'a-key', body }]);
  });

  it('refuses what nobody is called by, without asking', async () => {
    const asking = await appWith({});

    const shown = await runCommand('explain', asking, { arguments: ['Person One'] });

    expect(shown).toMatchObject({ exit: 2, out: '' });
    expect(asking.asked).toEqual([]);
  });

  it('says that nobody is known by that id', async () => {
    const asking = await appWith({ 'GET /people/mb-1': problem(404, 'person-not-found') });

    const shown = await runCommand('explain', asking, { arguments: ['mb-1'] });

    expect(shown).toMatchObject({ exit: 2, err: '✖ It is person-not-found.\n' });
  });
});
