import pc from 'picocolors';
import { changeDirectory, deleteEverybody, demoDirectory, optingOut, passPhoneOn, seedAccount } from './demo/cast.ts';
import { numberOf, stateOf } from './demo/phone.ts';
import { readAuth } from './demo/read-auth.ts';
import { printLists, printRuns, printSkipped } from './demo/result-tables.ts';
import { runStep } from './demo/run-step.ts';
import type { FinishedRun } from './demo/run-step.ts';
import { count, print, printDone, printProblem, printTable, printTitle, printWarning, seconds } from './demo/screen.ts';
import { printRecords } from './demo/show-records.ts';
import { expectedSizes, judgeAccount, judgeChanges, sameAccount } from './demo/verdict.ts';
import type { AccountSnapshot } from './messagemedia/account.ts';
import { wantedPeople } from './oracle.ts';
import { startStack } from './stack.ts';
import type { Stack } from './stack.ts';
import { signInSettings } from './stack/app-settings.ts';
import type { EntraAuth } from './stack/app-settings.ts';
import { runCommand } from './stack/command.ts';
import type { OnEnd } from './stack/command.ts';
import { freePort } from './stack/ports.ts';
import { PUBLISHED_SAMPLE } from './stack/published-sample.ts';

// About what a call over the internet takes; without it there would be no progress to see.
const LATENCY_MS = 60;

/** What the demo remembers for its last page. */
interface Memory {
  readonly stack: Stack;
  readonly handMade: AccountSnapshot;
  readonly runs: FinishedRun[];
  /** Everything that went otherwise than it should: one is enough to fail. */
  readonly problems: string[];
}

async function demo(onEnd: OnEnd): Promise<number> {
  const auth = readAuth();
  const startedAt = performance.now();
  print(pc.bold('Entra Sync, the demo'));
  print('Invented people of a simulated Entra ID become contacts and lists of a simulated');
  print('MessageMedia account. What lies between is real: the bundle that Azure runs,');
  print('Storage queues and tables (Azurite), TLS, tokens and a vault.');

  const stack = await bringUp(onEnd, auth);
  const memory: Memory = { stack, handMade: stack.messageMedia.account.snapshot(), runs: [], problems: [] };
  await preview(memory);
  const { skipped, afterFirst, formerPeople } = await firstSync(memory);
  await changes(memory);
  await accident(memory);
  await recovery(memory);
  await optOut(memory);
  conclude(memory, { skipped, afterFirst, formerPeople });

  const { problems } = memory;
  print();
  for (const problem of problems) printProblem(problem);
  if (problems.length > 0) return 1;
  printDone(`Everything is as it should be, after ${seconds(performance.now() - startedAt)}.`);
  print(`    ${pc.dim('npm start')} leaves the same stack running for you to try.`);
  return 0;
}

async function bringUp(onEnd: OnEnd, auth: EntraAuth): Promise<Stack> {
  printTitle('The local stack');
  const startedAt = performance.now();
  const starting = startStack({
    users: demoDirectory(),
    settings: signInSettings(auth),
    account: { signing: 2048 },
    functionsPort: await freePort(),
  });
  onEnd(async () => {
    const stack = await starting.catch(() => undefined);
    await stack?.killHost();
    await stack?.stop();
  });
  const stack = await starting;
  for (const simulator of [stack.entra, stack.messageMedia]) simulator.latencyMs = LATENCY_MS;
  seedAccount(stack.messageMedia.account);
  const { contacts, lists } = stack.messageMedia.account.snapshot();
  printDone(`up in ${seconds(performance.now() - startedAt)}`);
  printTable(
    [{ title: 'Part' }, { title: 'Where' }, { title: 'What' }],
    [
      ['Functions', stack.host.origin, `${stack.host.functions.length} functions of dist/main.js`],
      [
        'Entra ID, Graph',
        stack.entra.origin,
        `${count(stack.entra.admin.users().length, 'person', 'people')}, three departments`,
      ],
      [
        'MessageMedia',
        stack.messageMedia.origin,
        `by hand: ${count(contacts.length, 'contact')}, ${count(lists.length, 'list')}`,
      ],
      ['Key Vault', stack.keyVault.origin, 'five secrets'],
      ['Azurite', new URL(stack.azurite.tableUrl).origin, 'queues and tables, empty'],
    ],
  );
  print(`  ${pc.dim('sign-in')}  ${auth}`);
  const { mapping, filters } = PUBLISHED_SAMPLE;
  const rules = Object.entries(mapping).map(([attribute, field]) => `${attribute} → ${field}`);
  print(`  ${pc.dim('mapping')}  ${rules.slice(0, 2).join(', ')},`);
  print(`           ${rules.slice(2).join(', ')}`);
  print(`  ${pc.dim('filters')}  department ${filters.department.join(' or ')}, accounts that are enabled`);
  return stack;
}

async function preview({ stack, runs, handMade, problems }: Memory): Promise<void> {
  printTitle('1  A dry run: what would be done?');
  const step = await runStep(stack, 'Dry run', { mode: 'full', dryRun: true });
  runs.push(step);
  const { created = 0, adopted = 0, skipped = 0 } = step.run.counts;
  printDone(`planned in ${seconds(step.durationMs)}: ${created} to create, ${adopted} to adopt, ${skipped} to skip`);
  if (step.traffic.writes > 0 || !sameAccount(handMade, stack.messageMedia.account.snapshot())) {
    problems.push('The dry run wrote to MessageMedia.');
  } else {
    printDone('written to MessageMedia: nothing');
  }
}

async function firstSync(memory: Memory) {
  const { stack, runs, problems } = memory;
  printTitle('2  The first sync');
  const { created = 0, adopted = 0 } = runs[0]?.run.counts ?? {};
  const step = await runStep(stack, 'First sync', { mode: 'delta' }, created + adopted);
  runs.push(step);
  expectState(memory, step, 'completed');
  const { counts } = step.run;
  printDone(
    `${step.run.state} in ${seconds(step.durationMs)}: ${counts['created']} created, ${counts['adopted']} adopted`,
  );
  const skipped = await stack.api.listRecords(step.run.runId, { outcome: 'skipped' });
  const users = stack.entra.admin.users();
  problems.push(...judgeAccount(evidenceOf(memory), wantedPeople(users, PUBLISHED_SAMPLE)));
  return {
    skipped,
    afterFirst: stack.messageMedia.account.snapshot(),
    formerPeople: wantedPeople(users, PUBLISHED_SAMPLE),
  };
}

async function changes(memory: Memory): Promise<void> {
  const { stack, runs, problems } = memory;
  printTitle('3  The directory changes');
  const made = changeDirectory(stack.entra.admin);
  for (const { who, what } of made) print(`  • ${pc.bold(who)} ${what}`);
  printTitle('4  The next sync carries exactly that');
  const toWrite = made.filter(({ operation }) => operation === 'create' || operation === 'update').length;
  const step = await runStep(stack, 'Changes', { mode: 'delta' }, toWrite);
  runs.push(step);
  expectState(memory, step, 'completed');
  const records = await stack.api.listRecords(step.run.runId, { reveal: true });
  const names = new Map(stack.entra.admin.users().map((user) => [user.id, String(user['displayName'])]));
  printRecords(records, (personId) => names.get(personId) ?? personId);
  printDone(`${step.run.state} in ${seconds(step.durationMs)}: ${count(records.length, 'change')}, and nothing else`);
  problems.push(...judgeChanges(made, records));
}

async function accident(memory: Memory): Promise<void> {
  const { stack, runs, problems } = memory;
  printTitle('5  An accident: somebody deletes every account of the directory');
  const before = stack.messageMedia.account.snapshot();
  const restore = deleteEverybody(stack.entra.admin);
  const step = await runStep(stack, 'Accident', { mode: 'delta' });
  runs.push(step);
  expectState(memory, step, 'held');
  const { counts, holds, planHash = '', runId } = step.run;
  printWarning(
    `${step.run.state} in ${seconds(step.durationMs)}: ${counts['held']} removals wait for somebody's approval`,
  );
  printTable(
    [{ title: 'Held by' }, { title: 'List' }, ...rightColumns('operations', 'limit', 'managed before')],
    holds.map(({ rule, list = '', operations, limit, members }) => [rule, list, operations, limitText(limit), members]),
  );
  await stack.api.reject(runId, planHash);
  restore();
  if (sameAccount(before, stack.messageMedia.account.snapshot()))
    printDone('not one contact was touched; the plan is rejected');
  else problems.push('The accident changed the account.');
}

async function recovery(memory: Memory): Promise<void> {
  printTitle('6  The accounts are restored');
  const step = await runStep(memory.stack, 'Recovery', { mode: 'delta' });
  memory.runs.push(step);
  expectState(memory, step, 'completed');
  const { counts } = step.run;
  printDone(`${step.run.state} in ${seconds(step.durationMs)}: ${counts['unchanged']} unchanged, nothing to write`);
  if (step.traffic.writes > 0) memory.problems.push('The run after the recovery wrote to MessageMedia.');
}

async function optOut(memory: Memory): Promise<void> {
  const { stack, runs, problems } = memory;
  const { account } = stack.messageMedia;
  printTitle('7  Somebody replies STOP, and a colleague gets the phone');
  const { keyBits } = await stack.api.installWebhook();
  printDone(`MessageMedia tells the app of opt-outs, signed with ${keyBits} bits and with a secret`);
  const { personId, who } = optingOut(stack.entra.admin);
  const number = numberOf(account, personId);
  const [delivered] = await account.replyStop(number);
  if (delivered?.status !== 202) problems.push(`The opt-out was answered with ${delivered?.status}.`);
  printDone(`${who} replies STOP; the app has it in its ledger`);
  const to = passPhoneOn(stack.entra.admin);
  const step = await runStep(stack, 'Opt-out', { mode: 'delta' }, 2);
  runs.push(step);
  expectState(memory, step, 'completed');
  const states = numberOf(account, to.personId) === number ? stateOf(account, number) : [];
  if (states.length === 1 && states[0] === 'UNSUBSCRIBED') {
    printDone(`${to.who} has the number in ${seconds(step.durationMs)}, and it stays unsubscribed`);
  } else problems.push(`A number that opted out is ${states.join(', ') || 'on no contact'}.`);
}

function conclude(memory: Memory, { skipped, afterFirst, formerPeople }: Awaited<ReturnType<typeof firstSync>>): void {
  const { stack, runs, handMade, problems } = memory;
  printTitle('What happened');
  printRuns(runs);
  const first = runs[1];
  if (first !== undefined) printSkipped(first.run, skipped);
  printTitle('The account, read back and compared with an oracle that shares no code with the app');
  const evidence = evidenceOf(memory);
  printLists({ start: handMade, afterFirst, end: evidence.account, expected: expectedSizes(evidence) });
  const joined = wantedPeople(evidence.users, PUBLISHED_SAMPLE);
  const verdict = judgeAccount(evidence, [...formerPeople, ...joined]);
  problems.push(...verdict, ...stack.irregularities());
  if (verdict.length === 0) printDone('every contact, field and list membership is what the directory asks for');
  if (stack.irregularities().length > 0) return;
  const requests = stack.messageMedia.requests.length;
  printDone(`all ${requests} calls to MessageMedia and their answers keep to the vendor's contract`);
}

function evidenceOf({ stack, handMade }: Memory) {
  const account = stack.messageMedia.account.snapshot();
  return { users: stack.entra.admin.users(), sync: PUBLISHED_SAMPLE, account, handMade };
}

function expectState({ problems }: Memory, { name, run }: FinishedRun, state: string): void {
  if (run.state !== state) problems.push(`The run "${name}" ended as ${run.state} instead of ${state}.`);
}

function limitText(limit: number): string {
  return limit > 0 && limit < 1 ? `${Math.round(limit * 100)} %` : String(limit);
}

function rightColumns(...titles: readonly string[]) {
  return titles.map((title) => ({ title, align: 'right' as const }));
}

await runCommand(demo);
