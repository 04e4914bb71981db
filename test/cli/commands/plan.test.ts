import { userId } from '../../support/story-people.ts';
import { aRecord, aRun, anExplanation, aSkip } from '../answers.ts';
import { jsonOf, runCommand } from '../run-command.ts';
import { startSmallApp } from '../small-app.ts';
import type { Answers, SmallApp } from '../small-app.ts';

const RUN = aRun().runId;
const HOLD = { rule: 'max-removals', operations: 2, limit: 1, recent: 0, members: 9 } as const;
const RECORDS = [
  aRecord(1),
  aRecord(2),
  aRecord(3, { operation: 'update', words: 'Update the contact; set email.', lists: { add: [], remove: [] } }),
  aRecord(4, {
    operation: 'remove',
    outcome: 'held',
    reason: 'held-removal',
    words: 'Take off.',
    lists: { add: [], remove: ['Sales'] },
  }),
  aRecord(5, {
    operation: 'move',
    department: 'Support',
    words: 'Change lists.',
    lists: { add: ['Support'], remove: ['Sales'] },
  }),
  aRecord(6, { operation: 'none', outcome: 'unchanged', lists: { add: [], remove: [] } }),
  aSkip(7, 'bad-phone', ''),
  aSkip(8, 'bad-phone', ''),
];

let app: SmallApp | undefined;

async function appThatPlans(records: readonly unknown[], more: Answers = {}, run = aRun()): Promise<SmallApp> {
  app = await startSmallApp({
    'POST /runs': { status: 202, body: { runId: RUN, state: 'queued' } },
    [`GET /runs/${RUN}`]: { body: { ...run, dryRun: true } },
    [`GET /runs/${RUN}/records`]: { body: { items: records } },
    ...more,
  });
  return app;
}

describe('plan', () => {
  afterEach(async () => {
    await app?.close();
    app = undefined;
  });

  it('shows a dry run by department and operation, the lists, the totals, and how to apply exactly it', async () => {
    const planning = await appThatPlans(RECORDS);

    const shown = await runCommand('plan', planning, { options: { full: true } });

    expect(planning.asked[0]?.body).toEqual({ mode: 'full', dryRun: true });
    expect(shown).toMatchObject({ exit: 0, err: '' });
    expect(shown.out.split('\n')).toEqual([
      `Plan ${RUN}`,
      '  what changed since the last run: 10 people read in 4.2 s; nothing was written',
      '',
      'Without a department',
      '  · 2  Left out.',
      '',
      'Sales',
      '  + 2  Create a contact; add to "Sales".',
      '  ~ 1  Update the contact; set email.',
      '  - 1  Take off.',
      '',
      'Support',
      '  ↔ 1  Change lists.',
      '',
      '  Department  +  ~  -  ↔  held  same  left out',
      '  (none)      ·  ·  ·  ·     ·     ·         2',
      '  Sales       2  1  ·  ·     1     1         ·',
      '  Support     ·  ·  ·  1     ·     ·         ·',
      '  Total       2  1  ·  1     1     1         2',
      '',
      '  List     join  leave',
      '  Sales       2      2',
      '  Support     1      0',
      '',
      'In all: 2 to add, 1 to update, 1 to move, 1 would be held, 1 the same and 2 left',
      'out.',
      '  ▲ 100 % of the people in scope (2 of 2) have no usable number.',
      '      2 have one that cannot be read as an international number',
      '      To mend it: set usageLocation in the directory or phone.defaultCountry.',
      '',
      'Apply exactly this plan:',
      `  npm run sync -- approve ${RUN}`,
      '',
    ]);
  });

  it('asks the app about some of the people it cannot reach, and says what they have in common', async () => {
    const explanation = (n: number) => ({
      body: {
        ...anExplanation(n),
        person: { id: userId(n), attributes: { city: 'Perth' } },
        phone: { input: '0450 000 001', tried: [] },
      },
    });
    const planning = await appThatPlans(RECORDS, {
      [`GET /people/${userId(7)}`]: explanation(7),
      [`GET /people/${userId(8)}`]: explanation(8),
    });

    const shown = await runCommand('plan', planning);

    expect(shown.out.replaceAll(/\s+/g, ' ')).toContain(
      'international number; all in Perth, all in national format without a country',
    );
  });

  it('asks about no more than forty, from all over the plan, and stands without those it cannot explain', async () => {
    const skips = Array.from({ length: 100 }, (_, n) => aSkip(n, 'bad-phone'));
    const known = { body: anExplanation(0) };
    const unknown = { status: 503 };
    const people = Object.fromEntries(
      skips.map(({ personId }, n) => [`GET /people/${personId}`, n === 0 ? known : unknown]),
    );
    const planning = await appThatPlans(skips, people);

    const shown = await runCommand('plan', planning);

    const asked = planning.asked.filter(({ path }) => path.startsWith('/people/'));
    expect(asked).toHaveLength(40);
    expect(asked.at(-1)?.path).toBe(`/people/${userId(97)}`);
    expect(shown.exit).toBe(0);
    expect(shown.out).toContain('(1 looked at)');
  });

  it('stops asking an app that can explain nobody', async () => {
    const planning = await appThatPlans(Array.from({ length: 100 }, (_, n) => aSkip(n, 'bad-phone')));

    await runCommand('plan', planning);

    expect(planning.asked.filter(({ path }) => path.startsWith('/people/'))).toHaveLength(4);
  });

  it('ends with 4 when it would hold something, and says what', async () => {
    const shown = await runCommand('plan', await appThatPlans(RECORDS, {}, aRun({ holds: [HOLD] })));

    expect(shown.exit).toBe(4);
    expect(shown.out).toContain('  ▲ 2 removals, more than 1 in 24 hours');
  });

  it('says that there is nothing to do, and gives nothing to approve', async () => {
    const shown = await runCommand('plan', await appThatPlans([aSkip(1, 'disabled')]));

    expect(shown.out).toContain('✔ Nothing to do (1 left out).');
    expect(shown.out).not.toContain('approve');
  });

  it('shows what is really removed, and leaves departments alone in which nothing happens', async () => {
    const removed = aRecord(1, { operation: 'remove', words: 'Take off.', lists: { add: [], remove: ['Sales'] } });
    const same = aRecord(2, {
      operation: 'none',
      outcome: 'unchanged',
      department: 'Support',
      lists: { add: [], remove: [] },
    });
    const queued = aRun({ startedAt: undefined as never });

    const shown = await runCommand('plan', await appThatPlans([removed, same], {}, queued));

    expect(shown.out).toContain('10 people read; nothing was written');
    expect(shown.out).toContain('\nSales\n  - 1  Take off.\n');
    expect(shown.out).not.toContain('\nSupport\n');
    expect(shown.out).toContain('In all: 1 to remove and 1 the same.');
  });

  it('gives no cure where there is none', async () => {
    const shown = await runCommand('plan', await appThatPlans([aSkip(1, 'no-phone')]));

    expect(shown.out).toContain('1 have none in the directory');
    expect(shown.out).not.toContain('To mend it');
  });

  it('says that the configuration has changed', async () => {
    const impact = { entering: 3, leaving: 0, rewritten: 0 };
    const run = aRun({ mode: 'full', reason: 'configuration-changed', impact });

    const shown = await runCommand('plan', await appThatPlans([], {}, run));

    expect(shown.out).toContain('everybody: 10 people read');
    expect(shown.out).toContain('The configuration has changed since the last run');
    expect(shown.out).toContain('By the change of the configuration itself, 3 people enter.');
    expect(shown.out).toContain('✔ Nothing to do.');
  });

  it('shows no more than a screen can hold', async () => {
    const departments = Array.from({ length: 30 }, (_, n) =>
      aRecord(n, { department: `D${n}`, lists: { add: [`L${n}`], remove: [] } }),
    );
    const kinds = Array.from({ length: 10 }, (_, n) => aRecord(100 + n, { department: 'A', words: `Kind ${n}.` }));

    const shown = await runCommand('plan', await appThatPlans([...departments, ...kinds]));

    expect(shown.out).toContain('… and 6 departments more');
    expect(shown.out).toContain('… and 2 kinds of change more');
    expect(shown.out).toContain('… and 6 lists more');
  });

  it('gives all of it as JSON', async () => {
    const shown = await runCommand('plan', await appThatPlans(RECORDS), { options: { json: true, reveal: true } });

    expect(jsonOf(shown)).toMatchObject({
      run: { runId: RUN },
      summary: { totals: { changes: { '+': 2 }, held: 1 } },
      warnings: [{ reasons: ['bad-phone'] }],
      records: RECORDS,
    });
    expect(app?.asked.some(({ path }) => path.includes('reveal=true'))).toBe(true);
  });

  it('gives a row per person as CSV, and nothing else', async () => {
    const shown = await runCommand('plan', await appThatPlans(RECORDS), { options: { csv: true } });

    expect(shown.out.trimEnd().split('\n')).toHaveLength(RECORDS.length + 1);
  });

  it('says why there is no plan', async () => {
    const failed = aRun({ state: 'failed', error: { code: 'directory-unreadable', message: 'Graph is down.' } });

    const shown = await runCommand('plan', await appThatPlans([], {}, failed));

    expect(shown.exit).toBe(6);
    expect(shown.out).toContain('directory-unreadable: Graph is down.');
  });

  it('names the app in the command that follows, when it was named', async () => {
    const planning = await appThatPlans(RECORDS);

    const shown = await runCommand('plan', planning, { options: { url: planning.url, key: 'k-1' } });

    expect(shown.out).toContain(`approve ${RUN} --url ${planning.url}\n`);
    expect(shown.out).not.toContain('k-1');
  });
});
