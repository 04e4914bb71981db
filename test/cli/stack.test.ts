import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack } from '../../local/stack.ts';
import type { Stack } from '../../local/stack.ts';
import { aUser, changeUsers, mobile, userId, users } from '../support/story-people.ts';
import { appEnv, runCli } from './cli-process.ts';
import type { Ended } from './cli-process.ts';

const START_TIMEOUT_MS = 120_000;
const PEOPLE = 40;
/** In scope, and without a number. */
const UNREACHABLE = [41, 42, 43, 44].map((n) => aUser(n, { mobilePhone: null }));

interface ShownRun {
  readonly runId: string;
  readonly state: string;
  readonly trigger: string;
  readonly counts: Readonly<Record<string, number>>;
}

describe('the command line against the local stack', () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await startStack({ users: [...users(PEOPLE), ...UNREACHABLE] });
  }, START_TIMEOUT_MS);

  afterAll(() => stack.stop());

  function sync(...words: readonly string[]): Promise<Ended> {
    return runCli(words, appEnv({ url: stack.apiUrl, key: stack.host.keys.host }));
  }

  async function json<Shown>(...words: readonly string[]): Promise<Shown> {
    return JSON.parse((await sync(...words, '--json')).stdout) as Shown;
  }

  /** Waits until everything that was started has ended, and answers the newest run. */
  async function newestRun(): Promise<ShownRun> {
    for (;;) {
      const [run] = await stack.api.listRuns();
      if (run !== undefined && run.state !== 'queued' && run.state !== 'running') return run;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  it('plans, and has exactly that plan approved', async () => {
    const planned = await sync('plan', '--full', '--reason', 'a first look');
    const [, approve = ''] = /npm run sync -- (approve \S+)/.exec(planned.stdout) ?? [];
    const writes = stack.messageMedia.requests.filter(({ method }) => method !== 'GET');
    const approved = await sync(...approve.split(' '), '--yes');
    const run = await newestRun();

    expect(planned).toMatchObject({ code: 0, stderr: '' });
    expect(planned.stdout).toMatch(/^ {2}\+ 20 {2}Create a contact; .*add to\n {8}"Sales"\.$/m);
    expect(planned.stdout).toMatch(/In all: 40 to add and 4 left out\./);
    expect(planned.stdout).toContain('9 % of the people in scope (4 of 44) have no usable number.');
    expect(writes).toEqual([]);
    expect(approved).toMatchObject({ code: 0, stderr: '' });
    expect(run).toMatchObject({ state: 'completed', trigger: 'approval', counts: { created: PEOPLE } });
  }, 60_000);

  it('runs, and is in step afterwards', async () => {
    const ran = await sync('run', '--full', '--watch');
    const status = await json<{ inStep: boolean; off: string[] }>('status');
    const planned = await sync('plan');

    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toMatch(/✔ Full run \S+ is completed/);
    expect(status).toMatchObject({ inStep: true, off: [] });
    expect(planned.stdout).toContain('✔ Nothing to do');
  }, 60_000);

  it('shows one person, masked unless the values are to be revealed', async () => {
    const created = (await stack.api.listRuns()).find(({ counts }) => counts['created'] === PEOPLE);
    const words = ['records', created!.runId, '--operation', 'create', '--limit', '1'];

    const masked = await sync(...words);
    const revealed = await sync(...words, '--reveal');

    expect(masked.stdout).toMatch(/phone_number +\+61 … \d{3}\n/);
    expect(revealed.stdout).toMatch(/phone_number +\+61450\d{6}\n/);
  }, 60_000);

  it('explains somebody by id, by user principal name and by number', async () => {
    const [byId, byUpn, byNumber] = await Promise.all(
      [userId(1), 'person.1@example.com', mobile(1)].map((who) => sync('explain', who)),
    );
    const nobody = await sync('explain', 'nobody@example.com');
    const unreachable = await sync('explain', userId(41));

    expect(byId).toMatchObject({ code: 0, stderr: '' });
    expect(byId!.stdout).toMatch(
      /Scope {2}in scope[^]*Number[^]*Mapping[^]*Lists\n {2}Sales[^]*The next run\n {2}none/,
    );
    expect(byId!.stdout).not.toContain(mobile(1));
    expect([byUpn, byNumber]).toEqual([byId, byId]);
    expect(nobody).toMatchObject({ code: 2, stdout: '' });
    expect(unreachable.stdout).toMatch(/Number\n {2}none \(no-phone\)/);
  }, 60_000);

  it('limits a run to departments and people', async () => {
    changeUsers(stack.entra, 1, 4, (n) => ({ givenName: `Renamed ${n}` }));

    const sales = await json<ShownRun>('run', '--watch', '--departments', 'Sales');
    const one = await json<ShownRun>('run', '--watch', '--people', `${userId(2)},person.4@example.com`);

    expect([sales, one].map(({ state }) => state)).toEqual(['completed', 'completed']);
    expect([sales, one].map(({ counts }) => counts['updated'])).toEqual([2, 2]);
  }, 60_000);

  it('ends with 4 when something is held, shows it, and rejects or approves it', async () => {
    changeUsers(stack.entra, 1, 30, () => ({ accountEnabled: false }));
    const planned = await sync('plan');
    const ran = await sync('run', '--watch');
    const status = await sync('status');
    const [, approve = ''] = /npm run sync -- (approve \S+)/.exec(status.stdout) ?? [];

    const unasked = await sync(...approve.split(' '));
    const approved = await sync(...approve.split(' '), '--yes');
    const applied = await newestRun();
    const again = await sync(...approve.split(' '), '--yes');

    expect([planned, ran, status].map(({ code }) => code)).toEqual([4, 4, 0]);
    expect(planned.stdout).toContain('30 would be held');
    expect(status.stdout).toContain('30 people wait for approval');
    expect(unasked).toMatchObject({ code: 2 });
    expect(unasked.stdout).toContain('waits for approval');
    expect(approved).toMatchObject({ code: 0, stderr: '' });
    expect(applied).toMatchObject({ trigger: 'approval', state: 'completed', counts: { removed: 30 } });
    expect(again.code).toBe(2);
  }, 60_000);

  it('pauses and goes on', async () => {
    const paused = await sync('pause');
    const status = await json<{ inStep: boolean; off: string[] }>('status');
    const resumed = await sync('resume');

    expect([paused, resumed].map(({ code }) => code)).toEqual([0, 0]);
    expect(paused.stdout).toMatch(/✔ Paused since \w{3} \d/);
    expect(status.off).toContain('the sync is paused');
    expect((await json<{ paused: boolean }>('status')).paused).toBe(false);
  }, 60_000);

  it('cancels a run that is under way, and tells when one has ended', async () => {
    // Long enough for somebody to cancel it.
    const slow = stack.entra.faults.add({ match: { path: /delta/ }, do: { delay: 3000 } });
    const { runId } = await json<{ runId: string }>('run', '--full');
    const cancelled = await sync('cancel', runId);
    slow.remove();
    const watched = await sync('status', runId, '--watch');
    const again = await sync('cancel', runId);

    expect([cancelled, again].map(({ code }) => code)).toEqual([0, 0]);
    expect(watched).toMatchObject({ code: 1 });
    expect(watched.stdout).toContain('was cancelled');
    expect(again.stdout).toContain('has ended already: it is cancelled');
  }, 60_000);

  it('shows what was in the account before, and matches it when it is told to', async () => {
    const { account } = stack.messageMedia;
    const stranger = '99999999-0000-4000-8000-000000000001';
    const known = account.seedContact({ firstName: 'Known', number: mobile(90) });
    const visitor = account.seedContact({ firstName: 'Visitor', number: mobile(91) });
    const orphan = account.seedContact({ number: mobile(92), customFields: { entra_object_id: stranger } });
    // One says that it is hers, the other has her number: nobody can tell.
    const hers = account.seedContact({ number: mobile(93), customFields: { entra_object_id: userId(46) } });
    const numbered = account.seedContact({ number: mobile(94) });
    stack.entra.admin.createUser(aUser(45, { mobilePhone: mobile(90) }));
    stack.entra.admin.createUser(aUser(46, { mobilePhone: mobile(94) }));
    const before = account.snapshot();

    const dry = await sync('adopt');
    const rows = await sync('adopt', '--csv');
    const unchanged = account.snapshot();
    const unasked = await sync('adopt', '--apply');
    const applied = await json<{ run: ShownRun; records: { personId: string; outcome: string }[] }>(
      'adopt',
      '--apply',
      '--yes',
    );
    const ambiguous = await sync('records', applied.run.runId, '--adoption', 'ambiguous');

    expect(dry).toMatchObject({ code: 0, stderr: '' });
    expect(dry.stdout).toContain('Linkable: 1 person whose contact was found');
    expect(dry.stdout).toMatch(new RegExp(`^  ${userId(46)}  Sales\n    ↔ contact .*\n    ↔ contact `, 'm'));
    for (const { id } of [hers, numbered]) expect(dry.stdout).toContain(`\n    ↔ contact ${id}\n`);
    expect(dry.stdout).toContain(`\n  ${stranger}\n    ↔ contact ${orphan.id}\n`);
    expect(dry.stdout).toContain('Unmanaged: 1 contact that nobody in scope wants');
    expect(rows.stdout).toContain(`,${visitor.id},unmanaged\n`);
    expect(unchanged).toEqual(before);
    expect(unasked.code).toBe(2);
    expect(applied.run).toMatchObject({ state: 'completed', counts: { adopted: 1 } });
    expect(applied.records).toContainEqual(expect.objectContaining({ personId: userId(45), outcome: 'done' }));
    expect(account.snapshot().contacts.find(({ id }) => id === known.id)?.customFields).toContainEqual(
      expect.objectContaining({ mergeTag: 'entra_object_id', value: userId(45) }),
    );
    expect(ambiguous.stdout).toContain('contact-conflict');
  }, 60_000);

  it('erases a person, and says what stays', async () => {
    const erased = await sync('erase', userId(40), '--yes');
    const nobody = await sync('erase', 'not-an-id', '--yes');

    expect(erased).toMatchObject({ code: 0, stderr: '' });
    expect(erased.stdout).toMatch(/✔ Erased: \d+ rows\. Kept: consent\./);
    expect(nobody.code).toBe(2);
  }, 60_000);

  it('passes on what the app says of a run that is not there', async () => {
    const { code, stderr } = await sync('records', 'r0-nothing');

    expect(code).toBe(2);
    expect(stderr).toContain('There is no run');
  }, 60_000);

  it('writes a first configuration for an app that has none, which then maps real people', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'init-stack-'));
    const file = join(folder, 'sync.config.json');
    await stack.restartHost({ SYNC_CONFIG_JSON: '', SYNC_CONFIG_FILE: file });

    const before = await sync('doctor');
    const written = await sync(
      'init',
      '--yes',
      '--reveal',
      '--file',
      file,
      '--departments',
      'Support',
      '--country',
      'AU',
    );
    const text = readFileSync(file, 'utf8');
    const after = await sync('validate', file);
    rmSync(folder, { recursive: true });

    expect(before.code).toBe(2);
    expect(before.stdout).toMatch(/✖ +configuration/);
    expect(JSON.parse(text)).toMatchObject({ sync: { filters: { department: ['Support'] } } });
    expect(written.stdout).toMatch(/Full dry run \S+ is completed/);
    expect(written.code).toBe(0);
    expect(after.code).toBe(0);
  }, 60_000);

  it('leaves nothing behind that no neighbour should see', () => {
    expect(stack.irregularities()).toEqual([]);
  });
});
