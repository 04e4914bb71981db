import type { EntraGraph } from '../../../local/entra-graph/entra-graph.ts';
import type { AccessProblem } from '../../../src/core/errors.ts';
import type { Directory } from '../../../src/core/ports.ts';
import { anImpatientClock, aScope, failureOf } from '../../support/neighbour-calls.ts';
import { aDirectory, aTenant, pagesOf, SECRET, SELECT } from './tenant-under-test.ts';

const GRAPH = { path: /^\/v1\.0\// };
const TOKEN = { path: /\/token$/ };
const NOBODY = '00000000-0000-4000-8000-000000000001';
// An event of the log is cut off after so many characters.
const LONGEST_MESSAGE = 200;

let tenant: EntraGraph;
let directory: Directory;

beforeEach(async () => {
  tenant = await aTenant();
  directory = aDirectory(tenant);
});

afterEach(async () => {
  await tenant.close();
  expect(tenant.failures).toEqual([]);
});

async function denialOf(call: Promise<unknown>) {
  const error = await failureOf(call);
  expect(error.failure).toBe('access-denied');
  expect(error.message).toMatch(/\.$/);
  expect(error.message.length).toBeLessThanOrEqual(LONGEST_MESSAGE);
  expect(error.message).not.toMatch(/canary|@/);
  return error;
}

describe('a refused sign-in', () => {
  const someApp = (changes: Parameters<typeof aDirectory>[1]) => () => aDirectory(tenant, changes);

  it.each<[string, AccessProblem, string, string, () => Directory]>([
    [
      'a wrong secret',
      'secret-refused',
      'AADSTS7000215',
      'entra-client-secret',
      someApp({ clientSecret: () => Promise.resolve('canary-wrong') }),
    ],
    ['an unknown app', 'app-unknown', 'AADSTS700016', 'ENTRA_CLIENT_ID', someApp({ clientId: NOBODY })],
    ['an unknown tenant', 'tenant-unknown', 'AADSTS90002', 'ENTRA_TENANT_ID', someApp({ tenantId: NOBODY })],
  ])('for %s is %s and says what to do', async (_what, access, neighbourCode, cure, build) => {
    const error = await denialOf(build().check(aScope()));

    expect(error.neighbour).toBe('entra');
    expect(error.detail).toMatchObject({ access, neighbourCode });
    expect(error.message).toContain(cure);
  });

  it('for an expired secret asks for a new one', async () => {
    tenant.admin.expireSecrets();

    const error = await denialOf(directory.check(aScope()));

    expect(error.detail).toEqual({ access: 'secret-expired', neighbourCode: 'AADSTS7000222' });
    expect(error.message).toContain('Make a new client secret');
  });

  it('for ids that cannot be any says which settings to check', async () => {
    const error = await denialOf(aDirectory(tenant, { tenantId: 'not a tenant' }).check(aScope()));

    expect(error.detail.access).toBe('tenant-unknown');
    expect(error.message).toContain('ENTRA_TENANT_ID');
  });

  it.each<[string, string, AccessProblem, string]>([
    ['AADSTS900023', 'invalid_request', 'tenant-unknown', 'ENTRA_TENANT_ID'],
    ['AADSTS65001', 'invalid_grant', 'consent-missing', 'consent'],
    ['AADSTS7000229', 'unauthorized_client', 'consent-missing', 'consent'],
    ['AADSTS7000112', 'unauthorized_client', 'app-disabled', 'enable the app'],
    ['AADSTS53003', 'access_denied', 'policy-blocked', 'Conditional Access'],
    ['AADSTS53000', 'invalid_grant', 'policy-blocked', 'Conditional Access'],
    ['AADSTS530035', 'access_denied', 'policy-blocked', 'Conditional Access'],
    ['AADSTS500011', 'invalid_resource', 'cloud-mismatch', 'GRAPH_BASE_URL'],
    ['AADSTS70011', 'invalid_scope', 'cloud-mismatch', 'GRAPH_BASE_URL'],
    ['AADSTS7000218', 'invalid_client', 'identity-refused', 'Look this code up'],
    ['AADSTS7777777', 'unauthorized_client', 'identity-refused', 'Look this code up'],
  ])('with %s is %s', async (code, error, access, cure) => {
    const body = { error, error_description: `${code}: canary who@example.com. Trace ID: 1`, error_codes: [1] };
    tenant.faults.add({ match: TOKEN, do: { status: 400, body } });

    const denial = await denialOf(directory.check(aScope()));

    expect(denial.detail).toEqual({ access, neighbourCode: code });
    expect(denial.message).toContain(cure);
    expect(tenant.requests.filter(({ path }) => TOKEN.path.test(path))).toHaveLength(1);
  });

  it('with a code that passes is no refusal', async () => {
    const body = { error: 'temporarily_unavailable', error_description: 'AADSTS90033: A transient error.' };
    tenant.faults.add({ match: TOKEN, do: { status: 400, body } });

    expect((await failureOf(directory.check(aScope()))).failure).toBe('unavailable');
  });
});

describe('a refusal of Graph', () => {
  it('for a lost permission names it, when the changes are read', async () => {
    tenant.admin.dropRole('User.Read.All');

    const error = await denialOf(pagesOf(directory, aScope()));

    expect(error.detail).toMatchObject({ access: 'permission-missing', neighbourCode: 'Authorization_RequestDenied' });
    expect(error.message).toContain('may not read the changes of users');
    expect(error.message).toContain('application permission User.Read.All');
  });

  it('for a lost permission names it, when people are read by id', async () => {
    tenant.admin.dropRole('User.Read.All');

    const error = await denialOf(directory.readPeople([NOBODY], SELECT, aScope()));

    expect(error.detail.access).toBe('permission-missing');
    expect(error.message).toContain('may not read a user by id');
  });

  it.each<[number, string, AccessProblem, string]>([
    [403, 'insufficient_claims', 'policy-blocked', 'Conditional Access'],
    [403, 'Authorization_IdentityNotFound', 'consent-missing', 'consent'],
    [403, 'SomethingElse', 'permission-missing', 'User.Read.All'],
    [401, 'InvalidAuthenticationToken', 'token-refused', 'GRAPH_BASE_URL'],
  ])('with %i %s is %s', async (status, code, access, cure) => {
    tenant.faults.add({ match: GRAPH, do: { status, body: { error: { code, message: 'canary' } } } });

    const error = await denialOf(directory.check(aScope()));

    expect(error.detail).toMatchObject({ access, status, neighbourCode: code });
    expect(error.message).toContain(cure);
  });
});

describe('a secret that is rotated while many are at work', () => {
  const NEXT_SECRET = 'canary-next-secret';
  const CALLS = 12;

  /** A vault with an hour's memory: only a fresh reading sees the rotation. */
  function aSource(fresh: string) {
    let cached = SECRET;
    const source = {
      readings: 0,
      read: async (isFresh: boolean): Promise<string> => {
        if (!isFresh) return cached;
        source.readings += 1;
        await new Promise((resolve) => setTimeout(resolve, 20));
        cached = fresh;
        return cached;
      },
    };
    return source;
  }

  const tokenRequests = () => tenant.requests.filter(({ path }) => TOKEN.path.test(path));
  const together = (some: Directory) => Array.from({ length: CALLS }, () => some.check(aScope()));

  it('is read anew once, when the sign-in refuses the old one', async () => {
    const source = aSource(NEXT_SECRET);
    tenant.admin.rotateSecret(NEXT_SECRET);

    await Promise.all(together(aDirectory(tenant, { clientSecret: source.read })));

    expect(source.readings).toBe(1);
  });

  it('is read anew once, when Graph refuses the old token', async () => {
    const source = aSource(NEXT_SECRET);
    const some = aDirectory(tenant, { clientSecret: source.read });
    await some.check(aScope());
    tenant.admin.rotateSecret(NEXT_SECRET);
    tenant.admin.expireAccessTokens();
    tenant.requests.splice(0);

    await Promise.all(together(some));

    expect(source.readings).toBe(1);
    expect(tokenRequests().every(({ status }) => status === 200)).toBe(true);
  });

  it('is not read anew for a token that somebody has replaced meanwhile', async () => {
    const source = aSource(SECRET);
    const some = aDirectory(tenant, { clientSecret: source.read, clock: anImpatientClock() });
    await some.check(aScope());
    tenant.admin.expireAccessTokens();
    // The first answer is late: by then the others have got their new token.
    tenant.faults.add({ match: GRAPH, nth: 1, do: { delay: 300 } });

    await Promise.all(together(some));

    expect(source.readings).toBe(1);
  });

  it('is read anew once and no more when the new one is refused as well', async () => {
    const source = aSource('canary-wrong');
    tenant.admin.rotateSecret(NEXT_SECRET);

    const errors = await Promise.all(
      together(aDirectory(tenant, { clientSecret: source.read })).map((call) => failureOf(call)),
    );

    expect(errors.map(({ detail }) => detail.access)).toEqual(Array(CALLS).fill('secret-refused'));
    expect(source.readings).toBe(1);
  });
});
