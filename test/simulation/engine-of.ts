import { selectOf } from '../../src/core/config/attributes.ts';
import { fingerprintOf } from '../../src/core/config/fingerprint.ts';
import { parseSyncConfig } from '../../src/core/config/parse.ts';
import { EVENTS } from '../../src/core/events.ts';
import type { Log } from '../../src/core/ports.ts';
import type { Engine } from '../../src/core/run/engine.ts';
import { createTestDigest } from '../support/test-digest.ts';
import { bookOf, directoryOf } from './calls.ts';
import { queueOf, tablesOf } from './effects.ts';
import type { SyncSection } from './history.ts';
import { violate } from './sim.ts';
import type { Configuration, Sim, Worker } from './sim.ts';
import { turn } from './worker.ts';

const DIGEST = createTestDigest();
const KNOWN = new Map<string, Configuration>();

/** Parsed once for all histories: there are few of them. */
export function readConfiguration(section: SyncSection): Configuration {
  const text = JSON.stringify({ sync: section });
  const known = KNOWN.get(text);
  if (known !== undefined) return known;
  const reading = parseSyncConfig(JSON.stringify({ sync: writtenOut(section) }), 'simulation');
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  const { config } = reading;
  const configuration = { section, config, fingerprint: fingerprintOf(config, DIGEST), select: selectOf(config) };
  KNOWN.set(text, configuration);
  return configuration;
}

/** The section as the engine reads it: with owners, the mapping in the long form. */
function writtenOut({ owners, ...section }: SyncSection): SyncSection {
  if (owners === undefined) return section;
  const mapping = Object.entries(section['mapping'] as Readonly<Record<string, string>>).map(([from, to]) => ({
    to,
    from,
    ...(owners as Readonly<Record<string, object>>)[to],
  }));
  return { ...section, mapping };
}

/** The engine as the worker's instance builds it: its configuration, its clock, and ports on which every step is seen. */
export function engineOf(sim: Sim, worker: Worker, log: Log): Engine {
  const { instance } = worker;
  const { config, fingerprint, select } = worker.configuration;
  return {
    config,
    fingerprint,
    select,
    tenantId: sim.weather.tenantId,
    lanes: instance.lanes,
    directory: directoryOf(sim, worker),
    contactBook: bookOf(sim, worker),
    tables: tablesOf(sim, worker),
    queue: queueOf(sim, worker),
    clock: {
      now: () => sim.scheduler.now() + instance.skewMs,
      async sleep(ms) {
        sim.watch.slept(worker.name, ms);
        await turn(sim, worker, ms);
      },
    },
    digest: DIGEST,
    ids: {
      next() {
        const id = sim.nextId();
        worker.ids.add(id);
        return id;
      },
    },
    log: {
      event(name, fields) {
        sim.watch.logged(name, JSON.stringify(fields));
        const { success, error } = EVENTS[name].fields.safeParse(fields);
        if (!success) violate(sim, 'defect', `the event ${name} is not as the catalogue has it: ${error.message}`);
        log.event(name, fields);
      },
    },
    accountKeyHash: () => Promise.resolve(DIGEST.hash('memory-key')),
    pseudonymFingerprint: 'pseudonym-1',
  };
}
