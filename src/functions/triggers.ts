import type { HttpHandler, StorageQueueHandler, TimerHandler } from '@azure/functions';
import { createAdvanceRunPoison } from './advance-run-poison.ts';
import { createAdoptAccount } from './adopt-account.ts';
import { createAdvanceRun } from './advance-run.ts';
import { createApproveRun } from './approve-run.ts';
import { createCancelRun } from './cancel-run.ts';
import { createErasePerson } from './erase-person.ts';
import { createGetOpenApi } from './get-openapi.ts';
import { createGetPerson } from './get-person.ts';
import { createGetRun } from './get-run.ts';
import { createGetStatus } from './get-status.ts';
import { createHealth } from './health.ts';
import { HTTP_ROUTES } from './http-routes.ts';
import type { HttpFunctionName, HttpRoute } from './http-routes.ts';
import { createInstallWebhook, createVerifyWebhook } from './install-webhook.ts';
import { createListRunRecords } from './list-run-records.ts';
import { createListRuns } from './list-runs.ts';
import { createLookupPerson } from './lookup-person.ts';
import { createPauseSync, createResumeSync } from './pause-sync.ts';
import { createProcessBatchPoison } from './process-batch-poison.ts';
import { createProcessBatch } from './process-batch.ts';
import { createReceiveWebhook } from './receive-webhook.ts';
import { createRejectRun } from './reject-run.ts';
import { createScheduleSync } from './schedule-sync.ts';
import type { Services } from './services.ts';
import { createStartRun } from './start-run.ts';
import { tickSchedule } from './tick-schedule.ts';

/** One Azure function as data: what index.ts registers and tests look at. */
export type Trigger =
  | { readonly kind: 'timer'; readonly name: string; readonly schedule: string; readonly handler: TimerHandler }
  | ({ readonly kind: 'http'; readonly name: HttpFunctionName; readonly handler: HttpHandler } & HttpRoute)
  | {
      readonly kind: 'queue';
      readonly name: string;
      readonly queueName: string;
      readonly handler: StorageQueueHandler;
    };

/** Every function of the app. Settings are not looked at, save the tick, so that an app with invalid ones still answers why. */
export function listTriggers(
  services: Services,
  env: Readonly<Record<string, string | undefined>>,
): readonly Trigger[] {
  return [
    timer('schedule-sync', tickSchedule(env['SYNC_TICK']), createScheduleSync(services)),

    http('start-run', createStartRun(services)),
    http('list-runs', createListRuns(services)),
    http('get-run', createGetRun(services)),
    http('list-run-records', createListRunRecords(services)),
    http('approve-run', createApproveRun(services)),
    http('reject-run', createRejectRun(services)),
    http('cancel-run', createCancelRun(services)),
    http('get-person', createGetPerson(services)),
    http('lookup-person', createLookupPerson(services)),
    http('erase-person', createErasePerson(services)),
    http('adopt-account', createAdoptAccount(services)),
    http('pause-sync', createPauseSync(services)),
    http('resume-sync', createResumeSync(services)),
    http('install-webhook', createInstallWebhook(services)),
    http('verify-webhook', createVerifyWebhook(services)),
    http('receive-webhook', createReceiveWebhook(services)),
    http('get-status', createGetStatus(services)),
    http('get-openapi', createGetOpenApi(services)),
    http('health', createHealth()),

    queue('advance-run', 'sync-runs', createAdvanceRun(services)),
    queue('process-batch', 'sync-batches', createProcessBatch(services)),
    queue('advance-run-poison', 'sync-runs-poison', createAdvanceRunPoison(services)),
    queue('process-batch-poison', 'sync-batches-poison', createProcessBatchPoison(services)),
  ];
}

function timer(name: string, schedule: string, handler: TimerHandler): Trigger {
  return { kind: 'timer', name, schedule, handler };
}

function http(name: HttpFunctionName, handler: HttpHandler): Trigger {
  return { kind: 'http', name, ...HTTP_ROUTES[name], handler };
}

function queue(name: string, queueName: string, handler: StorageQueueHandler): Trigger {
  return { kind: 'queue', name, queueName, handler };
}
