import type { EntraGraph } from '../../../local/entra-graph/entra-graph.ts';
import type { Directory } from '../../../src/core/ports.ts';
import { createTraffic } from '../../../src/core/traffic.ts';
import type { Traffic } from '../../../src/core/traffic.ts';
import { anImpatientClock, aScope, failureOf } from '../../support/neighbour-calls.ts';
import type { CountingScope, ImpatientClock } from '../../support/neighbour-calls.ts';
import { aDirectory, aTenant, SELECT } from './tenant-under-test.ts';

const GRAPH = { path: /^\/v1\.0\// };

let tenant: EntraGraph;
let clock: ImpatientClock;
let directory: Directory;
let scope: CountingScope;
let events: unknown[][];
let traffic: Traffic;

beforeEach(async () => {
  tenant = await aTenant();
  clock = anImpatientClock();
  events = [];
  traffic = createTraffic();
  directory = aDirectory(tenant, { clock, meter: traffic, log: { event: (...event) => void events.push(event) } });
  scope = aScope();
});

afterEach(async () => {
  await tenant.close();
  expect(tenant.failures).toEqual([]);
});

const graphRequests = () => tenant.requests.filter(({ path }) => GRAPH.path.test(path));

describe('a storm at Graph', () => {
  it('is met with two calls’ tries; afterwards neither Graph nor Entra ID is asked', async () => {
    tenant.faults.add({ match: GRAPH, do: { status: 503 } });

    const errors = [];
    for (let call = 0; call < 2; call += 1) errors.push(await failureOf(directory.check(scope)));
    const asked = tenant.requests.length;
    for (let call = 0; call < 20; call += 1) errors.push(await failureOf(directory.check(scope)));

    expect(graphRequests()).toHaveLength(10);
    expect(tenant.requests).toHaveLength(asked);
    expect(scope.attempts).toBe(10);
    expect(errors.map(({ failure }) => failure)).toEqual(Array(22).fill('unavailable'));
    expect(errors.at(-1)?.detail.retryAfterMs).toBeGreaterThan(0);
    expect(traffic.drain()).toEqual([
      expect.objectContaining({ neighbour: 'entra', throttled: 0, failed: 0 }),
      expect.objectContaining({ neighbour: 'graph', calls: 10, throttled: 0, failed: 10 }),
    ]);
    expect(events).toEqual([['neighbour.degraded', { neighbour: 'graph', failure: 'unavailable', delayMs: 5_000 }]]);
  });

  it('leaves nobody out once it is over', async () => {
    const ids = Array.from({ length: 5 }, (_, index) => tenant.admin.createUser({ displayName: `Person ${index}` }));
    const storm = tenant.faults.add({ match: GRAPH, do: 'drop' });
    for (let call = 0; call < 3; call += 1) await failureOf(directory.readPeople(ids, SELECT, scope));
    storm.remove();
    await clock.sleep(60_000);

    const people = await directory.readPeople(ids, SELECT, scope);

    expect([...people.keys()]).toEqual(ids);
    expect(events.map(([name]) => name)).toEqual(['neighbour.degraded', 'neighbour.recovered']);
  });

  it('is not made of one person who is always answered with 503 inside a batch', async () => {
    const ids = Array.from({ length: 3 }, (_, index) => tenant.admin.createUser({ displayName: `Person ${index}` }));
    tenant.faults.add({ match: { path: new RegExp(ids[0] ?? '') }, do: { status: 503 } });

    for (let call = 0; call < 4; call += 1) await failureOf(directory.readPeople(ids, SELECT, scope));

    expect(events).toEqual([]);
    expect((await directory.readPeople(ids.slice(1), SELECT, scope)).size).toBe(2);
  });
});
