import { readFileSync } from 'node:fs';
import { app } from '@azure/functions';
import { connectNeighbours } from './connect-neighbours.ts';
import { loadConfiguration } from './load-config.ts';
import { createServices } from './services.ts';
import { trustsEasyAuth } from './setting-rules.ts';
import { listTriggers } from './triggers.ts';
import type { Trigger } from './triggers.ts';
import { USE_CASES } from './use-cases.ts';

/** The app setting, or the group of settings with this prefix, that names the storage account. */
const STORAGE = 'AzureWebJobsStorage';

const services = createServices({
  useCases: USE_CASES,
  trustsEasyAuth: trustsEasyAuth(process.env),
  loadConfiguration: () => loadConfiguration(process.env, (path) => readFileSync(path, 'utf8')),
  connectNeighbours,
});

for (const trigger of listTriggers(services, process.env)) register(trigger);

/** A timer never runs on start-up: with every instance that starts, it would run again. */
function register(trigger: Trigger): void {
  if (trigger.kind === 'timer') {
    app.timer(trigger.name, { schedule: trigger.schedule, handler: trigger.handler });
  } else if (trigger.kind === 'http') {
    const { method, route, authLevel, handler } = trigger;
    app.http(trigger.name, { methods: [method], route, authLevel, handler });
  } else {
    app.storageQueue(trigger.name, { queueName: trigger.queueName, connection: STORAGE, handler: trigger.handler });
  }
}
