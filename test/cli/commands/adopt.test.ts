import { userId } from '../../support/story-people.ts';
import { aRecord, aRun, aSkip, anAdoption } from '../answers.ts';
import { jsonOf, runCommand } from '../run-command.ts';
import { problem, startSmallApp } from '../small-app.ts';
import type { SmallApp } from '../small-app.ts';

const RUN = aRun().runId;
const STRANGER = '99999999-0000-4000-8000-000000000001';
const NOBODYS = { department: '', operation: 'none', outcome: 'unchanged', fields: [], lists: { add: [], remove: [] } };
const DRY = aRun({
  mode: 'full',
  dryRun: true,
  counts: { adopted: 3, skipped: 1 } as never,
  adoption: anAdoption({ contacts: 8, managed: 1, linkable: 3, ambiguous: 1, unmanaged: 1, orphaned: 1 }),
});

const adopted = (n: number, words: string) => aRecord(n, { operation: 'adopt', words, adoption: 'linkable' });
const RECORDS = {
  linkable: [
    adopted(1, 'Adopt the existing contact; set email.'),
    adopted(2, 'Adopt the existing contact; add to "Sales".'),
    adopted(3, 'Adopt the existing contact; add to "Sales".'),
  ],
  ambiguous: [{ ...aSkip(4, 'contact-conflict'), contactIds: ['c-41', 'c-42'], adoption: 'ambiguous' }],
  unmanaged: [aRecord(5, { ...NOBODYS, personId: '', contactIds: ['c-5'], adoption: 'unmanaged' } as never)],
  orphaned: [aRecord(6, { ...NOBODYS, personId: STRANGER, contactIds: ['c-6'], adoption: 'orphaned' } as never)],
};

let app: SmallApp | undefined;

async function matching(run: object = DRY, records: Readonly<Record<string, readonly object[]>> = RECORDS) {
  app = await startSmallApp({
    'POST /adopt': { status: 202, body: { runId: RUN, state: 'queued' } },
    [`GET /runs/${RUN}`]: { body: run },
    [`GET /runs/${RUN}/records`]: ({ path }) => {
      const kind = new URL(path, 'http://localhost').searchParams.get('adoption');
      return { body: { items: kind === null ? Object.values(records).flat() : (records[kind] ?? []) } };
    },
  });
  return app;
}

afterEach(async () => {
  await app?.close();
  app = undefined;
});

function asked({ asked: calls }: SmallApp): readonly unknown[] {
  return calls.filter(({ method }) => method === 'POST').map(({ body }) => body);
}

describe('adopt', () => {
  it('shows what an account holds, writes nothing, and says how to do it', async () => {
    const dry = await matching();

    const shown = await runCommand('adopt', dry, { options: { reason: 'a first look' } });

    expect(shown).toMatchObject({ exit: 0, err: '' });
    expect(asked(dry)).toEqual([{ dryRun: true, reason: 'a first look' }]);
    expect(shown.out).toBe(`✔ Full dry run ${RUN} is completed (4.2 s).
  10 people read: 3 adopted and 1 skipped.
  The account has 8 contacts: 1 linked before, a contact found for 3 people,
  more than one meant for 1 person, 1 that nobody wants and 1 orphaned.

Linkable: 3 people whose contact was found
  + 2  Adopt the existing contact; add to "Sales".
  + 1  Adopt the existing contact; set email.
  Look at the fields that change.
  See them: npm run sync -- records ${RUN} --adoption linkable

Ambiguous: 1 person for whom nobody can tell which contact is meant
  ${userId(4)}  Sales
    ↔ contact c-41
    ↔ contact c-42
  Merge the contacts in MessageMedia, or take the wrong number or marker off
  one. Then run again.
  See them: npm run sync -- records ${RUN} --adoption ambiguous

Unmanaged: 1 contact that nobody in scope wants
  Nothing to do: they are not touched.
  See them: npm run sync -- records ${RUN} --adoption unmanaged

Orphaned: 1 contact with the id of somebody whom this sync does not know
  ${STRANGER}
    ↔ contact c-6
  Delete them in MessageMedia, or take the marker entra_object_id off. They are
  not touched.
  See them: npm run sync -- records ${RUN} --adoption orphaned

  Do it:  npm run sync -- adopt --apply
`);
  });

  it('asks before it writes, and says what a full run does besides', async () => {
    const applied = await matching({ ...DRY, dryRun: false });

    const shown = await runCommand('adopt', applied, { options: { apply: true }, answers: ['y'] });

    expect(shown).toMatchObject({ exit: 0, questions: ['Match the account now? [y/N] '] });
    expect(shown.out).toMatch(/It is a\s+full run/);
    expect(shown.out).not.toContain('--apply');
    expect(asked(applied)).toEqual([{ dryRun: false }]);
  });

  it.each([[{ answers: ['n'] }], [{}]])('does nothing without a yes: %j', async (words) => {
    const unasked = await matching();

    const shown = await runCommand('adopt', unasked, { ...words, options: { apply: true } });

    expect(shown.exit).toBe(2);
    expect(unasked.asked).toEqual([]);
  });

  it('writes without asking when it is told to', async () => {
    const told = await matching({ ...DRY, dryRun: false });

    await runCommand('adopt', told, { options: { apply: true, yes: true, csv: true } });

    expect(asked(told)).toEqual([{ dryRun: false }]);
  });

  it.each([
    ['held', { state: 'held', holds: [{ rule: 'first-run', operations: 3, limit: 0, recent: 0, members: 0 }] }, 4],
    ['not for everybody', { state: 'completed-with-errors' }, 3],
  ])('shows what it found however it ended: %s', async (_name, changes, exit) => {
    const ended = await matching({ ...DRY, dryRun: false, ...changes });

    const shown = await runCommand('adopt', ended, { options: { apply: true, yes: true } });

    expect(shown.exit).toBe(exit);
    expect(shown.out).toContain('Linkable: 3 people');
    expect(shown.out).toMatch(/\n\n {2}See whom:.*\n/);
  });

  it('says why nothing was matched', async () => {
    const { adoption: _none, ...failed } = {
      ...DRY,
      state: 'failed',
      error: { code: 'access-denied', message: 'No.' },
    };

    const shown = await runCommand('adopt', await matching(failed));

    expect(shown).toMatchObject({ exit: 5, out: expect.stringContaining('access-denied: No.') as string });
    expect(app?.asked.some(({ path }) => path.includes('records'))).toBe(false);
  });

  it('says that there is nothing to match, and gives nothing to do', async () => {
    const empty = aRun({ mode: 'full', dryRun: true, adoption: anAdoption({ contacts: 0 }) });

    const shown = await runCommand('adopt', await matching(empty, {}));

    expect(shown.out).toBe(
      `✔ Full dry run ${RUN} is completed (4.2 s).\n  10 people read: nothing to do.\n  The account has 0 contacts.\n`,
    );
  });

  it('shows no more than a screen can hold', async () => {
    const many = {
      linkable: Array.from({ length: 12 }, (_, n) => adopted(n, `Kind ${n}.`)),
      ambiguous: Array.from({ length: 23 }, (_, n) => ({ ...RECORDS.ambiguous[0]!, personId: userId(n) })),
    };

    const shown = await runCommand('adopt', await matching(DRY, many));

    expect(shown.out.match(/Kind/g)).toHaveLength(8);
    expect(shown.out).toContain('  … and 4 kinds of change more\n');
    expect(shown.out.match(/ ↔ /g)).toHaveLength(40);
    expect(shown.out).toContain('  … and 3 more\n');
  });

  it('gives all of it as JSON, with values where they are asked for', async () => {
    const shown = await runCommand('adopt', await matching(), { options: { json: true, reveal: true } });

    expect(jsonOf(shown)).toEqual({ run: DRY, records: Object.values(RECORDS).flat() });
    expect(app?.asked.filter(({ path }) => path.includes('reveal=true'))).toHaveLength(4);
  });

  it('gives a row per person or contact as CSV, and nothing else', async () => {
    const shown = await runCommand('adopt', await matching(), { options: { csv: true } });
    const rows = shown.out.trimEnd().split('\n');

    expect(rows).toHaveLength(7);
    expect(rows[0]).toMatch(/,contactIds,adoption$/);
    expect(rows[4]).toMatch(new RegExp(`^${userId(4)},.*,c-41; c-42,ambiguous$`));
    expect(rows[5]).toMatch(/^,,none,unchanged,.*,c-5,unmanaged$/);
  });

  it('says that another run is under way', async () => {
    app = await startSmallApp({ 'POST /adopt': problem(409, 'run-active', { runId: 'r-other' }) });

    expect(await runCommand('adopt', app)).toMatchObject({
      exit: 2,
      err: expect.stringContaining('r-other') as string,
    });
  });
});

describe('records of an account that was matched', () => {
  it.each(['linkable', 'ambiguous', 'unmanaged', 'orphaned'])('shows one kind alone: %s', async (adoption) => {
    const shown = await runCommand('records', await matching(), { arguments: [RUN], options: { adoption } });

    expect(shown.exit).toBe(0);
    expect(app?.asked[0]?.path).toContain(`adoption=${adoption}`);
  });

  it('names the contacts of a person, and a contact that is nobody’s by its own id', async () => {
    const shown = await runCommand('records', await matching(), { arguments: [RUN] });

    expect(shown.out).toContain(`  ${userId(4)}  Sales · skip · skipped (contact-conflict)\n`);
    expect(shown.out).toContain('\n    contacts c-41 and c-42\n');
    expect(shown.out).toContain('  contact c-5  none · unchanged\n');
    expect(shown.out).toContain(`  ${STRANGER}  none · unchanged\n`);
    expect(shown.out).toContain('\n    contact c-6\n');
  });
});
