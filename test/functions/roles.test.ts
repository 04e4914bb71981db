import { createServices } from '../../src/functions/services.ts';
import type { Services } from '../../src/functions/services.ts';
import { trustsEasyAuth } from '../../src/functions/setting-rules.ts';
import { listTriggers } from '../../src/functions/triggers.ts';
import type { UseCases } from '../../src/functions/use-cases.ts';
import { codesIn, readText, rowsByCode } from '../docs/markdown.ts';
import { anExplanation } from './an-explanation.ts';
import { aRun, call, fakeServices } from './fake-services.ts';
import type { Call } from './fake-services.ts';

type Role = 'Sync.Read' | 'Sync.Run' | 'Sync.Approve' | 'Sync.Admin';

const PERSON = '11111111-2222-4333-8444-555555555555';
const OF_RUN = { runId: 'run-1' };
const DECISION = { planHash: 'hash-1' };
const OF_PERSON = { personId: PERSON };
const LOOKUP = { upn: 'somebody@example.com' };

const WEBHOOK = { url: 'https://sync.example.com', registered: true, signing: 'off', problems: [] } as const;

/** Every call of the API, with the role that the contract asks for. */
const CALLS: readonly (readonly [name: string, call: Call, needed: Role])[] = [
  ['start-run', { method: 'POST', path: '/runs' }, 'Sync.Run'],
  ['start-run', { method: 'POST', path: '/runs', body: { dryRun: false } }, 'Sync.Run'],
  ['start-run', { method: 'POST', path: '/runs', body: { dryRun: true } }, 'Sync.Read'],
  ['start-run', { method: 'POST', path: '/runs', headers: { 'idempotency-key': 'key-1' } }, 'Sync.Run'],
  ['list-runs', { path: '/runs' }, 'Sync.Read'],
  ['get-run', { path: '/runs/run-1', params: OF_RUN }, 'Sync.Read'],
  ['list-run-records', { path: '/runs/run-1/records', params: OF_RUN }, 'Sync.Read'],
  ['list-run-records', { path: '/runs/run-1/records?reveal=false', params: OF_RUN }, 'Sync.Read'],
  ['list-run-records', { path: '/runs/run-1/records?reveal=true', params: OF_RUN }, 'Sync.Admin'],
  ['approve-run', { method: 'POST', path: '/runs/run-1/approve', params: OF_RUN, body: DECISION }, 'Sync.Approve'],
  ['reject-run', { method: 'POST', path: '/runs/run-1/reject', params: OF_RUN, body: DECISION }, 'Sync.Approve'],
  ['cancel-run', { method: 'POST', path: '/runs/run-1/cancel', params: OF_RUN }, 'Sync.Run'],
  ['start-run', { method: 'POST', path: '/runs', body: { people: [PERSON] } }, 'Sync.Run'],
  ['start-run', { method: 'POST', path: '/runs', body: { people: [PERSON], dryRun: true } }, 'Sync.Read'],
  ['get-person', { path: `/people/${PERSON}`, params: OF_PERSON }, 'Sync.Read'],
  ['get-person', { path: `/people/${PERSON}?reveal=false`, params: OF_PERSON }, 'Sync.Read'],
  ['get-person', { path: `/people/${PERSON}?reveal=true`, params: OF_PERSON }, 'Sync.Admin'],
  ['lookup-person', { method: 'POST', path: '/people/lookup', body: LOOKUP }, 'Sync.Read'],
  ['lookup-person', { method: 'POST', path: '/people/lookup?reveal=true', body: LOOKUP }, 'Sync.Admin'],
  ['adopt-account', { method: 'POST', path: '/adopt' }, 'Sync.Admin'],
  ['adopt-account', { method: 'POST', path: '/adopt', body: { dryRun: true } }, 'Sync.Admin'],
  ['erase-person', { method: 'POST', path: `/people/${PERSON}/erase`, params: { personId: PERSON } }, 'Sync.Admin'],
  ['pause-sync', { method: 'POST', path: '/pause' }, 'Sync.Admin'],
  ['resume-sync', { method: 'POST', path: '/resume' }, 'Sync.Admin'],
  ['install-webhook', { method: 'POST', path: '/webhook' }, 'Sync.Admin'],
  ['verify-webhook', { path: '/webhook' }, 'Sync.Read'],
  ['get-status', { path: '/status' }, 'Sync.Read'],
  ['get-openapi', { path: '/openapi.json' }, 'Sync.Read'],
];

/** Who has what a role allows. */
const HOLDERS: Readonly<Record<Role, readonly Role[]>> = {
  'Sync.Read': ['Sync.Read', 'Sync.Run', 'Sync.Approve', 'Sync.Admin'],
  'Sync.Run': ['Sync.Run', 'Sync.Admin'],
  'Sync.Approve': ['Sync.Approve', 'Sync.Admin'],
  'Sync.Admin': ['Sync.Admin'],
};
const ROLES = HOLDERS['Sync.Read'];
const ROLE_CLAIM = 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role';

function inBase64(principal: unknown): string {
  return Buffer.from(typeof principal === 'string' ? principal : JSON.stringify(principal)).toString('base64');
}

function aPrincipal(claims: readonly { typ: string; val: string }[]): string {
  return inBase64({ auth_typ: 'aad', claims, name_typ: 'name', role_typ: ROLE_CLAIM });
}

function withRoles(...roles: readonly string[]): string {
  return aPrincipal(roles.map((val) => ({ typ: 'roles', val })));
}

/** Services whose use-cases all succeed and say that they were called. */
function openServices(trusts: boolean): { services: Services; called: string[] } {
  const called: string[] = [];
  const done =
    <T>(name: string, value: T) =>
    async (): Promise<T> => {
      called.push(name);
      return value;
    };
  const useCases: Partial<UseCases> = {
    startRun: done('startRun', aRun()),
    startRunOnce: done('startRunOnce', aRun()),
    listRuns: done('listRuns', { items: [] }),
    readRun: done('readRun', aRun()),
    listRecords: done('listRecords', { items: [] }),
    approveRun: done('approveRun', undefined),
    rejectRun: done('rejectRun', undefined),
    cancelRun: done('cancelRun', aRun()),
    pauseSync: done('pauseSync', { paused: true, since: 1 }),
    resumeSync: done('resumeSync', { paused: false }),
    findPeople: done('findPeople', { people: [PERSON], read: { found: [], missing: [] }, graphCalls: 1 }),
    explainPerson: done('explainPerson', anExplanation()),
    lookUpPerson: done('lookUpPerson', anExplanation()),
    adoptAccount: done('adoptAccount', aRun()),
    erasePerson: done('erasePerson', { personId: PERSON, rows: 1, kept: ['consent'] as const }),
    installWebhook: done('installWebhook', WEBHOOK),
    verifyWebhook: done('verifyWebhook', WEBHOOK),
    readStatus: done('readStatus', {
      alerts: [],
      pending: {},
      held: 0,
      leaversKept: 0,
      schedule: { words: '', fullWords: '', next: [] },
    }),
  };
  const neighbours = done('neighbours', []);
  return { services: fakeServices(useCases, { trustsEasyAuth: trusts, neighbours }), called };
}

async function ask(name: string, request: Call, header: string | undefined, trusts = true) {
  const { services, called } = openServices(trusts);
  const trigger = listTriggers(services, {}).find((one) => one.name === name);
  if (trigger?.kind !== 'http') throw new Error(`There is no HTTP function ${name}.`);
  const principal = header === undefined ? {} : { 'x-ms-client-principal': header };
  const answer = await call(trigger.handler, { ...request, headers: { ...request.headers, ...principal } });
  return { ...answer, called };
}

const titled = CALLS.map(([name, request, needed]) => {
  const extra = request.headers === undefined ? '' : ' with a key';
  const body = request.body === undefined ? '' : ` ${JSON.stringify(request.body)}`;
  return [`${request.method ?? 'GET'} ${request.path}${body}${extra}`, name, request, needed] as const;
});

describe('the roles', () => {
  it('are asked for by every HTTP function but the liveness probe and the webhook', () => {
    const functions = listTriggers(fakeServices(), {}).flatMap((one) => (one.kind === 'http' ? [one.name] : []));

    expect([...new Set(CALLS.map(([name]) => name)), 'health', 'receive-webhook'].toSorted()).toEqual(
      functions.toSorted(),
    );
  });

  it.each(
    titled.flatMap(([title, name, request, needed]) =>
      ROLES.map((role) => [title, role, name, request, needed] as const),
    ),
  )('%s is for %s what the contract says', async (_title, role, name, request, needed) => {
    const answer = await ask(name, request, withRoles(role));

    if (HOLDERS[needed].includes(role)) {
      expect(answer.status).toBeLessThan(300);
    } else {
      expect(answer.status).toBe(403);
      expect(answer.body).toMatchObject({ code: 'forbidden', role: needed, detail: expect.stringContaining(needed) });
      expect(answer.called).toEqual([]);
    }
  });

  it.each<[string, string | undefined]>([
    ['is absent', undefined],
    ['is empty', ''],
    ['is no base64', '{"claims":[{"typ":"roles","val":"Sync.Admin"}]}'],
    ['is no JSON', inBase64('Sync.Admin')],
    ['is JSON of another kind', inBase64(['Sync.Admin'])],
    ['is null', inBase64('null')],
    ['has no claims', inBase64({ auth_typ: 'aad', role_typ: 'roles', roles: ['Sync.Admin'] })],
    ['has claims of another kind', inBase64({ claims: { typ: 'roles', val: 'Sync.Admin' } })],
    ['has a claim without a value', inBase64({ claims: [{ typ: 'roles', val: 'Sync.Admin' }, { typ: 'roles' }] })],
    ['has a claim that is a list', inBase64({ claims: [{ typ: 'roles', val: ['Sync.Admin'] }] })],
    ['came twice', `${withRoles('Sync.Admin')}, ${withRoles('Sync.Admin')}`],
    ['is larger than any', withRoles('Sync.Admin', 'x'.repeat(70_000))],
    ['names roles of another app', withRoles('Sync.admin', 'sync.admin', 'Admin', 'Sync.Admin ', '')],
    ['has the role as a claim of another type', aPrincipal([{ typ: 'groups', val: 'Sync.Admin' }])],
  ])('are none when the header %s', async (_what, header) => {
    for (const [, name, request] of titled) {
      const answer = await ask(name, request, header);

      expect([name, answer.status, answer.body['code']]).toEqual([name, 403, 'forbidden']);
      expect(answer.called).toEqual([]);
    }
  });

  it('are read from the type that the principal names, too', async () => {
    const header = aPrincipal([{ typ: ROLE_CLAIM, val: 'Sync.Read' }]);

    expect((await ask('get-run', { path: '/runs/run-1', params: OF_RUN }, header)).status).toBe(200);
  });

  it('add up', async () => {
    const header = withRoles('Sync.Run', 'Sync.Approve', 'Something.Else');

    const [run, approve, erase] = await Promise.all([
      ask('cancel-run', { method: 'POST', path: '/runs/run-1/cancel', params: OF_RUN }, header),
      ask('approve-run', { method: 'POST', path: '/runs/run-1/approve', params: OF_RUN, body: DECISION }, header),
      ask('pause-sync', { method: 'POST', path: '/pause' }, header),
    ]);

    expect([run.status, approve.status, erase.status]).toEqual([202, 202, 403]);
  });

  it('are refused without a word about the person', async () => {
    const header = aPrincipal([
      { typ: 'name', val: 'Robin Example' },
      { typ: 'preferred_username', val: 'robin@example.com' },
    ]);

    const { body, lines } = await ask('get-status', { path: '/status' }, header);

    expect(JSON.stringify([body, lines])).not.toMatch(/robin/i);
    expect(lines).toEqual([
      { hostLevel: 'information', line: expect.objectContaining({ event: 'request.refused', code: 'forbidden' }) },
    ]);
  });

  it.each(ROLES)('are told in docs/security.md with the functions that they open: %s', (role) => {
    const row = rowsByCode(readText('docs/security.md'), 'Keys and roles').get(role) ?? [];

    const functions = new Set(CALLS.filter(([, , needed]) => needed === role).map(([name]) => name));

    expect(codesIn(row[2])).toEqual(expect.arrayContaining([...functions]));
  });

  it('do not keep the liveness probe from answering', async () => {
    expect((await ask('health', { path: '/health' }, undefined)).status).toBe(200);
  });
});

describe('without trust in App Service authentication', () => {
  const forged = [undefined, '', 'nonsense', withRoles('Sync.Read'), withRoles('Sync.Admin'), withRoles('Nothing')];

  it.each(titled)('%s is for whoever has the key, and the header changes nothing', async (_title, name, request) => {
    const answers = await Promise.all(forged.map((header) => ask(name, request, header, false)));

    const [plain, ...others] = answers.map(({ status, body, called }) => ({ status, body, called }));
    expect(plain?.status).toBeLessThan(300);
    for (const other of others) expect(other).toEqual(plain);
  });
});

describe('trustsEasyAuth', () => {
  it.each([
    [{}, false],
    [{ TRUST_EASY_AUTH: 'false', WEBSITE_AUTH_ENABLED: 'True' }, false],
    [{ WEBSITE_AUTH_ENABLED: 'True' }, false],
    [{ TRUST_EASY_AUTH: 'true' }, false],
    [{ TRUST_EASY_AUTH: 'true', WEBSITE_AUTH_ENABLED: 'False' }, false],
    [{ TRUST_EASY_AUTH: 'true', WEBSITE_AUTH_ENABLED: '1' }, false],
    [{ TRUST_EASY_AUTH: 'TRUE', WEBSITE_AUTH_ENABLED: 'True' }, false],
    [{ TRUST_EASY_AUTH: 'true', WEBSITE_AUTH_ENABLED: 'True' }, true],
    [{ TRUST_EASY_AUTH: 'true', WEBSITE_AUTH_ENABLED: 'true' }, true],
  ])('of %j is %p', (env, expected) => {
    expect(trustsEasyAuth(env)).toBe(expected);
  });

  it('stands apart from the other settings: an invalid one opens nothing', async () => {
    const services = createServices({
      useCases: fakeServices().useCases,
      trustsEasyAuth: true,
      loadConfiguration: () => ({ ok: false, problems: [{ name: 'SYNC_LANES', expected: 'a number' }] }),
      connectNeighbours: () => {
        throw new Error('Nobody should be connected.');
      },
    });
    const status = listTriggers(services, {}).find(({ name }) => name === 'get-status');
    if (status?.kind !== 'http') throw new Error('There is no status.');

    const [stranger, reader] = await Promise.all([
      call(status.handler, { path: '/status' }),
      call(status.handler, { path: '/status', headers: { 'x-ms-client-principal': withRoles('Sync.Read') } }),
    ]);

    expect([stranger.status, reader.status]).toEqual([403, 503]);
    expect(reader.body['code']).toBe('configuration-invalid');
  });
});
