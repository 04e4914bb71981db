import { userId } from '../support/story-people.ts';
import { editAccount } from './account-deeds.ts';
import type { FaultName } from './fault-names.ts';
import type { Deed, Department } from './history.ts';
import {
  approvePlan,
  cancel,
  decide,
  pauseTicks,
  replyStop,
  resumeTicks,
  startByHand,
  startTwice,
} from './operators.ts';
import { named, numberOf, somebody } from './people.ts';
import { fire, OTHER_TENANT, TENANT } from './sim.ts';
import type { Sim } from './sim.ts';

const DAY_MS = 86_400_000;

/** Does what somebody does in the directory, in the account or to the app. What cannot be done any more is left. */
export function doDeed(sim: Sim, deed: Deed): void {
  sim.tell(() => `meanwhile: ${JSON.stringify(deed)}`);
  const fault = editDirectory(sim, deed) ?? editAccount(sim, deed) ?? changeWeather(sim, deed) ?? changeApp(sim, deed);
  if (fault !== undefined) fire(sim, fault);
  sim.watch.somethingChanged();
}

function userOf(sim: Sim, n: number): Readonly<Record<string, unknown>> | undefined {
  return sim.directory.admin.users().find(({ id }) => id === userId(n));
}

function update(sim: Sim, n: number, attributes: Readonly<Record<string, unknown>>): boolean {
  if (userOf(sim, n) === undefined) return false;
  sim.directory.admin.updateUser(userId(n), attributes);
  sim.watch.personChanged(userId(n));
  return true;
}

function editDirectory(sim: Sim, deed: Deed): FaultName | undefined {
  const { admin } = sim.directory;
  switch (deed.do) {
    case 'join':
      if (sim.watch.isKnown(userId(deed.n))) return undefined;
      admin.createUser(somebody(deed.n, deed.number, deed.department));
      sim.watch.personChanged(userId(deed.n));
      return 'joiner';
    case 'move':
      return update(sim, deed.n, { department: deed.department }) ? 'mover' : undefined;
    case 'rename':
      return update(sim, deed.n, named(deed.n, deed.name)) ? 'rename' : undefined;
    case 'renumber':
      return update(sim, deed.n, { mobilePhone: numberOf(deed.number) }) ? 'number changed' : undefined;
    case 'swap':
    case 'hand-over':
      return passOn(sim, deed.n, deed.to, deed.do);
    case 'disable':
    case 'enable':
      if (!update(sim, deed.n, { accountEnabled: deed.do === 'enable' })) return undefined;
      return deed.do === 'disable' ? 'account disabled' : 'leaver';
    case 'delete':
    case 'delete-for-good':
    case 'restore':
      return comeOrGo(sim, deed.n, deed.do);
    case 'everybody':
      return changeEverybody(sim, deed.change);
    default:
      return undefined;
  }
}

function passOn(sim: Sim, n: number, to: number, how: 'swap' | 'hand-over'): FaultName | undefined {
  const [giver, taker] = [userOf(sim, n), userOf(sim, to)];
  if (giver === undefined || taker === undefined || n === to) return undefined;
  update(sim, to, { mobilePhone: giver['mobilePhone'] ?? null });
  update(sim, n, { mobilePhone: how === 'swap' ? (taker['mobilePhone'] ?? null) : null });
  return how === 'swap' ? 'number swapped' : 'number handed over';
}

function comeOrGo(sim: Sim, n: number, how: 'delete' | 'delete-for-good' | 'restore'): FaultName | undefined {
  const { admin } = sim.directory;
  const id = userId(n);
  const state = sim.watch.presenceOf(id);
  if (how === 'restore' ? state !== 'bin' : state !== 'present' && (how === 'delete' || state !== 'bin')) {
    return undefined;
  }
  // A removal that a slow replica never shows would be lost for good.
  show(sim, id);
  if (how === 'restore') admin.restore(id);
  else if (how === 'delete') admin.softDelete(id);
  else admin.hardDelete(id);
  sim.watch.personChanged(id, how === 'restore' ? 'present' : how === 'delete' ? 'bin' : 'gone');
  if (how === 'restore') return 'restored';
  fire(sim, 'leaver');
  return how === 'delete' ? 'deleted softly' : 'deleted for good';
}

const NEXT: Readonly<Record<Department, Department>> = { Sales: 'Support', Support: 'Sales', Finance: 'Sales' };

function changeEverybody(sim: Sim, change: 'leaves' | 'no-phone' | 'other-department'): FaultName {
  for (const user of sim.directory.admin.users()) {
    const n = Number(user.id.slice(-12));
    if (change === 'leaves') comeOrGo(sim, n, 'delete');
    else if (change === 'no-phone') update(sim, n, { mobilePhone: null });
    else update(sim, n, { department: NEXT[user['department'] as Department] ?? 'Sales' });
  }
  if (change === 'leaves') return 'mass removal';
  return change === 'no-phone' ? 'all phones empty' : 'all departments changed';
}

function changeWeather(sim: Sim, deed: Deed): FaultName | undefined {
  const { weather, directory } = sim;
  switch (deed.do) {
    case 'hide':
    case 'short-read': {
      const id = userId(deed.n);
      if (userOf(sim, deed.n) === undefined) return undefined;
      hide(sim, id, deed.forMs);
      if (deed.do === 'short-read') weather.missing.add(id);
      return deed.do === 'hide' ? 'replica lag' : 'short read';
    }
    case 'empty-directory':
      for (const { id } of directory.admin.users()) {
        hide(sim, id, deed.forMs);
        weather.missing.add(id);
      }
      return 'empty directory';
    case 'other-tenant':
      weather.tenantId = OTHER_TENANT;
      sim.later(deed.forMs, () => void (weather.tenantId = TENANT));
      return 'another tenant';
    case 'revoke':
      directory.revoke();
      sim.later(deed.forMs, () => directory.restorePermission());
      return undefined;
    case 'expire-tokens':
      directory.admin.expireTokens(deed.mode);
      if (deed.mode === 'badlyFormed') return 'resync: badly formed token';
      return deed.mode === 'gone' ? 'resync: gone' : 'resync: syncStateNotFound';
    case 'silence':
      sim.scheduler.passTo(sim.scheduler.now() + deed.days * DAY_MS);
      return deed.days > 7 ? 'token older than seven days' : undefined;
    case 'storm':
      weather.storm = { until: sim.scheduler.now() + deed.forMs, answer: deed.answer };
      return undefined;
    default:
      return undefined;
  }
}

function hide(sim: Sim, id: string, forMs: number): void {
  sim.directory.admin.hide(id);
  sim.watch.personHidden(id);
  sim.later(forMs, () => show(sim, id));
}

/** Everybody and everything the directory kept back is shown again. */
export function show(sim: Sim, id: string): void {
  sim.weather.missing.delete(id);
  if (sim.watch.presenceOf(id) === 'present') sim.directory.admin.show(id);
  sim.watch.personShown(id);
}

function changeApp(sim: Sim, deed: Deed): FaultName | undefined {
  switch (deed.do) {
    case 'configure': {
      const configuration = sim.configurationOf(deed.sync);
      const changed = sim.instances.filter(({ index }) => deed.instance === undefined || index === deed.instance);
      if (changed.every((one) => one.configuration === configuration)) return undefined;
      for (const instance of changed) instance.configuration = configuration;
      const isAgreed = sim.instances.every((one) => one.configuration === configuration);
      return isAgreed ? 'configuration changed' : 'instances disagree on the configuration';
    }
    case 'set-lanes':
      for (const instance of sim.instances) instance.lanes = deed.lanes;
      return 'lane count changed';
    case 'redeploy': {
      const dying = [...sim.workers].filter(({ instance }) => instance.index === deed.instance);
      for (const worker of dying) worker.die(0);
      return dying.some(({ lane }) => lane !== undefined) ? 'redeploy in mid-batch' : undefined;
    }
    case 'start':
      startByHand(sim, deed.mode, deed.dryRun);
      return deed.dryRun ? 'dry run' : undefined;
    case 'reply-stop':
      replyStop(sim, deed.number);
      return 'opt-out';
    case 'start-twice':
      startTwice(sim);
      return 'started twice under one key';
    case 'approve':
    case 'reject':
      decide(sim, deed.do);
      return undefined;
    case 'approve-plan':
      return approvePlan(sim) ? 'plan of a dry run approved' : undefined;
    case 'cancel':
      return cancel(sim) ? 'cancelled' : undefined;
    case 'pause-sync':
      pauseTicks(sim);
      sim.later(deed.forMs, () => resumeTicks(sim));
      return 'paused';
    default:
      return undefined;
  }
}
